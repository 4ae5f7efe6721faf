// DataLoader: batches from a data set with random access, shuffled anew each pass, exactly resumable.
import { FormatError } from '../../errors/index.ts';
import type { RngState } from '../../random/index.ts';
import type { Dataset, Loader, LoaderState } from './dataset.ts';
import { checkBatchOptions, type BatchOptions } from './options.ts';
import { planBatches } from './plan.ts';

/**
 * Batches of a data set.
 *
 * @example
 * const loader = new DataLoader(fromArray(pairs), {
 *   maxTokens: 2048,
 *   length: (pair) => pair.target.length,
 *   rng: new Rng(1),
 *   collate: (pairs) => padSequences(pairs.map((pair) => pair.target), { padValue: 0 }),
 * });
 * for await (const batch of loader) train(batch); // one pass
 */
export class DataLoader<T, B> implements Loader<B> {
  private readonly dataset: Dataset<T>;
  private readonly options: BatchOptions<T, B>;
  private lengths: Int32Array | undefined;
  private epoch = 0;
  private batch = 0;
  private rngAtStart: RngState | null = null;
  private planned: number | undefined;

  constructor(dataset: Dataset<T>, options: BatchOptions<T, B>) {
    checkBatchOptions('DataLoader', options);
    this.dataset = dataset;
    this.options = options;
  }

  /** Batches in a pass; with `maxTokens` known from the first pass on. */
  get batchesPerEpoch(): number | undefined {
    const { batchSize, dropLast, length, rng } = this.options;
    if (batchSize === undefined || (length && rng && dropLast)) return this.planned;
    // Buckets hold whole batches, so only the very last batch can be short.
    const batches = this.dataset.length / batchSize;
    return dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<B> {
    yield* this.batches();
  }

  /** The batches of one pass, without promises. */
  *batches(): Generator<B> {
    const plan = this.startPass();
    while (this.batch < plan.length) {
      const indices = plan[this.batch]!;
      this.batch++;
      yield this.options.collate(Array.from(indices, (index) => this.dataset.get(index)));
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

  private startPass(): Int32Array[] {
    const { rng, length } = this.options;
    // A pass that was left early starts again from its own beginning order, at the batch after the last one.
    if (rng && this.rngAtStart) rng.restore(this.rngAtStart);
    else this.rngAtStart = rng?.state() ?? null;
    if (length && !this.lengths) {
      this.lengths = Int32Array.from({ length: this.dataset.length }, (_, i) => length(this.dataset.get(i)));
    }
    const plan = planBatches(this.dataset.length, this.options, this.lengths, rng);
    this.planned = plan.length;
    return plan;
  }
}

/** Refuses a position that no loader of this kind gave. */
export function checkLoaderState(state: LoaderState, random: boolean): void {
  const count = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  if (state && count(state.epoch) && count(state.batch) && (state.rng !== null) === random) return;
  throw new FormatError({
    operation: 'Loader.restore',
    fact: `state must be what state() of a ${random ? 'shuffling' : 'not shuffling'} loader returned`,
    value: state,
    argument: 'state',
  });
}
