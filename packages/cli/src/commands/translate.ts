// `d2l translate`: sentences from the arguments or standard input, one a line.
import { type TranslateOptions, type Translation, Translator } from '@d2lts/attention';
import { useBackend } from '@d2lts/core';
import { Command, Option } from 'commander';
import { defaultModel } from '../defaultModel.ts';
import { linesOfStream } from '../input.ts';
import { noRepeatNgram, number, positiveNumber, seed, share, wholeNumber } from './arguments.ts';

interface TranslateFlags {
  model?: string;
  beam?: number;
  nBest?: number;
  alpha?: number;
  lengthPenalty?: 'power' | 'gnmt';
  stop?: 'count' | 'bound';
  minLength?: number;
  maxLength?: number;
  noRepeatNgram?: number;
  repetitionPenalty?: number;
  sample?: boolean;
  temperature?: number;
  topK?: number;
  topP?: number;
  minP?: number;
  seed?: number;
  attention?: boolean;
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
    .addOption(
      new Option(
        '--stop <rule>',
        'when a sentence is done: as many as --beam have ended (count), or none can get better (bound)',
      ).choices(['count', 'bound']),
    )
    .option('--min-length <n>', 'fewest target tokens', wholeNumber)
    .option('--max-length <n>', "most target tokens (default: twice the source's and 10 more)", wholeNumber)
    .addOption(noRepeatNgram())
    .option('--repetition-penalty <x>', 'above 1 makes tokens that were used less likely', positiveNumber)
    .option('--sample', 'draw tokens instead of searching for the likeliest sentence')
    .option('--temperature <x>', 'with --sample: below 1 is bolder, above 1 more varied', positiveNumber)
    .option('--top-k <n>', 'with --sample: only the n likeliest tokens', wholeNumber)
    .option('--top-p <x>', 'with --sample: only the likeliest tokens with this probability in sum', share)
    .option(
      '--min-p <x>',
      "with --sample: only tokens with at least this share of the likeliest one's probability",
      share,
    )
    .option('--seed <n>', 'with --sample: seeds the draws (default: 0)', seed)
    .option('--batch <n>', 'sentences that go through the model together', wholeNumber, 1)
    .option('--attention', 'with --json: source tokens, and the attention of each target token to them')
    .option('--json', 'one object a line: source, translation, score, tokens, alternatives')
    .addHelpText(
      'after',
      '\nExample:\n  $ d2l translate "The cat sleeps."\n  $ d2l translate --beam 8 --json < sentences.txt',
    )
    .action(translate);
}

async function translate(texts: string[], flags: TranslateFlags, command: Command): Promise<void> {
  const used = (names: readonly string[]) => names.find((name) => name in flags);
  const sampling = used(['temperature', 'topK', 'topP', 'minP', 'seed']);
  if (sampling !== undefined && !flags.sample) command.error(`--${kebab(sampling)} only acts with --sample`);
  const beam = used(['beam', 'nBest', 'alpha', 'lengthPenalty', 'stop']);
  if (flags.sample && beam !== undefined) {
    command.error(`--sample and --${kebab(beam)} contradict each other`);
  }
  if (flags.attention && !flags.json) command.error('--attention only acts with --json');
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
  const options: TranslateOptions = {
    batchSize: flags.batch,
    ...given(flags, ['minLength', 'maxLength', 'noRepeatNgram', 'repetitionPenalty', 'attention']),
  };
  if (flags.sample) {
    options.sampling = { seed: flags.seed ?? 0, ...given(flags, ['temperature', 'topK', 'topP', 'minP']) };
    return options;
  }
  Object.assign(options, given(flags, ['alpha', 'lengthPenalty', 'stop']));
  options.beamSize = flags.beam ?? translator.config.decoding.beamSize;
  options.nBest = flags.nBest ?? (flags.json ? options.beamSize : 1);
  return options;
}

function print(result: Translation, json: boolean): void {
  const { source, translation, score, tokens, alternatives, sourceTokens, attention } = result;
  const maps = attention === undefined ? {} : { sourceTokens, attention };
  const line = json
    ? JSON.stringify({ source, translation, score, tokens, alternatives, ...maps })
    : translation;
  process.stdout.write(`${line}\n`);
}

function given<K extends keyof TranslateFlags>(
  flags: TranslateFlags,
  names: readonly K[],
): Pick<TranslateFlags, K> {
  const entries = names.filter((name) => flags[name] !== undefined).map((name) => [name, flags[name]]);
  return Object.fromEntries(entries) as Pick<TranslateFlags, K>;
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
