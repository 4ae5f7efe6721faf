// The Bahdanau model as search sees it: one target step at a time.
import {
  type SearchDecoderOptions,
  type StepDecoder,
  type StepResult,
  evaluating,
  moveRows,
  moveSources,
  padSources,
  readScores,
} from '@d2lts/rnn';
import * as tf from '@tensorflow/tfjs-core';
import { StepAttention } from '../stepAttention.ts';
import type { Bahdanau } from './bahdanau.ts';
import type { AttentionDecoderState } from './decoder.ts';
import type { LayerStates } from './stepLayers.ts';

/** What is kept between steps; the tensors belong to it. */
export interface BahdanauState extends AttentionDecoderState {
  /** Which source each row belongs to: rows that only move within a source need not move its memory. */
  sourceOf: Int32Array;
}

/** Step-by-step decoding; batched over sources and hypotheses. */
export class BahdanauSearch implements StepDecoder<readonly number[], BahdanauState> {
  readonly vocabSize: number;

  constructor(
    private readonly model: Bahdanau,
    private readonly options: SearchDecoderOptions,
  ) {
    this.vocabSize = model.targetVocabSize;
  }

  start(sources: readonly (readonly number[])[]): BahdanauState {
    const { model } = this;
    return evaluating(model, () => {
      const { ids, lengths } = padSources(sources, model.config.padId);
      const state = model.encode({ source: ids, sourceLens: lengths });
      for (const tensor of tensorsOf(state)) tf.keep(tensor);
      return { ...state, sourceOf: Int32Array.from(sources, (_, row) => row) };
    });
  }

  async step(
    state: BahdanauState,
    tokens: Int32Array,
    scores?: Float32Array,
  ): Promise<StepResult<BahdanauState>> {
    const { model } = this;
    const attention = new StepAttention(this.options.attention, 1, 'cross');
    const keep = attention.of('cross', 0);
    const onWeights = keep && ((weights: tf.Tensor) => keep(tf.expandDims(weights, 1))); // [rows, 1 head, 1, keys]
    const stepped = evaluating(model, () => {
      const input = tf.tensor2d(tokens, [tokens.length, 1], 'int32');
      const result = model.decoder.forward(input, state, { onWeights });
      for (const tensor of [result.logits, ...statesOf(result.state.states)]) tf.keep(tensor);
      return result;
    });
    tf.dispose(statesOf(state.states));
    const next = { ...state, states: stepped.state.states };
    return { ...(await readScores(stepped.logits, scores)), ...(await attention.read()), state: next };
  }

  reorder({ states, memory, ...old }: BahdanauState, indices: Int32Array): BahdanauState {
    const { sourceOf, same } = moveSources(old.sourceOf, indices);
    return moveRows(indices, (move) => {
      const moveAll = (tensors: tf.Tensor[]) => tensors.map((tensor) => move(tensor));
      const { keys, values, validLens } = memory;
      return {
        states: { h: moveAll(states.h), ...(states.c && { c: moveAll(states.c) }) },
        memory: same
          ? memory
          : { keys: move(keys), values: move(values), validLens: validLens && move(validLens) },
        sourceOf,
      };
    });
  }

  dispose(state: BahdanauState): void {
    tf.dispose([...new Set(tensorsOf(state))]);
  }
}

function statesOf({ h, c = [] }: LayerStates): tf.Tensor[] {
  return [...h, ...c];
}

/** With dot-product scores, keys and values are one tensor. */
function tensorsOf({ states, memory }: AttentionDecoderState): tf.Tensor[] {
  const { keys, values, validLens } = memory;
  return [...statesOf(states), keys, values, ...(validLens === undefined ? [] : [validLens])];
}
