// SeqDataLoader: passes over a corpus in subsequences, as the training loop iterates them, exactly resumable.
import { FormatError, type Loader, type LoaderState, type RngState } from '@d2lts/core';
import {
  type SequenceBatch,
  type SequenceOptions,
  checkSizes,
  seqDataIterRandom,
  seqDataIterSequential,
} from './sequences.ts';
import { type TokenSource, tokenSource } from './tokenSource.ts';

/** Options of `SeqDataLoader`. */
export interface SeqDataLoaderOptions extends SequenceOptions {
  /** `sequential` (default): a row goes on where it ended in the batch before; `random`: rows are unrelated. */
  sampling?: 'sequential' | 'random';
}

/**
 * The book's `SeqDataLoader`: a fresh random start in each pass.
 *
 * @example
 * const loader = new SeqDataLoader(corpus, { batchSize: 32, numSteps: 35, rng: new Rng(1) });
 * for await (const { x, y } of loader) train(x, y); // one pass
 */
export class SeqDataLoader implements Loader<SequenceBatch> {
  private readonly source: TokenSource;
  private epoch = 0;
  private batch = 0;
  private rngAtStart: RngState | null = null;

  constructor(
    corpus: ArrayLike<number> | TokenSource,
    private readonly options: SeqDataLoaderOptions,
  ) {
    checkSizes('SeqDataLoader', options);
    this.source = tokenSource(corpus);
  }

  /** Batches in a pass; a pass that starts late in the corpus may have one fewer. */
  get batchesPerEpoch(): number {
    const { batchSize, numSteps, sampling } = this.options;
    const predicted = Math.max(0, this.source.length - 1);
    return sampling === 'random'
      ? Math.floor(Math.floor(predicted / numSteps) / batchSize)
      : Math.floor(Math.floor(predicted / batchSize) / numSteps);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SequenceBatch> {
    yield* this.batches();
  }

  /** The batches of one pass, without promises; after `restore`, the rest of the pass that was under way. */
  *batches(): Generator<SequenceBatch> {
    const { rng, sampling } = this.options;
    if (this.rngAtStart) rng.restore(this.rngAtStart);
    else this.rngAtStart = rng.state();
    const iterate = sampling === 'random' ? seqDataIterRandom : seqDataIterSequential;
    const done = this.batch;
    let seen = 0;
    for (const batch of iterate(this.source, this.options)) {
      if (seen++ < done) continue;
      this.batch = seen;
      yield batch;
    }
    this.epoch++;
    this.batch = 0;
    this.rngAtStart = null;
  }

  state(): LoaderState {
    return { epoch: this.epoch, batch: this.batch, rng: this.rngAtStart ?? this.options.rng.state() };
  }

  restore(state: LoaderState): void {
    if (state.rng === null) {
      throw new FormatError({
        operation: 'SeqDataLoader.restore',
        fact: 'state must be what state() returned',
        value: state,
        argument: 'state',
      });
    }
    this.epoch = state.epoch;
    this.batch = state.batch;
    this.rngAtStart = state.batch > 0 ? state.rng : null;
    this.options.rng.restore(state.rng);
  }
}
