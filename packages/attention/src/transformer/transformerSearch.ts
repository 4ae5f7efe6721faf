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
import { StepAttention } from '../stepAttention.ts';
import type { BlockCache } from './decoderBlock.ts';
import type { Transformer } from './transformer.ts';

/** What is kept between steps. All tensors in it belong to it. */
export interface TransformerState {
  blocks: BlockCache[];
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
      const blocks = model.decoder.layers.map(({ multihead_attn: cross }) => ({
        memory: keep(cross.project(memory, 'memory')), // [rows, keys, 2·dim]
        past: undefined,
        query: keepPart(cross.part('query')),
      }));
      const sourceOf = Int32Array.from(sources, (_, row) => row);
      return { blocks, validLens: keep(lengths), steps: 0, sourceOf };
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
        const cache = state.blocks[i]!;
        const [y, past] = block.step(x, cache, {
          validLens: state.validLens,
          onWeights: attention.of('cross', i),
          onSelfWeights: attention.of('self', i),
        });
        cache.past?.dispose();
        cache.past = keep(past);
        x = y;
      });
      return keep(tf.reshape(model.project(model.decoder.finish(x)), [rows, this.vocabSize]));
    });
    state.steps += 1;
    return { ...(await readScores(logits, scores)), ...(await attention.read()), state };
  }

  reorder(state: TransformerState, indices: Int32Array): TransformerState {
    const { sourceOf, same } = moveSources(state.sourceOf, indices);
    moveRows(indices, (move) => {
      for (const cache of state.blocks) {
        if (cache.past !== undefined) cache.past = move(cache.past);
        if (!same) cache.memory = move(cache.memory);
      }
      if (!same) state.validLens = move(state.validLens);
    });
    state.sourceOf = sourceOf;
    return state;
  }

  dispose(state: TransformerState): void {
    state.validLens.dispose();
    for (const { memory, past, query } of state.blocks) {
      for (const tensor of [memory, past, ...query]) if (tensor && !tensor.isDisposed) tensor.dispose();
    }
  }
}

function keep(tensor: tf.Tensor): tf.Tensor {
  return tf.keep(tensor);
}

function keepPart([weight, bias]: BlockCache['query']): BlockCache['query'] {
  return [keep(weight), bias === undefined ? undefined : keep(bias)];
}
