// `d2l generate`: continues a prompt with a language model, token by token as they come.
import { setImmediate } from 'node:timers/promises';
import { loadTextGenerator } from '@d2lts/attention';
import { useBackend } from '@d2lts/core';
import type { GenerateOptions } from '@d2lts/rnn';
import { Command } from 'commander';
import { shippedModel } from '../defaultModel.ts';
import { noRepeatNgram, number, positiveNumber, seed, share, wholeNumber } from './arguments.ts';

interface GenerateFlags {
  model?: string;
  prompt?: string;
  temperature?: number;
  topK?: number;
  topP?: number;
  minP?: number;
  repetitionPenalty?: number;
  noRepeatNgram?: number;
  seed?: number;
  maxTokens?: number;
  json?: boolean;
}

/** The `generate` verb. */
export function generateCommand(): Command {
  return new Command('generate')
    .description('Write text with a language model: a prompt is continued, token by token as they come.')
    .option('--model <dir>', 'model folder (default: the Shakespeare model that ships with d2l)')
    .option('--prompt <text>', "the text to go on from (default: the model's own)")
    .option(
      '--temperature <x>',
      'below 1 is bolder, above 1 more varied, 0 takes the likeliest token',
      number,
    )
    .option('--top-k <n>', 'only the n likeliest tokens', wholeNumber)
    .option('--top-p <x>', 'only the likeliest tokens with this probability in sum', share)
    .option('--min-p <x>', "only tokens with at least this share of the likeliest one's probability", share)
    .option('--repetition-penalty <x>', 'above 1 makes tokens that were used less likely', positiveNumber)
    .addOption(noRepeatNgram())
    .option('--seed <n>', 'seeds the draws (default: 0)', seed)
    .option('--max-tokens <n>', 'tokens to add (default: 200)', wholeNumber)
    .option('--json', 'one object a line for each token, then one with the whole text')
    .addHelpText('after', '\nExample:\n  $ d2l generate --prompt "ROMEO:" --temperature 0.7 --seed 3')
    .action(generate);
}

async function generate(flags: GenerateFlags): Promise<void> {
  await useBackend();
  const generator = await loadTextGenerator(flags.model ?? shippedModel('shakespeare-lstm'));
  const { prompt, json } = flags;
  try {
    const stream = generator.stream(prompt, generateOptions(flags));
    const print = (text: string) => void process.stdout.write(text);
    let shown = prompt ?? generator.config.generation.prompt;
    for (;;) {
      const next = await stream.next();
      if (next.done) {
        const { value } = next;
        if (json)
          print(
            `${JSON.stringify({ prompt: value.prompt, text: value.text, tokens: value.tokens.length })}\n`,
          );
        else print(`${shown}${value.rest}\n`);
        return;
      }
      if (json) print(`${JSON.stringify(next.value)}\n`);
      else print(shown + next.value.text);
      shown = '';
      await setImmediate(); // a closed pipe is noticed between two tokens
    }
  } finally {
    generator.dispose();
  }
}

function generateOptions(flags: GenerateFlags): GenerateOptions {
  const names = [
    'temperature',
    'topK',
    'topP',
    'minP',
    'repetitionPenalty',
    'noRepeatNgram',
    'seed',
    'maxTokens',
  ] as const;
  return Object.fromEntries(
    names.filter((name) => flags[name] !== undefined).map((name) => [name, flags[name]]),
  );
}
