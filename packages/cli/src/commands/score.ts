// `d2l score`: how likely a model finds given translations, token by token (forced decoding).
import { type ScoredTranslation, Translator } from '@d2lts/attention';
import { DataError, useBackend } from '@d2lts/core';
import { Command } from 'commander';
import { defaultModel } from '../defaultModel.ts';
import { readLinesOf } from '../input.ts';

interface ScoreFlags {
  model?: string;
  source: string;
  target: string;
  attention?: boolean;
  json?: boolean;
}

/** The `score` verb. */
export function scoreCommand(): Command {
  return new Command('score')
    .description(
      'Score given translations with a model: the log-probability of each token and in all, in nats.',
    )
    .option('--model <dir>', 'model folder (default: the English-French model that ships with d2l)')
    .requiredOption('--source <file>', 'source sentences, one a line')
    .requiredOption('--target <file>', 'their translations, line by line')
    .option('--attention', 'with --json: the attention of each target token to the source tokens')
    .option(
      '--json',
      "one object a line: source, target, total, mean, tokens, logProbs (the end token's last), sourceTokens",
    )
    .addHelpText(
      'after',
      `
Prints a line a sentence: the total, the mean of a token, and each token with its log-probability.

Example:
  $ d2l score --source english.txt --target french.txt --json`,
    )
    .action(score);
}

async function score(flags: ScoreFlags, command: Command): Promise<void> {
  const { attention = false, json = false } = flags;
  if (attention && !json) command.error('--attention only acts with --json');
  const sources = await readLinesOf(flags.source);
  const targets = await readLinesOf(flags.target);
  if (sources.length !== targets.length) {
    throw new DataError({
      operation: 'd2l score',
      fact: `${flags.target} must have as many lines as ${flags.source}, ${sources.length}`,
      value: targets.length,
      argument: '--target',
    });
  }
  const empty = sources.findIndex((line) => line.trim() === '');
  if (empty >= 0) {
    throw new DataError({
      operation: 'd2l score',
      fact: `line ${empty + 1} of ${flags.source} must not be empty`,
      argument: '--source',
    });
  }
  await useBackend();
  const translator = await Translator.load(flags.model ?? defaultModel());
  try {
    for (const [i, source] of sources.entries()) {
      print(await translator.score(source, targets[i]!, { attention }), json);
    }
  } finally {
    translator.dispose();
  }
}

function print(scored: ScoredTranslation, json: boolean): void {
  const { source, translation, score: mean, tokens, logProbs, sourceTokens, attention } = scored;
  const total = logProbs.reduce((sum, value) => sum + value, 0);
  const line = json
    ? JSON.stringify({ source, target: translation, total, mean, tokens, logProbs, sourceTokens, attention })
    : [
        total.toFixed(4),
        mean.toFixed(4),
        ...logProbs.map((value, i) => `${tokens[i] ?? '(end)'} ${value.toFixed(4)}`),
      ].join('\t');
  process.stdout.write(`${line}\n`);
}
