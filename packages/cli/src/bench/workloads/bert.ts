// W10 the book's BERT, W11 a BERT of 4 layers, width 256, with a tied output matrix; one pretraining step each.
import { type BertConfig, BERTModel, type PretrainingTensors, bookBert, pretrainingLoss } from '@d2lts/bert';
import { Adam, AdamW, type Module, type Optimizer, type Rng } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { type Workload, randomIds, trainingStep } from '../workload.ts';

interface Sizes {
  vocab: number;
  batch: number;
  steps: number;
  predictions: number;
}

/** Random ids of random lengths; the predicted positions are distinct and lie in the first half. */
function randomBatch(rng: Rng, { vocab, batch, steps, predictions }: Sizes): PretrainingTensors {
  const lens = Int32Array.from({ length: batch }, () => rng.integer(steps / 2, steps + 1));
  const ids = tf.tidy(() => {
    const values = randomIds(rng, [batch, steps], 5, vocab).dataSync() as Int32Array;
    const padded = values.map((id, i) => (i % steps < lens[Math.floor(i / steps)]! ? id : 0));
    return tf.keep(tf.tensor2d(padded, [batch, steps], 'int32'));
  });
  const half = Array.from({ length: steps / 2 }, (_, i) => i);
  const positions = Array.from({ length: batch }, () => rng.shuffle([...half]).slice(0, predictions));
  const weights = Float32Array.from({ length: batch * predictions }, () => Number(rng.bernoulli(0.9)));
  const segments = Int32Array.from({ length: batch * steps }, (_, i) => Number(i % steps >= steps / 2));
  return {
    ids,
    segments: tf.tensor2d(segments, [batch, steps], 'int32'),
    validLens: tf.tensor1d(lens, 'int32'),
    positions: tf.tensor2d(positions, [batch, predictions], 'int32'),
    labels: randomIds(rng, [batch, predictions], 5, vocab),
    weights: tf.tensor2d(weights, [batch, predictions]),
    nextSentence: randomIds(rng, [batch], 0, 2),
  };
}

/** Multiply-adds of the blocks and the mask head, three times: forward, and backward for both factors. */
function flopsOf(
  { dim, ffnDim, numLayers }: BertConfig,
  { vocab, batch, steps, predictions }: Sizes,
): number {
  const position = numLayers * (4 * dim * dim + 2 * dim * ffnDim + 2 * steps * dim);
  const prediction = dim * dim + dim * vocab;
  return 3 * 2 * batch * (steps * position + predictions * prediction);
}

const pretraining =
  (config: BertConfig, sizes: Sizes, optimizerOf: (model: Module) => Optimizer): Workload =>
  (rng) => {
    const model = new BERTModel(config, { rng });
    const batches = Array.from({ length: 4 }, () => randomBatch(rng, sizes));
    const loss = (batch: PretrainingTensors) => pretrainingLoss(model, batch).loss;
    return {
      step: trainingStep(model, loss, batches, optimizerOf(model), 1),
      tokens: sizes.batch * sizes.steps,
      flops: flopsOf(config, sizes),
    };
  };

const book = bookBert({
  vocabSize: 20_256,
  dim: 128,
  numHeads: 2,
  ffnDim: 256,
  numLayers: 2,
  dropout: 0.2,
});
const mini: BertConfig = {
  vocabSize: 30_522,
  dim: 256,
  numHeads: 4,
  ffnDim: 1024,
  numLayers: 4,
  dropout: 0.1,
};

export const bertWorkloads: Record<string, Workload> = {
  W10_d2l_bert: pretraining(
    book,
    { vocab: 20_256, batch: 64, steps: 64, predictions: 10 },
    (model) => new Adam(model.parameters(), { lr: 0.01 }),
  ),
  W11_bert_mini: pretraining(
    mini,
    { vocab: 30_522, batch: 16, steps: 128, predictions: 20 },
    (model) => new AdamW(model.parameters(), { lr: 1e-4 }),
  ),
};
