// `d2l evaluate`: corpus scores of a model with their signatures.
import { Translator } from '@d2lts/attention';
import { DataError, loadTranslation, useBackend } from '@d2lts/core';
import { Command } from 'commander';
import { defaultModel } from '../defaultModel.ts';
import { readLinesOf } from '../input.ts';
import { evaluateTranslator } from '../train/evaluateTranslator.ts';
import { lowercaseLabel } from '../train/scoreCorpus.ts';
import { number, wholeNumber } from './arguments.ts';

interface EvaluateFlags {
  model?: string;
  source?: string;
  reference: string[];
  data?: string;
  beam?: number;
  alpha?: number;
  batch: number;
  limit?: number;
  json?: boolean;
}

/** The `evaluate` verb. */
export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description("Translate a corpus and score it with sacreBLEU's BLEU and chrF.")
    .option('--model <dir>', 'model folder (default: the English-French model that ships with d2l)')
    .option('--source <file>', 'sentences to translate, one a line')
    .option(
      '--reference <file>',
      'their translations, line by line; may be repeated for several references',
      collect,
      [],
    )
    .option('--data <set>', 'instead of files: the test split of a data set, for instance fra-eng')
    .option('--beam <n>', "hypotheses kept at a time (default: the model's)", wholeNumber)
    .option('--alpha <x>', "exponent of the length normalisation (default: the model's)", number)
    .option('--batch <n>', 'sentences that go through the model together', wholeNumber, 32)
    .option('--limit <n>', 'only the first n sentences', wholeNumber)
    .option('--json', 'one JSON object')
    .action(evaluate);
}

async function evaluate(flags: EvaluateFlags, command: Command): Promise<void> {
  const files = flags.source !== undefined || flags.reference.length > 0;
  if (files === (flags.data !== undefined)) command.error('give either --source and --reference, or --data');
  if (files && (flags.source === undefined || flags.reference.length === 0)) {
    command.error('--source and --reference belong together');
  }
  await useBackend();
  const translator = await Translator.load(flags.model ?? defaultModel());
  const all = flags.data === undefined ? await fromFiles(flags) : await fromData(flags.data, translator);
  const sentences = all.slice(0, flags.limit);
  const start = performance.now();
  const scores = await evaluateTranslator(translator, sentences, {
    batchSize: flags.batch,
    ...(flags.beam === undefined ? {} : { beamSize: flags.beam }),
    ...(flags.alpha === undefined ? {} : { alpha: flags.alpha }),
  });
  const seconds = (performance.now() - start) / 1000;
  translator.dispose();
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ ...scores, seconds })}\n`);
    return;
  }
  const rows = [
    ['BLEU', scores.bleu],
    ['BLEU, all references', scores.bleuAllReferences],
    ['chrF', scores.chrf],
    [`BLEU, ${lowercaseLabel(scores.bleuLowercase)}`, scores.bleuLowercase],
  ] as const;
  for (const [label, value] of rows) {
    if (value !== undefined) process.stdout.write(`${label} ${value.score.toFixed(2)}  ${value.signature}\n`);
  }
  process.stdout.write(
    `${scores.sentences} sentences, beam ${scores.decoding.beamSize}, ${seconds.toFixed(1)} s\n`,
  );
}

async function fromData(name: string, { config }: Translator) {
  const { source, target } = config.languages;
  return (await loadTranslation(name, { source, target })).test;
}

async function fromFiles({ source, reference }: EvaluateFlags) {
  const sources = await readLinesOf(source!);
  const references = await Promise.all(reference.map(readLinesOf));
  references.forEach((lines, i) => {
    if (lines.length === sources.length) return;
    throw new DataError({
      operation: 'd2l evaluate',
      fact: `${reference[i]} must have as many lines as ${source}, ${sources.length}`,
      value: lines.length,
      argument: '--reference',
    });
  });
  return sources.map((text, i) => ({ source: text, references: references.map((lines) => lines[i]!) }));
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}
