// `d2l perplexity`: how well a language model predicts a text.
import { loadTextGenerator } from '@d2lts/attention';
import { FormatError, readText, useBackend } from '@d2lts/core';
import { Command } from 'commander';
import { shippedModel } from '../defaultModel.ts';
import { wholeNumber } from './arguments.ts';

interface PerplexityFlags {
  model?: string;
  rows: number;
  json?: boolean;
}

/** The `perplexity` verb. */
export function perplexityCommand(): Command {
  return new Command('perplexity')
    .description('Score how well a language model predicts a text: nats, perplexity, bits.')
    .argument('<file>', 'a UTF-8 text file; - reads standard input')
    .option('--model <dir>', 'model folder (default: the Shakespeare model that ships with d2l)')
    .option(
      '--rows <n>',
      'parts that are read side by side: faster, but each begins without a past',
      wholeNumber,
      1,
    )
    .option('--json', 'one JSON object')
    .addHelpText('after', '\nExample:\n  $ d2l perplexity sonnets.txt')
    .action(perplexity);
}

async function perplexity(file: string, { model, rows, json }: PerplexityFlags): Promise<void> {
  const text = file === '-' ? await readInput() : await readText(file);
  await useBackend();
  const generator = await loadTextGenerator(model ?? shippedModel('shakespeare-lstm'));
  try {
    const score = await generator.score(text, { batchSize: rows });
    if (json) {
      process.stdout.write(`${JSON.stringify(score)}\n`);
      return;
    }
    const { tokens, nats, perplexity: value, bits, bitsPerCharacter, unknown } = score;
    const lines = [
      `${nats.toFixed(4)} nats a token, perplexity ${value.toFixed(3)}`,
      `${bits.toFixed(4)} bits a token, ${bitsPerCharacter!.toFixed(4)} bits a character`,
      `${tokens} tokens predicted${unknown > 0 ? `, ${unknown} of the text's tokens are not in the vocabulary` : ''}`,
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
  } finally {
    generator.dispose();
  }
}

/** All of standard input. @throws FormatError when it is not UTF-8 */
async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    throw new FormatError({ operation: 'd2l perplexity', fact: 'standard input must be UTF-8', cause });
  }
}
