// The rows of a batched search: running the decoder and processing each row's log-probabilities.
import { NumericsError, ValueError } from '@d2lts/core';
import type { StepDecoder, StepResult } from './decoder.ts';
import { logSoftmax } from './logProbs.ts';
import type { SearchNode } from './hypothesis.ts';
import type { SearchOptions } from './options.ts';
import type { LogitsProcessor } from './processors.ts';

/** A decoder's state together with what it belongs to: started, stepped, reordered and freed in one place. */
export class Rows<Source, State> {
  private constructor(
    private readonly decoder: StepDecoder<Source, State>,
    private state: State,
    private count: number,
    private readonly eos: number | undefined,
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
    { bos, eos }: Pick<SearchOptions, 'bos' | 'eos'>,
    reuse: boolean,
  ): Promise<Rows<Source, State>> {
    const first = decoder.firstTokens?.(sources) ?? new Int32Array(sources.length).fill(checkBos(bos));
    return new Rows(decoder, await decoder.start(sources), sources.length, eos, first, reuse);
  }

  /** Feeds a token a row; gives for each row its log-probabilities of the next token, processed, and how it attends. */
  async step(
    tokens: Int32Array,
    prefixes: (row: number) => readonly number[],
    processors: readonly LogitsProcessor[],
  ): Promise<{
    logProbs: Float32Array[];
    attention: (row: number) => Pick<SearchNode, 'attention' | 'maps'>;
  }> {
    const result: StepResult<State> = await this.decoder.step(this.state, tokens, this.scores);
    this.state = result.state;
    if (this.reuse) this.scores = result.logits;
    const { vocabSize } = this.decoder;
    const logProbs = Array.from(tokens, (_, row) => {
      const values = result.logits.subarray(row * vocabSize, (row + 1) * vocabSize);
      if (!result.normalized) logSoftmax(values);
      if (Number.isNaN(values[0])) throw notANumber();
      this.process(values, prefixes, row, processors);
      return values;
    });
    const { attention, maps } = result;
    const weightsOf = (row: number, { weights, keys }: NonNullable<typeof attention>) =>
      weights.slice(row * keys, (row + 1) * keys);
    return {
      logProbs,
      attention: (row) => ({
        ...(attention && { attention: weightsOf(row, attention) }),
        ...(maps && { maps: maps[row]! }),
      }),
    };
  }

  /** When the rules leave no token, the end token may come after all. */
  private process(
    values: Float32Array,
    prefixes: (row: number) => readonly number[],
    row: number,
    processors: readonly LogitsProcessor[],
  ): void {
    if (processors.length === 0) return;
    const end = this.eos === undefined ? -Infinity : values[this.eos]!;
    const prefix = prefixes(row);
    for (const processor of processors) processor.process(values, prefix);
    if (values.some((value) => value > -Infinity)) return;
    if (this.eos === undefined) throw nothingLeft();
    values[this.eos] = end;
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

function nothingLeft(): ValueError {
  return new ValueError({
    operation: 'search',
    fact: 'the rules must leave a token where there is no end token, got none',
    advice: 'ban fewer tokens or raise noRepeatNgram',
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
