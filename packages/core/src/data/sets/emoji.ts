// The embedded parallel text: names of emoji in many languages, from the npm package emojibase-data (MIT).
import { createRequire } from 'node:module';
import { ConfigError, adviseName } from '../../errors/index.ts';
import { readText } from '../../files/json.ts';
import { cleanSentence } from './pairs.ts';
import type { SentencePair } from './split.ts';

/** Languages in which emoji names exist. */
export const emojiLanguages =
  'bn da de en es et fi fr hi hu it ja ko lt ms nb nl pl pt ru sv th uk vi zh'.split(' ');

// The letters that flags are made of: not phrases.
const regionalIndicator = /^1F1(E[6-9A-F]|F[0-9A-F])$/;

/** About 1,900 short phrases and their translations, for instance "grinning face" and "visage rieur". */
export async function readEmojiPairs(source: string, target: string): Promise<SentencePair[]> {
  const [sources, targets] = [await names(source, 'source'), await names(target, 'target')];
  const pairs: SentencePair[] = [];
  for (const [code, name] of sources) {
    const translation = targets.get(code);
    if (translation !== undefined) pairs.push({ source: name, target: translation });
  }
  return pairs;
}

async function names(language: string, argument: string): Promise<Map<string, string>> {
  if (!emojiLanguages.includes(language)) {
    throw new ConfigError({
      operation: 'readEmojiPairs',
      fact: `${argument} must be a language of the embedded set`,
      value: language,
      advice: adviseName(language, emojiLanguages),
      argument,
    });
  }
  const path = createRequire(import.meta.url).resolve(`emojibase-data/${language}/compact.json`);
  const result = new Map<string, string>();
  const entries = JSON.parse(await readText(path)) as { hexcode: string; label: string }[];
  for (const { hexcode, label } of entries) {
    if (!regionalIndicator.test(hexcode)) result.set(hexcode, cleanSentence(label));
  }
  return result;
}
