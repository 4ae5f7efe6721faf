// StreamLoader: batches from a stream that does not fit in memory, shuffled within a window.
import { ConfigError } from '../../errors/index.ts';
import type { Rng, RngState } from '../../random/index.ts';
import { checkLoaderState } from './dataLoader.ts';
import type { Loader, LoaderState, StreamDataset } from './dataset.ts';
import { checkBatchOptions, type BatchOptions } from './options.ts';
import { planBatches } from './plan.ts';

export interface StreamOptions<T, B> extends BatchOptions<T, B> {
  /** Items held in memory to shuffle and to sort by length (default 10,000). */
  window?: number;
}

/**
 * Batches of a stream: reads `window` items at a time and batches them as DataLoader does a whole data set.
 * Resuming reads the stream again up to the saved position.
 */
export class StreamLoader<T, B> implements Loader<B> {
  readonly batchesPerEpoch = undefined;
  private readonly dataset: StreamDataset<T>;
  private readonly options: StreamOptions<T, B>;
  private epoch = 0;
  private batch = 0;
  private rngAtStart: RngState | null = null;

  constructor(dataset: StreamDataset<T>, options: StreamOptions<T, B>) {
    checkBatchOptions('StreamLoader', options);
    const window = options.window ?? 1;
    if (!Number.isInteger(window) || window < 1) {
      throw new ConfigError({
        operation: 'StreamLoader',
        fact: 'window must be a positive integer',
        value: options.window,
        argument: 'window',
      });
    }
    this.dataset = dataset;
    this.options = options;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<B> {
    const { rng, collate } = this.options;
    if (rng && this.rngAtStart) rng.restore(this.rngAtStart);
    else this.rngAtStart = rng?.state() ?? null;
    const done = this.batch;
    let seen = 0;
    for await (const items of this.itemBatches(rng)) {
      if (seen++ < done) continue;
      this.batch = seen;
      yield collate(items);
    }
    this.epoch++;
    this.batch = 0;
    this.rngAtStart = null;
  }

  state(): LoaderState {
    const rng = this.rngAtStart ?? this.options.rng?.state() ?? null;
    return { epoch: this.epoch, batch: this.batch, rng };
  }

  restore(state: LoaderState): void {
    checkLoaderState(state, this.options.rng !== undefined);
    this.epoch = state.epoch;
    this.batch = state.batch;
    this.rngAtStart = state.batch > 0 ? state.rng : null;
    if (state.rng) this.options.rng?.restore(state.rng);
  }

  private async *itemBatches(rng: Rng | undefined): AsyncGenerator<T[]> {
    const { window = 10_000, batchSize, length } = this.options;
    // A window of whole batches leaves no short batch between windows.
    const size = batchSize === undefined ? window : Math.max(1, Math.round(window / batchSize)) * batchSize;
    for await (const items of chunks(this.dataset.stream(), size)) {
      const lengths = length && Int32Array.from(items, length);
      for (const indices of planBatches(items.length, this.options, lengths, rng)) {
        yield Array.from(indices, (index) => items[index]!);
      }
    }
  }
}

async function* chunks<T>(items: AsyncIterable<T> | Iterable<T>, size: number): AsyncGenerator<T[]> {
  let chunk: T[] = [];
  for await (const item of items) {
    chunk.push(item);
    if (chunk.length === size) {
      yield chunk;
      chunk = [];
    }
  }
  if (chunk.length > 0) yield chunk;
}
