// The GRU encoder-decoder as search sees it.
import * as tf from '@tensorflow/tfjs-core';
import type { StepDecoder, StepResult } from '../search/decoder.ts';
import type { Seq2Seq } from './seq2seq.ts';
import { topState } from './topState.ts';

/** What is kept between steps; the tensors belong to it. */
export interface Seq2SeqState {
  /** [layers, rows, hidden]. */
  state: tf.Tensor;
  /** [rows, hidden]: the encoder's last state. */
  context: tf.Tensor;
}

/** Step-by-step decoding; batched over sources and hypotheses. The model must be in evaluation mode. */
export class Seq2SeqSearch implements StepDecoder<readonly number[], Seq2SeqState> {
  readonly vocabSize: number;

  constructor(private readonly model: Seq2Seq) {
    this.vocabSize = model.targetVocabSize;
  }

  start(sources: readonly (readonly number[])[]): Seq2SeqState {
    const steps = Math.max(1, ...sources.map((source) => source.length));
    const ids = new Int32Array(sources.length * steps).fill(this.model.config.padId ?? 0);
    sources.forEach((source, row) => ids.set(source, row * steps));
    const [state, context] = tf.tidy(() => {
      const lengths = tf.tensor1d(
        Int32Array.from(sources, (source) => source.length),
        'int32',
      );
      const encoded = this.model.encoder.forward(tf.tensor2d(ids, [sources.length, steps], 'int32'), lengths);
      return [encoded.state, topState(encoded.state)];
    });
    return { state: state!, context: context! };
  }

  async step({ state, context }: Seq2SeqState, tokens: Int32Array): Promise<StepResult<Seq2SeqState>> {
    const [logits, next] = tf.tidy(() => {
      const input = tf.tensor2d(tokens, [tokens.length, 1], 'int32');
      const decoded = this.model.decoder.forward(input, state, context);
      return [decoded.logits, decoded.state];
    });
    state.dispose();
    const values = (await logits!.data()) as Float32Array;
    logits!.dispose();
    return { logits: values, state: { state: next!, context } };
  }

  reorder(old: Seq2SeqState, indices: Int32Array): Seq2SeqState {
    const moved = tf.tidy(() => {
      const rows = tf.tensor1d(indices, 'int32');
      return { state: tf.gather(old.state, rows, 1), context: tf.gather(old.context, rows) };
    });
    this.dispose(old);
    return moved;
  }

  dispose({ state, context }: Seq2SeqState): void {
    tf.dispose([state, context]);
  }
}
