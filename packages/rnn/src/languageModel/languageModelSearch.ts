// A recurrent language model as search sees it: it reads prompts, then goes on token by token.
import * as tf from '@tensorflow/tfjs-core';
import type { StepDecoder, StepResult } from '../search/decoder.ts';
import { evaluating } from '../search/evaluating.ts';
import { readScores } from '../search/logProbs.ts';
import { lastTokens } from '../search/lastTokens.ts';
import { moveRows } from '../search/rowTensors.ts';
import {
  type LanguageModelState,
  type RecurrentLanguageModel,
  mapState,
  stateTensors,
} from './languageModel.ts';

/** Step-by-step continuation of prompts without dropout; batched over prompts and hypotheses. */
export class LanguageModelSearch implements StepDecoder<readonly number[], LanguageModelState> {
  readonly vocabSize: number;

  constructor(private readonly model: RecurrentLanguageModel) {
    this.vocabSize = model.vocabSize;
  }

  /** The last token of each prompt is the first to be fed. */
  firstTokens(prompts: readonly (readonly number[])[]): Int32Array {
    return lastTokens('LanguageModelSearch', prompts, this.vocabSize);
  }

  start(prompts: readonly (readonly number[])[]): LanguageModelState {
    const states = prompts.map((prompt) => this.read(prompt.slice(0, -1)));
    if (states.length === 1) return states[0]!;
    const join = (tensors: tf.Tensor[]) => tf.concat(tensors, 1); // [layers, prompts, hidden]
    const c = states.flatMap(({ c }) => c ?? []);
    const joined = { h: join(states.map(({ h }) => h)), ...(c.length > 0 ? { c: join(c) } : {}) };
    tf.dispose(states.flatMap(stateTensors));
    return joined;
  }

  async step(
    state: LanguageModelState,
    tokens: Int32Array,
    scores?: Float32Array,
  ): Promise<StepResult<LanguageModelState>> {
    const { logits, next } = evaluating(this.model, () => {
      const [logits, next] = this.model.forward(tf.tensor2d(tokens, [tokens.length, 1], 'int32'), state);
      return { logits, next };
    });
    this.dispose(state);
    return { ...(await readScores(logits, scores)), state: next };
  }

  reorder(old: LanguageModelState, indices: Int32Array): LanguageModelState {
    return moveRows(indices, (move) => mapState(old, (tensor) => move(tensor, 1)));
  }

  dispose(state: LanguageModelState): void {
    tf.dispose(stateTensors(state));
  }

  /** The state after some tokens of one row. */
  private read(tokens: readonly number[]): LanguageModelState {
    if (tokens.length === 0) return this.model.beginState(1);
    return evaluating(
      this.model,
      () => this.model.forward(tf.tensor2d([...tokens], [1, tokens.length], 'int32'))[1],
    );
  }
}
