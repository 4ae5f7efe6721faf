// The command: checks the arguments, reads the input, scores and prints, in sacreBLEU's order.

import { SacreBleuError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Metric } from '../metrics/metric.ts';
import { pairedTest } from '../significance/paired-test.ts';
import { reprString } from '../text/repr.ts';
import { VERSION } from '../version.ts';
import { parseArguments } from './arguments.ts';
import { painter } from './colors.ts';
import { InputError, UsageError } from './errors.ts';
import type { CliOptions } from './flags.ts';
import { readReferences, readSystems, type System } from './inputs.ts';
import { createMetrics, sortedByName } from './metrics.ts';
import { singleReport, tableReport, type ResultTable } from './reports.ts';
import { echoFields, storedFields, storedTestSets } from './test-sets.ts';
import { helpText, PROGRAM, USAGE } from './usage.ts';

/** Where output goes. */
export interface Streams {
  out: (line: string) => void;
  error: (line: string) => void;
  /** Whether the output is a terminal. */
  terminal: boolean;
}

/** Runs the command; returns the exit code. */
export function main(argv: readonly string[], streams: Streams): number {
  let options: CliOptions;
  try {
    options = parseArguments(argv);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    streams.error(USAGE);
    streams.error(`${PROGRAM}: error: ${error.message}`);
    return 2;
  }
  const format = process.env['SACREBLEU_FORMAT']?.toLowerCase();
  if (format && ['json', 'text', 'latex'].includes(format)) options.format = format;
  const prefix = options.quiet ? '' : 'sacreBLEU: ';
  const logger: Logger = {
    warn: (message) => streams.error(prefix + message),
    info: (message) => {
      if (!options.quiet) streams.error(prefix + message);
    },
  };
  try {
    if (options.help) streams.out(helpText());
    else if (options.version) streams.out(`${PROGRAM} ${VERSION}`);
    else if (options.list) listTestSets(options, streams.out);
    else run(options, streams, logger);
    return 0;
  } catch (error) {
    if (!(error instanceof InputError || error instanceof SacreBleuError)) throw error;
    for (const message of error instanceof InputError ? error.messages : [error.message])
      logger.warn(message);
    return error instanceof InputError ? error.exitCode : 1;
  }
}

function listTestSets(options: CliOptions, out: (line: string) => void): void {
  if (options.testSet === null) {
    out('The available test sets are:');
    storedTestSets().forEach(out);
    return;
  }
  for (const [pair, fields] of storedFields(options.testSet)) {
    if (options.langPair === null || options.langPair === pair) out(`${pair}: ${fields.join(', ')}`);
  }
}

function checkArguments(options: CliOptions): void {
  const { testSet, refs, langPair } = options;
  if (options.sentenceLevel && options.metrics.length > 1)
    throw new InputError(['Only one metric can be used in sentence-level mode.']);
  if (options.numRefs !== 1 && (testSet !== null || refs.length > 1)) {
    throw new InputError([
      'The --num-refs argument allows you to provide any number of tab-delimited references in a single file.',
      'You can only use it with externally provided references, however (i.e., not with `-t`),',
      'and you cannot then provide multiple reference files.',
    ]);
  }
  if (testSet === null && refs.length === 0) {
    throw new InputError([
      'If manual references given, make sure to provide them before the -i/--input argument to avoid confusion.',
      'Otherwise, I need a predefined test set (-t) from the following list:',
      `[${storedTestSets().map(reprString).join(', ')}]`,
    ]);
  }
  if (testSet !== null && refs.length > 0) {
    throw new InputError([
      'I need exactly one of (a) a predefined test set (-t) or (b) a list of references',
    ]);
  }
  if (testSet !== null && langPair === null) {
    throw new InputError([
      'I need a language pair (-l). Use --list to see available language pairs for this test set.',
    ]);
  }
  if (langPair !== null && !langPair.includes('-')) {
    throw new InputError([`The language pair (-l) must be like en-de, got ${reprString(langPair)}.`]);
  }
  if (options.width < 0) throw new InputError([`The width (-w) must not be negative, got ${options.width}.`]);
}

