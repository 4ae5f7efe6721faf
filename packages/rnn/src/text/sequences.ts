// Batches of subsequences drawn from a long list of tokens, at random or in order (the book's section 8.3).
import { type Rng, ValueError } from '@d2lts/core';
import { type TokenSource, tokenSource } from './tokenSource.ts';

/** Inputs and the same shifted by one: both row-major `[batch, steps]`. */
export interface SequenceBatch {
  x: Int32Array;
  y: Int32Array;
  batch: number;
  steps: number;
  /** Whether each row goes on where that row of the batch before ended: then a model's state is carried on. */
  continues: boolean;
}

/** Sizes of a batch. */
export interface SequenceSizes {
  batchSize: number;
  numSteps: number;
}

/** What the subsequence iterators need. */
export interface SequenceOptions extends SequenceSizes {
  /** Draws where the first subsequence starts, and their order. */
  rng: Rng;
}

/** Subsequences in random order from a random start; neighbours in a batch are unrelated (`seq_data_iter_random`). */
export function* seqDataIterRandom(
  corpus: ArrayLike<number> | TokenSource,
  { batchSize, numSteps, rng }: SequenceOptions,
): Generator<SequenceBatch> {
  checkSizes('seqDataIterRandom', { batchSize, numSteps });
  const source = tokenSource(corpus);
  const offset = rng.integer(0, numSteps);
  const count = Math.max(0, Math.floor((source.length - offset - 1) / numSteps));
  const order = rng.permutation(count);
  for (let i = 0; i + batchSize <= count; i += batchSize) {
    const starts = Array.from(order.subarray(i, i + batchSize), (index) => offset + index * numSteps);
    yield cut(source, starts, numSteps, false);
  }
}

/** Subsequences in order: row i of a batch goes on where row i of the batch before ended (`seq_data_iter_sequential`). */
export function seqDataIterSequential(
  corpus: ArrayLike<number> | TokenSource,
  { batchSize, numSteps, rng }: SequenceOptions,
): Generator<SequenceBatch> {
  checkSizes('seqDataIterSequential', { batchSize, numSteps });
  return sequentialBatches(corpus, { batchSize, numSteps, offset: rng.integer(0, numSteps) });
}

/** Subsequences in order from `offset` on; with `keepLast` also a last batch of fewer steps. */
export function* sequentialBatches(
  corpus: ArrayLike<number> | TokenSource,
  {
    batchSize,
    numSteps,
    offset = 0,
    keepLast = false,
  }: SequenceSizes & { offset?: number; keepLast?: boolean },
): Generator<SequenceBatch> {
  checkSizes('sequentialBatches', { batchSize, numSteps });
  const source = tokenSource(corpus);
  const rowLength = Math.floor(Math.max(0, source.length - offset - 1) / batchSize);
  const end = keepLast ? rowLength : rowLength - (rowLength % numSteps);
  for (let step = 0; step < end; step += numSteps) {
    const starts = Array.from({ length: batchSize }, (_, row) => offset + row * rowLength + step);
    yield cut(source, starts, Math.min(numSteps, end - step), step > 0);
  }
}

function cut(
  source: TokenSource,
  starts: readonly number[],
  steps: number,
  continues: boolean,
): SequenceBatch {
  const x = new Int32Array(starts.length * steps);
  const y = new Int32Array(starts.length * steps);
  starts.forEach((start, row) => {
    const tokens = source.read(start, steps + 1);
    x.set(tokens.subarray(0, steps), row * steps);
    y.set(tokens.subarray(1), row * steps);
  });
  return { x, y, batch: starts.length, steps, continues };
}

/** @throws ValueError unless both are positive integers */
export function checkSizes(operation: string, { batchSize, numSteps }: SequenceSizes): void {
  for (const [argument, value] of Object.entries({ batchSize, numSteps })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new ValueError({ operation, fact: `${argument} must be a positive integer`, value, argument });
    }
  }
}
