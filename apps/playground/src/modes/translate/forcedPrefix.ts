// A decoder that has already said a given beginning: search goes on from there.
import { logSoftmax, type StepDecoder, type StepResult } from '@d2lts/rnn';

/** A token of the forced beginning, with what the model thought of it. */
export interface ForcedToken {
  id: number;
  logProb: number;
  attention?: Float32Array;
}

/** Wraps a decoder of one source so that its sequences begin with `prefix`. */
export class ForcedPrefix<Source, State> implements StepDecoder<Source, State> {
  /** Filled by `start`. */
  readonly said: ForcedToken[] = [];
  private pending: number | undefined;

  constructor(
    private readonly inner: StepDecoder<Source, State>,
    private readonly prefix: readonly number[],
    private readonly bos: number,
  ) {}

  get vocabSize(): number {
    return this.inner.vocabSize;
  }

  async start(sources: readonly Source[]): Promise<State> {
    let state: State = await this.inner.start(sources);
    let token = this.bos;
    for (const id of this.prefix) {
      const { logits, state: next, attention } = await this.inner.step(state, Int32Array.of(token));
      state = next;
      const said: ForcedToken = { id, logProb: logSoftmax(logits)[id]! };
      if (attention) said.attention = attention.weights.slice(0, attention.keys);
      this.said.push(said);
      token = id;
    }
    this.pending = this.prefix.at(-1);
    return state;
  }

  step(state: State, tokens: Int32Array): StepResult<State> | Promise<StepResult<State>> {
    const fed = this.pending === undefined ? tokens : new Int32Array(tokens.length).fill(this.pending);
    this.pending = undefined;
    return this.inner.step(state, fed);
  }

  reorder(state: State, indices: Int32Array): State | Promise<State> {
    return this.inner.reorder(state, indices);
  }

  dispose(state: State): void {
    this.inner.dispose?.(state);
  }
}
