// `d2l translate`: sentences from the arguments or standard input, one a line.
import { type TranslateOptions, type Translation, Translator } from '@d2lts/attention';
import { useBackend } from '@d2lts/core';
import { Command, Option } from 'commander';
import { defaultModel } from '../defaultModel.ts';
import { linesOfStream } from '../input.ts';
import { number, positiveNumber, wholeNumber } from './arguments.ts';

interface TranslateFlags {
  model?: string;
  beam?: number;
  nBest?: number;
  alpha?: number;
  lengthPenalty?: 'power' | 'gnmt';
  maxLength?: number;
  sample?: boolean;
  temperature?: number;
  topK?: number;
  topP?: number;
  seed?: number;
  batch: number;
  json?: boolean;
}

/** The `translate` verb. */
export function translateCommand(): Command {
  return new Command('translate')
    .description('Translate sentences given as arguments, or lines of standard input.')
    .argument('[text...]', 'sentences; without them standard input is read, a line a sentence')
    .option('--model <dir>', 'model folder (default: the English-French model that ships with d2l)')
    .option('--beam <n>', "hypotheses kept at a time; 1 is greedy search (default: the model's)", wholeNumber)
    .option('--n-best <n>', 'alternatives in --json, at most --beam (default: all)', wholeNumber)
    .option('--alpha <x>', "exponent of the length normalisation (default: the model's)", number)
    .addOption(
      new Option('--length-penalty <form>', 'form of the length normalisation').choices(['power', 'gnmt']),
    )
    .option('--max-length <n>', "most target tokens (default: twice the source's and 10 more)", wholeNumber)
    .option('--sample', 'draw tokens instead of searching for the likeliest sentence')
    .option('--temperature <x>', 'with --sample: below 1 is bolder, above 1 more varied', positiveNumber)
    .option('--top-k <n>', 'with --sample: only the n likeliest tokens', wholeNumber)
    .option(
      '--top-p <x>',
      'with --sample: only the likeliest tokens with this probability in sum',
      positiveNumber,
    )
    .option('--seed <n>', 'with --sample: seeds the draws', number)
    .option('--batch <n>', 'sentences that go through the model together', wholeNumber, 1)
    .option('--json', 'one object a line: source, translation, score, tokens, alternatives')
    .addHelpText(
      'after',
      '\nExample:\n  $ d2l translate "The cat sleeps."\n  $ d2l translate --beam 8 --json < sentences.txt',
    )
    .action(translate);
}

async function translate(texts: string[], flags: TranslateFlags, command: Command): Promise<void> {
  const sampling = ['temperature', 'topK', 'topP', 'seed'].find((name) => name in flags);
  if (sampling !== undefined && !flags.sample) command.error(`--${kebab(sampling)} only acts with --sample`);
  if (flags.sample && flags.beam !== undefined) command.error('--sample and --beam contradict each other');
  await useBackend();
  const translator = await Translator.load(flags.model ?? defaultModel());
  const options = translateOptions(flags, translator);
  const source = texts.length > 0 ? texts : linesOfStream(process.stdin);
  let waiting: string[] = [];
  const flush = async () => {
    for (const result of await translator.translate(waiting, options)) print(result, flags.json ?? false);
    waiting = [];
  };
  for await (const text of source) {
    waiting.push(text);
    if (waiting.length >= flags.batch) await flush();
  }
  await flush();
  translator.dispose();
}

function translateOptions(flags: TranslateFlags, translator: Translator): TranslateOptions {
  const options: TranslateOptions = { batchSize: flags.batch };
  if (flags.maxLength !== undefined) options.maxLength = flags.maxLength;
  if (flags.sample) {
    options.sampling = { seed: flags.seed ?? 0 };
    for (const name of ['temperature', 'topK', 'topP'] as const) {
      if (flags[name] !== undefined) options.sampling[name] = flags[name];
    }
    return options;
  }
  options.beamSize = flags.beam ?? translator.config.decoding.beamSize;
  options.nBest = flags.nBest ?? (flags.json ? options.beamSize : 1);
  if (flags.alpha !== undefined) options.alpha = flags.alpha;
  if (flags.lengthPenalty !== undefined) options.lengthPenalty = flags.lengthPenalty;
  return options;
}

function print({ source, translation, score, tokens, alternatives }: Translation, json: boolean): void {
  const line = json ? JSON.stringify({ source, translation, score, tokens, alternatives }) : translation;
  process.stdout.write(`${line}\n`);
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
