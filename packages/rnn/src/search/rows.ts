// The rows of a batched search: running the decoder, step by step.
import { NumericsError, ValueError } from '@d2lts/core';
import type { StepDecoder, StepResult } from './decoder.ts';
import { logSoftmax } from './logProbs.ts';
import type { SearchNode } from './hypothesis.ts';
import type { SearchOptions } from './options.ts';

/** What a step gives one row. */
export interface ScoredRow {
  /** Log-probabilities of the next token. */
  logProbs: Float32Array;
  /** How it attends. */
  attention: () => Pick<SearchNode, 'attention' | 'maps'>;
}

/** A decoder's state together with what it belongs to: started, stepped, reordered and freed in one place. */
export class Rows<Source, State> {
  private constructor(
    private readonly decoder: StepDecoder<Source, State>,
    private state: State,
    private count: number,
    /** The token to feed first to each source. */
    readonly first: Int32Array,
    private readonly reuse: boolean,
  ) {}

  /** The scores of the step before, to be written over. */
  private scores: Float32Array | undefined;

  /** @param reuse Whether what a step gives is read before the next one; its memory is then used again. */
  static async start<Source, State>(
    decoder: StepDecoder<Source, State>,
    sources: readonly Source[],
    { bos }: Pick<SearchOptions, 'bos'>,
    reuse: boolean,
  ): Promise<Rows<Source, State>> {
    const first = decoder.firstTokens?.(sources) ?? new Int32Array(sources.length).fill(checkBos(bos));
    return new Rows(decoder, await decoder.start(sources), sources.length, first, reuse);
  }

  /** Feeds a token a row. */
  async step(tokens: Int32Array): Promise<ScoredRow[]> {
    const result: StepResult<State> = await this.decoder.step(this.state, tokens, this.scores);
    this.state = result.state;
    if (this.reuse) this.scores = result.logits;
    const { vocabSize } = this.decoder;
    const { attention, maps, logits, normalized } = result;
    const weightsOf = (row: number, { weights, keys }: NonNullable<typeof attention>) =>
      weights.slice(row * keys, (row + 1) * keys);
    return Array.from(tokens, (_, row) => {
      const logProbs = logits.subarray(row * vocabSize, (row + 1) * vocabSize);
      if (!normalized) logSoftmax(logProbs);
      if (Number.isNaN(logProbs[0])) throw notANumber();
      return {
        logProbs,
        attention: () => ({
          ...(attention && { attention: weightsOf(row, attention) }),
          ...(maps && { maps: maps[row]! }),
        }),
      };
    });
  }

  /** Makes row i what row `indices[i]` was. */
  async reorder(indices: readonly number[]): Promise<void> {
    const same = indices.length === this.count && indices.every((index, i) => index === i);
    if (same || indices.length === 0) return;
    this.state = await this.decoder.reorder(this.state, Int32Array.from(indices));
    this.count = indices.length;
  }

  dispose(): void {
    this.decoder.dispose?.(this.state);
  }
}

function checkBos(bos: number | undefined): number {
  if (bos !== undefined) return bos;
  throw new ValueError({
    operation: 'search',
    fact: 'bos must be given: this decoder has no prompt to go on from',
    value: bos,
    argument: 'bos',
  });
}

function notANumber(): NumericsError {
  return new NumericsError({
    operation: 'search',
    fact: 'the decoder must give finite scores',
    value: Number.NaN,
    advice: 'check the weights: the training may have diverged',
  });
}
