// A text as one long list of token indices, and batches of subsequences drawn from it (sections 8.2 and 8.3).
import { type Rng, ValueError } from '@d2lts/core';
import { cleanLines, tokenize } from './tokenize.ts';
import { Vocab } from './vocab.ts';

/** A text as token indices with the vocabulary that reads them. */
export interface Corpus {
  corpus: number[];
  vocab: Vocab;
}

/** All of a text as one list of token indices (the book's `load_corpus_time_machine`; characters by default). */
export function loadCorpus(
  text: string,
  { unit = 'char', maxTokens = Infinity }: { unit?: 'word' | 'char'; maxTokens?: number } = {},
): Corpus {
  const tokens = tokenize(cleanLines(text), unit);
  const vocab = new Vocab(tokens);
  const corpus = tokens.flat().slice(0, maxTokens === Infinity ? undefined : maxTokens);
  return { corpus: vocab.indices(corpus), vocab };
}

/** Inputs and the same shifted by one: both row-major `[batch, steps]`. */
export interface SequenceBatch {
  x: Int32Array;
  y: Int32Array;
  batch: number;
  steps: number;
}

/** What the subsequence iterators need. */
export interface SequenceOptions {
  batchSize: number;
  numSteps: number;
  rng: Rng;
}

/** Subsequences in random order from a random start; neighbours in a batch are unrelated (`seq_data_iter_random`). */
export function* seqDataIterRandom(
  corpus: ArrayLike<number>,
  { batchSize, numSteps, rng }: SequenceOptions,
): Generator<SequenceBatch> {
  checkSizes('seqDataIterRandom', batchSize, numSteps);
  const offset = rng.integer(0, numSteps);
  const count = Math.max(0, Math.floor((corpus.length - offset - 1) / numSteps));
  const order = rng.permutation(count);
  for (let i = 0; i + batchSize <= count; i += batchSize) {
    const starts = order.subarray(i, i + batchSize);
    yield cut(
      corpus,
      Array.from(starts, (index) => offset + index * numSteps),
      numSteps,
    );
  }
}

/** Subsequences in order: row i of a batch goes on where row i of the batch before ended (`seq_data_iter_sequential`). */
export function* seqDataIterSequential(
  corpus: ArrayLike<number>,
  { batchSize, numSteps, rng }: SequenceOptions,
): Generator<SequenceBatch> {
  checkSizes('seqDataIterSequential', batchSize, numSteps);
  const offset = rng.integer(0, numSteps);
  const rowLength = Math.floor(Math.max(0, corpus.length - offset - 1) / batchSize);
  for (let step = 0; step + numSteps <= rowLength; step += numSteps) {
    const starts = Array.from({ length: batchSize }, (_, row) => offset + row * rowLength + step);
    yield cut(corpus, starts, numSteps);
  }
}

function cut(corpus: ArrayLike<number>, starts: readonly number[], steps: number): SequenceBatch {
  const x = new Int32Array(starts.length * steps);
  const y = new Int32Array(starts.length * steps);
  starts.forEach((start, row) => {
    for (let t = 0; t < steps; t++) {
      x[row * steps + t] = corpus[start + t]!;
      y[row * steps + t] = corpus[start + t + 1]!;
    }
  });
  return { x, y, batch: starts.length, steps };
}

function checkSizes(operation: string, batchSize: number, numSteps: number): void {
  for (const [argument, value] of Object.entries({ batchSize, numSteps })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new ValueError({ operation, fact: `${argument} must be a positive integer`, value, argument });
    }
  }
}
