// Word vector files: a word and its values a line, as GloVe and fastText publish them.
import { FormatError } from '@d2lts/core';
import { TokenEmbedding } from './tokenEmbedding.ts';

/**
 * Reads lines `word v1 v2 …`. A first line of two numbers (fastText's header) is passed over; a word may hold spaces, as
 * some of GloVe's do, since the values are counted from the end.
 *
 * Source: the book's `TokenEmbedding._load_embedding` (15.7).
 *
 * @param lines of the file; `readLines` of core streams them
 * @param options.words reads only these
 * @throws FormatError naming the line whose values are too few or no numbers
 */
export async function parseWordVectors(
  lines: Iterable<string> | AsyncIterable<string>,
  { words }: { words?: ReadonlySet<string> } = {},
): Promise<TokenEmbedding> {
  const tokens: string[] = [];
  const values: number[] = [];
  let dim = 0;
  let number = 0;
  for await (const line of lines) {
    number++;
    const fields = line.trimEnd().split(' ');
    if (number === 1 && fields.length === 2 && fields.every((field) => /^\d+$/.test(field))) continue;
    if (fields.length < 2 && fields[0] === '') continue;
    if (dim === 0) dim = fields.length - 1;
    const word = fields.slice(0, fields.length - dim).join(' ');
    const row = fields.slice(fields.length - dim).map((field) => (field === '' ? NaN : Number(field)));
    if (fields.length <= dim || row.some((value) => !Number.isFinite(value)))
      throw new FormatError({
        operation: 'parseWordVectors',
        fact: `line ${number} must be a word and ${dim} numbers`,
        value: line.slice(0, 80),
        argument: 'lines',
      });
    if (words !== undefined && !words.has(word)) continue;
    tokens.push(word);
    for (const value of row) values.push(value);
  }
  return new TokenEmbedding(tokens, Float32Array.from(values), dim);
}
