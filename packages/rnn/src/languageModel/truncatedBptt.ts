// The training loss of language models: where there is a state, each batch goes on from where the one before ended.
import { type Callback, type Json, crossEntropy } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import type { SequenceBatch } from '../text/index.ts';
import {
  type LanguageModel,
  type LanguageModelState,
  isRecurrent,
  mapState,
  stateTensors,
} from './languageModel.ts';

/** Ids and labels, int32 [batch, steps]; they belong to the surrounding `tf.tidy`, or to the caller. */
export function sequenceTensors({ x, y, batch, steps }: Omit<SequenceBatch, 'continues'>): {
  ids: tf.Tensor;
  labels: tf.Tensor;
} {
  return { ids: tf.tensor2d(x, [batch, steps], 'int32'), labels: tf.tensor2d(y, [batch, steps], 'int32') };
}

/**
 * Truncated backpropagation through time (the book's sections 8.5 and 8.7): the state is carried on from batch to
 * batch, the gradient stops at the batch's beginning. Batches that do not go on from the last one start from zeros. Of a
 * model without a state each row is a window of its own.
 *
 * It is a callback too: given to the trainer, checkpoints keep the state and training goes on bit for bit.
 *
 * @example
 * const bptt = new TruncatedBptt(model);
 * const loss = (batch: SequenceBatch) => bptt.loss(batch);
 * await new Trainer({ model, optimizer, loader, loss, clipNorm: 1, epochs: 500, callbacks: [bptt] }).fit();
 */
export class TruncatedBptt implements Callback {
  readonly name = 'TruncatedBptt';
  private carried: LanguageModelState | undefined;

  constructor(private readonly model: LanguageModel) {}

  /** Mean cross-entropy a token, in nats. */
  loss(batch: SequenceBatch): tf.Scalar {
    return tf.tidy(() => {
      const { ids, labels } = sequenceTensors(batch);
      if (!isRecurrent(this.model)) return crossEntropy(this.model.forward(ids), labels) as tf.Scalar;
      const [logits, state] = this.model.forward(ids, batch.continues ? this.carried : undefined);
      this.reset();
      this.carried = mapState(state, (tensor) => tf.keep(tensor));
      return crossEntropy(logits, labels) as tf.Scalar;
    });
  }

  /** Forgets the state. */
  reset(): void {
    if (this.carried !== undefined) tf.dispose(stateTensors(this.carried));
    this.carried = undefined;
  }

  /** Frees the state when training ends. */
  onEnd(): void {
    this.reset();
  }

  state(): Json {
    if (this.carried === undefined) return null;
    return stateTensors(this.carried).map((tensor) => ({
      shape: tensor.shape,
      data: Buffer.from((tensor.dataSync() as Float32Array).slice().buffer).toString('base64'),
    }));
  }

  restore(kept: Json): void {
    this.reset();
    if (kept === null) return;
    const [h, c] = (kept as unknown as { shape: number[]; data: string }[]).map(({ shape, data }) =>
      tf.tensor(new Float32Array(new Uint8Array(Buffer.from(data, 'base64')).buffer), shape),
    );
    this.carried = c === undefined ? { h: h! } : { h: h!, c };
  }
}
