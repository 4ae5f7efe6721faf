// The decoder-only Transformer as search sees it: prompts are read at once, then one token at a time; what no longer fits
// into the model's window is forgotten.
import {
  type SearchDecoderOptions,
  type StepDecoder,
  type StepResult,
  evaluating,
  lastTokens,
  moveRows,
  readScores,
} from '@d2lts/rnn';
import * as tf from '@tensorflow/tfjs-core';
import { KeyValueCache } from '../keyValueCache.ts';
import { StepAttention } from '../stepAttention.ts';
import type { DecoderOnlyTransformer } from './decoderOnly.ts';
import type { EncoderBlockOptions } from './encoderBlock.ts';

/** What is kept between steps. All tensors in it belong to it. */
export interface DecoderOnlyState {
  /** Keys and values of each block's steps. */
  caches: KeyValueCache[];
  /** The tokens of each row that were fed so far. */
  texts: number[][];
  /** Steps in the cache, padding included. */
  steps: number;
  /** Padding on the left of each row: prompts of different lengths end at the same step. */
  padding: Int32Array;
}

/** Scores that no softmax sees. */
const hidden = -1e30;

/**
 * Decoding with a key-value cache; batched over prompts and hypotheses. A text may grow longer than the model's `maxLen`:
 * when its window is full, the last half of it is read again and the rest forgotten.
 */
export class DecoderOnlySearch implements StepDecoder<readonly number[], DecoderOnlyState> {
  readonly vocabSize: number;

  constructor(
    private readonly model: DecoderOnlyTransformer,
    private readonly options: SearchDecoderOptions,
  ) {
    this.vocabSize = model.vocabSize;
  }

  /** The last token of each prompt is the first to be fed. */
  firstTokens(prompts: readonly (readonly number[])[]): Int32Array {
    return lastTokens('DecoderOnlySearch', prompts, this.vocabSize);
  }

  start(prompts: readonly (readonly number[])[]): DecoderOnlyState {
    const texts = prompts.map((prompt) => prompt.slice(0, -1));
    return this.read(
      texts,
      texts.map(() => this.model.maxLen - 1),
    );
  }

  /** A state that has read the last tokens of each text, at most so many of each. */
  private read(texts: number[][], most: readonly number[]): DecoderOnlyState {
    const windows = texts.map((text, row) => text.slice(Math.max(0, text.length - most[row]!)));
    const steps = Math.max(0, ...windows.map(({ length }) => length));
    const padding = Int32Array.from(windows, ({ length }) => steps - length);
    const caches = this.model.encoder.layers.map(() => new KeyValueCache());
    const state: DecoderOnlyState = { caches, texts, steps: 0, padding };
    if (steps === 0) return state;
    const ids = new Int32Array(texts.length * steps);
    windows.forEach((tokens, row) => ids.set(tokens, row * steps + padding[row]!));
    evaluating(this.model, () => void this.extend(state, tf.tensor2d(ids, [texts.length, steps], 'int32')));
    return state;
  }

  async step(
    before: DecoderOnlyState,
    tokens: Int32Array,
    scores?: Float32Array,
  ): Promise<StepResult<DecoderOnlyState>> {
    const { model } = this;
    const state = before.steps < model.maxLen ? before : this.slide(before);
    tokens.forEach((token, row) => state.texts[row]!.push(token));
    const rows = tokens.length;
    const attention = new StepAttention(this.options.attention, model.encoder.layers.length, 'self');
    const logits = evaluating(model, () => {
      const x = this.extend(state, tf.tensor2d(tokens, [rows, 1], 'int32'), attention);
      return tf.keep(tf.reshape(model.project(model.encoder.finish(x)), [rows, this.vocabSize]));
    });
    return { ...(await readScores(logits, scores)), ...(await attention.read()), state };
  }

  reorder(state: DecoderOnlyState, indices: Int32Array): DecoderOnlyState {
    moveRows(indices, (move) => {
      for (const cache of state.caches) cache.reorder(move);
    });
    state.padding = Int32Array.from(indices, (index) => state.padding[index]!);
    state.texts = Array.from(indices, (index) => state.texts[index]!.slice());
    return state;
  }

  dispose({ caches }: DecoderOnlyState): void {
    for (const cache of caches) cache.dispose();
  }

  /** The state with room in each window: only full ones forget, so that no row's window depends on the others. */
  private slide(state: DecoderOnlyState): DecoderOnlyState {
    const { maxLen } = this.model;
    this.dispose(state);
    const used = Array.from(state.padding, (padding) => state.steps - padding);
    return this.read(
      state.texts,
      used.map((count) => (count < maxLen ? count : Math.floor(maxLen / 2))),
    );
  }

  /** Runs the next steps, ids int32 [rows, steps], through the blocks and keeps their keys and values. */
  private extend(state: DecoderOnlyState, ids: tf.Tensor, attention?: StepAttention): tf.Tensor {
    const { model } = this;
    const count = ids.shape[1]!;
    const total = state.steps + count;
    const options: EncoderBlockOptions = state.padding.some((padding) => padding > 0)
      ? { mask: paddingMask(state.padding, total), positions: positionsAfter(state, count) }
      : { positions: state.steps };
    let x = model.position.forward(model.embedding.forward(ids), options.positions); // [rows, count, dim]
    model.encoder.layers.forEach((block, i) => {
      x = block.forward(x, { ...options, cache: state.caches[i], onWeights: attention?.of('self', i) });
    });
    state.steps = total;
    return x;
  }
}

/** float32 [rows, 1, 1, steps]: hides the padding on the left. */
function paddingMask(padding: Int32Array, steps: number): tf.Tensor {
  const values = new Float32Array(padding.length * steps);
  padding.forEach((count, row) => values.fill(hidden, row * steps, row * steps + count));
  return tf.tensor4d(values, [padding.length, 1, 1, steps]);
}

/** int32 [rows, count]: the positions of the next steps; padding counts as position 0. */
function positionsAfter({ steps, padding }: DecoderOnlyState, count: number): tf.Tensor {
  const values = Int32Array.from({ length: padding.length * count }, (_, i) =>
    Math.max(0, steps + (i % count) - padding[Math.floor(i / count)]!),
  );
  return tf.tensor2d(values, [padding.length, count], 'int32');
}