function checkSystems(
  options: CliOptions,
  systems: readonly System[],
  references: readonly string[][],
): void {
  const paired = options.pairedAr || options.pairedBs;
  if (options.sentenceLevel) {
    if (systems.length > 1)
      throw new InputError(['Only one system can be evaluated in sentence-level mode.']);
    if (options.confidence || paired)
      throw new InputError(['Statistical tests are unavailable in sentence-level mode.']);
  }
  if (systems.length === 0) throw new InputError(['No system given to --input (-i).']);
  if (paired && systems.length === 1)
    throw new InputError(['Paired tests require multiple input systems given to --input (-i).']);
  if (systems.length > 1 && options.confidence)
    throw new InputError(['Use paired tests (--paired) for multiple systems.']);
  for (const { lines } of systems) {
    if (lines.length === 0) {
      throw new InputError([
        `Test set ${options.testSet === null ? 'None' : reprString(options.testSet)} contains no sentence`,
      ]);
    }
    if (references.some((stream) => stream.length !== lines.length)) {
      const hint = `This could be an issue with your system output or with the stored test set ${options.testSet}.`;
      throw new InputError([
        'System and reference streams have different lengths.',
        ...(options.testSet === null ? [] : [hint]),
      ]);
    }
  }
}

function run(options: CliOptions, streams: Streams, logger: Logger): void {
  checkArguments(options);
  if (options.echo !== null) {
    if (options.testSet === null || options.langPair === null) {
      throw new InputError(['--echo requires a test set (--t) and a language pair (-l)']);
    }
    for (const testSet of options.testSet.split(','))
      echoFields(testSet, options.langPair, options.echo).forEach(streams.out);
    return;
  }
  if (options.testSet !== null && options.tokenize === 'none') {
    logger.warn(
      "You are turning off BLEU's internal tokenizer presumably to supply your own tokenized files.",
    );
    logger.warn('Published numbers will not be comparable to other papers.');
  }
  const references = readReferences(options, logger.warn);
  const systems = readSystems(options, logger.info);
  checkSystems(options, systems, references);
  const metrics = createMetrics(options, references, logger);
  const paint = painter(streams.terminal && !options.noColor && !process.env['NO_COLOR']);
  if (options.sentenceLevel) sentenceScores(options, systems[0]!.lines, references, metrics[0]!, streams.out);
  else if (systems.length === 1)
    streams.out(singleReport(corpusScores(options, systems[0]!.lines, metrics), options.format, paint));
  else {
    logger.info(`Found ${systems.length} systems.`);
    const table =
      options.pairedAr || options.pairedBs
        ? testSystems(options, systems, metrics, logger)
        : scoreSystems(options, systems, metrics);
    streams.out(tableReport(table, options, paint));
  }
}

function sentenceScores(
  options: CliOptions,
  lines: readonly string[],
  references: readonly string[][],
  metric: Metric,
  out: (line: string) => void,
): void {
  lines.forEach((line, i) => {
    const score = metric.sentenceScore(
      line,
      references.map((stream) => stream[i]),
    );
    out(
      score.format({
        width: options.width,
        scoreOnly: options.scoreOnly,
        signature: score.signature.format(options.short),
      }),
    );
  });
}

function corpusScores(options: CliOptions, lines: readonly string[], metrics: readonly Metric[]): string[] {
  const json = options.format === 'json';
  return sortedByName(metrics).map((metric) => {
    const score = metric.corpusScore(lines, null, {
      nBootstrap: options.confidence ? Math.max(0, options.confidenceN) : 1,
    });
    const signature = score.signature.format(options.short && !json);
    return score.format({ width: options.width, scoreOnly: options.scoreOnly, signature, json });
  });
}

function scoreSystems(
  options: CliOptions,
  systems: readonly System[],
  metrics: readonly Metric[],
): ResultTable {
  const table: ResultTable = {
    systems: systems.map(({ name }) => name),
    metrics: new Map(),
    signatures: new Map(),
  };
  for (const { lines } of systems) {
    for (const metric of sortedByName(metrics)) {
      const score = metric.corpusScore(lines);
      table.signatures.set(score.name, score.signature.format(options.short));
      const row = table.metrics.get(score.name) ?? [];
      table.metrics.set(score.name, [...row, score.format({ width: options.width, scoreOnly: true })]);
    }
  }
  return table;
}

function testSystems(
  options: CliOptions,
  systems: readonly System[],
  metrics: readonly Metric[],
  logger: Logger,
): ResultTable {
  const result = pairedTest({
    systems: systems.map(({ name, lines }) => [name, lines] as const),
    metrics,
    test: options.pairedBs ? 'bs' : 'ar',
    samples: Math.max(0, options.pairedBs ? options.pairedBsN : options.pairedArN),
    logger,
  });
  const signatures = new Map(
    Array.from(result.signatures, ([name, signature]) => [name, signature.format(options.short)]),
  );
  return { systems: result.systems, metrics: result.scores, signatures };
}
