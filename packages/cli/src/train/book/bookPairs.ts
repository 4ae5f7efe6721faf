// The book's translation data: the first pairs of the file, word vocabularies, rows of a fixed length.
import { dataRegistry, readTabPairs } from '@d2lts/core';
import { Vocab, buildArrayNmt, preprocessNmt, tokenizeNmt } from '@d2lts/rnn';
import type { BookTranslationRecipe } from '../../recipe/bookTranslation.ts';

/** A pair as ids, ended by `<eos>` and padded to the fixed length, with the lengths before padding. */
export interface BookRow {
  source: Int32Array;
  sourceLen: number;
  target: Int32Array;
  targetLen: number;
}

/** The book's `load_data_nmt`. */
export interface BookPairs {
  source: Vocab;
  target: Vocab;
  rows: BookRow[];
}

const reservedTokens = ['<pad>', '<bos>', '<eos>'];

/** Reads the first pairs of fra-eng. */
export async function loadBookPairs(data: BookTranslationRecipe['data']): Promise<BookPairs> {
  const { path } = await dataRegistry.locate(data.set, ['fra.txt.gz', 'fra.txt', 'fra-eng.zip']);
  const pairs = (await readTabPairs(path)).slice(0, data.numExamples);
  return bookPairs(
    pairs.map(({ source, target }) => `${source}\t${target}`),
    data,
  );
}

/** The same from lines `source TAB target`. */
export function bookPairs(
  lines: readonly string[],
  { numSteps, minFrequency }: { numSteps: number; minFrequency: number },
): BookPairs {
  const words = tokenizeNmt(preprocessNmt(lines.join('\n')));
  const vocabOf = (side: string[][]) => new Vocab(side, { minFreq: minFrequency, reservedTokens });
  const [source, target] = [vocabOf(words.source), vocabOf(words.target)];
  const from = buildArrayNmt(words.source, source, numSteps);
  const to = buildArrayNmt(words.target, target, numSteps);
  const rows = words.source.map((_, row) => ({
    source: from.ids.slice(row * numSteps, (row + 1) * numSteps),
    sourceLen: from.validLens[row]!,
    target: to.ids.slice(row * numSteps, (row + 1) * numSteps),
    targetLen: to.validLens[row]!,
  }));
  return { source, target, rows };
}
