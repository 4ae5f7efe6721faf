// The sentence pairs of a translation recipe: a set by name, or a file of the user's.
import {
  DataError,
  type Fingerprint,
  type SentencePair,
  type SplitPairs,
  fingerprint,
  loadTranslation,
  orderedJson,
  readTabPairs,
  splitPairs,
  splitPosition,
} from '@d2lts/core';
import type { TranslationRecipe } from '../recipe/translation.ts';

/** Pairs in parts, and where they come from. */
export interface TranslationPairs extends SplitPairs {
  name: string;
  source: string;
  target: string;
  licence: string;
  attribution?: string;
}

type Wanted = TranslationRecipe['data'];

/** Loads what a recipe names. @throws DataError when it cannot be read or has too few sentences */
export async function loadPairs(wanted: Wanted): Promise<TranslationPairs> {
  const { set, file, source, target, fallback, folder, licence = 'not stated' } = wanted;
  if (set !== undefined)
    return loadTranslation(set, {
      source,
      target,
      fallback,
      ...(folder === undefined ? {} : { path: folder }),
    });
  return { name: file!, source, target, licence, ...splitExactly(await readTabPairs(file!), wanted) };
}

/** Of all pairs, part by part. */
export function pairsFingerprint({ name, train, valid, test }: TranslationPairs): Fingerprint {
  return fingerprint(name, lines([train, valid, test]));
}

function* lines(parts: readonly (readonly object[])[]): Generator<string> {
  for (const part of parts) {
    for (const pair of part) yield `${orderedJson(pair)}\n`;
    yield '\n';
  }
}

/** Parts of exactly the shares of the source sentences that are asked for, at least one sentence each. */
export function splitExactly(
  pairs: readonly SentencePair[],
  { valid = 0.05, test = 0.05 }: Pick<Wanted, 'valid' | 'test'>,
): SplitPairs {
  const positions = [...new Set(pairs.map(({ source }) => splitPosition(source)))].sort((a, b) => a - b);
  const count = (share: number) => (share === 0 ? 0 : Math.max(1, Math.round(share * positions.length)));
  const [tests, valids] = [count(test), count(valid)];
  if (positions.length <= tests + valids) {
    throw new DataError({
      operation: 'd2l train',
      fact: `the pairs must have more than ${tests + valids} different source sentences, to train on some and hold out others`,
      value: positions.length,
      advice: 'add pairs',
      argument: 'data.file',
    });
  }
  const shares = { test: positions[tests]!, valid: positions[tests + valids]! - positions[tests]! };
  return splitPairs(pairs, shares);
}
