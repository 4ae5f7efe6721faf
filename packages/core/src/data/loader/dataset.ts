// What a loader reads from: items by index, or a stream of items.
import type { RngState } from '../../random/index.ts';

/** A data set whose items can be had by index. Plain arrays are data sets too: see `fromArray`. */
export interface Dataset<T> {
  /** Number of items. */
  readonly length: number;
  /** The item at an index from 0 to length − 1. */
  get(index: number): T;
}

/** A data set that can only be read from the start, for instance a compressed file. */
export interface StreamDataset<T> {
  /** A fresh pass over all items, always in the same order. */
  stream(): AsyncIterable<T> | Iterable<T>;
}

/** What a training loop iterates: batches, pass after pass, with a position that can be saved and restored. */
export interface Loader<B> {
  /** The batches of one pass; after `restore`, the rest of the pass that was under way. */
  [Symbol.asyncIterator](): AsyncIterator<B>;
  /** Batches in a pass, when that is known. */
  readonly batchesPerEpoch: number | undefined;
  /** The position as JSON. While a batch is being worked on, it counts as done. */
  state(): LoaderState;
  /** Goes on from a position. */
  restore(state: LoaderState): void;
}

/** Where a loader is. */
export interface LoaderState {
  /** Passes completed. */
  epoch: number;
  /** Batches of the current pass that have been given out. */
  batch: number;
  /** The generator's state at the start of the current pass; null when there is none. */
  rng: RngState | null;
}

/** Wraps an array as a data set. */
export function fromArray<T>(items: readonly T[]): Dataset<T> {
  return { length: items.length, get: (index) => items[index]! };
}

/** The items of a data set at the given indices. */
export function subset<T>(dataset: Dataset<T>, indices: ArrayLike<number>): Dataset<T> {
  return { length: indices.length, get: (index) => dataset.get(indices[index]!) };
}

/** A data set whose items are computed when asked for. */
export function mapped<T, U>(dataset: Dataset<T>, change: (item: T, index: number) => U): Dataset<U> {
  return { length: dataset.length, get: (index) => change(dataset.get(index), index) };
}
