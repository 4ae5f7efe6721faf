// A loader that gives the first few batches of another, again and again.
import { DataError } from '../errors/index.ts';
import type { Loader, LoaderState } from '../data/index.ts';

/** Repeats the first `count` batches of a loader (fewer when it has fewer). */
export class OverfitLoader<B> implements Loader<B> {
  private readonly inner: Loader<B>;
  private readonly count: number;
  private readonly start: LoaderState;
  private kept: B[] | undefined;
  private epoch = 0;
  private batch = 0;

  constructor(inner: Loader<B>, count: number) {
    this.inner = inner;
    this.count = count;
    this.start = inner.state();
  }

  get batchesPerEpoch(): number {
    return this.kept?.length ?? Math.min(this.count, this.inner.batchesPerEpoch ?? this.count);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<B> {
    this.kept ??= await this.collect();
    while (this.batch < this.kept.length) {
      this.batch++;
      yield this.kept[this.batch - 1]!;
    }
    this.epoch++;
    this.batch = 0;
  }

  state(): LoaderState {
    return { epoch: this.epoch, batch: this.batch, rng: this.start.rng };
  }

  restore(state: LoaderState): void {
    this.inner.restore({ ...this.start, rng: state.rng });
    this.kept = undefined;
    this.epoch = state.epoch;
    this.batch = state.batch;
  }

  private async collect(): Promise<B[]> {
    const kept: B[] = [];
    for await (const batch of this.inner) {
      kept.push(batch);
      if (kept.length === this.count) break;
    }
    if (kept.length === 0)
      throw new DataError({ operation: 'Trainer.fit', fact: 'the loader must have a batch' });
    return kept;
  }
}
