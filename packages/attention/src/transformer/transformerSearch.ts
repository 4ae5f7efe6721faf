// The Transformer as search sees it: one target step at a time, keys and values kept.
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
import { KeyValueCache } from '../keyValueCache.ts';
import type { PreparedMemory } from '../multiHeadAttention.ts';
import { StepAttention } from '../stepAttention.ts';
import type { Transformer } from './transformer.ts';

/** What is kept between steps. All tensors in it belong to it. */
export interface TransformerState {
  blocks: { memory: PreparedMemory; cache: KeyValueCache }[];
  /** int32 [rows]: how much of each source is no padding. */
  validLens: tf.Tensor;
  /** Target steps taken. */
  steps: number;
  /** Which source each row belongs to: rows that only move within a source need not move its keys. */
  sourceOf: Int32Array;
}

/** Decoding with a key-value cache; batched over sources and hypotheses. */
export class TransformerSearch implements StepDecoder<readonly number[], TransformerState> {
  readonly vocabSize: number;

  constructor(
    private readonly model: Transformer,
    private readonly options: SearchDecoderOptions,
  ) {
    this.vocabSize = model.targetVocabSize;
  }

  start(sources: readonly (readonly number[])[]): TransformerState {
    const { model } = this;
    return evaluating(model, () => {
      const { ids, lengths } = padSources(sources, model.config.padId);
      const memory = model.encode(ids, { validLens: lengths });
      const blocks = model.decoder.layers.map(({ multihead_attn: cross }) => {
        const prepared = cross.prepare(memory);
        for (const tensor of tensorsOf(prepared)) tf.keep(tensor);
        return { memory: prepared, cache: new KeyValueCache() };
      });
      const sourceOf = Int32Array.from(sources, (_, row) => row);
      return { blocks, validLens: tf.keep(lengths), steps: 0, sourceOf };
    });
  }

  async step(
    state: TransformerState,
    tokens: Int32Array,
    scores?: Float32Array,
  ): Promise<StepResult<TransformerState>> {
    const { model } = this;
    const rows = tokens.length;
    const { layers } = model.decoder;
    const attention = new StepAttention(this.options.attention, layers.length, 'cross');
    const logits = evaluating(model, () => {
      const ids = tf.tensor2d(tokens, [rows, 1], 'int32');
      let x = model.position.forward(model.target_embedding.forward(ids), state.steps); // [rows, 1, dim]
      layers.forEach((block, i) => {
        const { memory, cache } = state.blocks[i]!;
        x = block.forward(x, memory, {
          validLens: state.validLens,
          onWeights: attention.of('cross', i),
          onSelfWeights: attention.of('self', i),
          cache,
        });
      });
      return tf.keep(tf.reshape(model.project(model.decoder.finish(x)), [rows, this.vocabSize]));
    });
    state.steps += 1;
    return { ...(await readScores(logits, scores)), ...(await attention.read()), state };
  }

  reorder(state: TransformerState, indices: Int32Array): TransformerState {
    const { sourceOf, same } = moveSources(state.sourceOf, indices);
    moveRows(indices, (move) => {
      for (const { memory, cache } of state.blocks) {
        cache.reorder(move);
        if (!same) memory.keysValues = move(memory.keysValues);
      }
      if (!same) state.validLens = move(state.validLens);
    });
    state.sourceOf = sourceOf;
    return state;
  }

  dispose(state: TransformerState): void {
    state.validLens.dispose();
    for (const { memory, cache } of state.blocks) {
      cache.dispose();
      tf.dispose(tensorsOf(memory));
    }
  }
}

function tensorsOf({ keysValues, query: [weight, bias] }: PreparedMemory): tf.Tensor[] {
  return bias === undefined ? [keysValues, weight] : [keysValues, weight, bias];
}
