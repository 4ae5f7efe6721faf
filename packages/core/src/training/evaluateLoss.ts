// The mean loss over a loader, without gradients.
import * as tf from '@tensorflow/tfjs-core';

/** Weighted mean of `loss` over the batches, and e to its power. */
export async function evaluateLoss<B>(
  batches: AsyncIterable<B> | Iterable<B>,
  loss: (batch: B) => tf.Scalar,
  weight: (batch: B) => number = () => 1,
): Promise<{ loss: number; perplexity: number }> {
  let sum = 0;
  let total = 0;
  for await (const batch of batches) {
    const value = tf.tidy(() => loss(batch));
    sum += (await value.data())[0]! * weight(batch);
    total += weight(batch);
    value.dispose();
  }
  const mean = sum / total;
  return { loss: mean, perplexity: Math.exp(mean) };
}
