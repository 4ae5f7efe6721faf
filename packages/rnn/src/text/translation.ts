// The book's machine translation data (section 9.5): cleaning, word tokens, padding, arrays.
import { ValueError } from '@d2lts/core';
import type { Vocab } from './vocab.ts';

/** Lower case, plain spaces, and a space before punctuation (`preprocess_nmt`). */
export function preprocessNmt(text: string): string {
  const plain = text.replace(/[\u202f\u00a0]/g, ' ').toLowerCase();
  return plain.replace(/(?<=[^ ])([,.!?])/g, ' $1');
}

/** Words of source and target from lines `source TAB target` (`tokenize_nmt`). */
export function tokenizeNmt(
  text: string,
  numExamples = Infinity,
): { source: string[][]; target: string[][] } {
  const source: string[][] = [];
  const target: string[][] = [];
  for (const line of text.split('\n')) {
    if (source.length >= numExamples) break;
    const parts = line.split('\t');
    if (parts.length !== 2) continue;
    source.push(parts[0]!.split(' '));
    target.push(parts[1]!.split(' '));
  }
  return { source, target };
}

/** Exactly `numSteps` items: cut, or filled up with `padding` (`truncate_pad`). */
export function truncatePad<T>(line: readonly T[], numSteps: number, padding: T): T[] {
  if (!Number.isInteger(numSteps) || numSteps < 0) {
    throw new ValueError({
      operation: 'truncatePad',
      fact: 'numSteps must be a whole number',
      value: numSteps,
      argument: 'numSteps',
    });
  }
  return Array.from({ length: numSteps }, (_, i) => (i < line.length ? line[i]! : padding));
}

/** Ids `[lines, numSteps]`, row-major, each line ended by `<eos>`, and how many of each row are no padding (`build_array_nmt`). */
export function buildArrayNmt(
  lines: readonly (readonly string[])[],
  vocab: Vocab,
  numSteps: number,
): { ids: Int32Array; validLens: Int32Array } {
  const ids = new Int32Array(lines.length * numSteps);
  const validLens = new Int32Array(lines.length);
  const pad = vocab.index('<pad>');
  lines.forEach((line, row) => {
    const full = [...vocab.indices(line), vocab.index('<eos>')];
    ids.set(truncatePad(full, numSteps, pad), row * numSteps);
    validLens[row] = Math.min(full.length, numSteps);
  });
  return { ids, validLens };
}
