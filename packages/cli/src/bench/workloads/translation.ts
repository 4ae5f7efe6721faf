// W6 the book's GRU encoder-decoder, W7 with attention, W8 the book's Transformer, W9 a Transformer of 3+3 layers, width 256, tied.
import { Bahdanau, Transformer, type TransformerConfig } from '@d2lts/attention';
import { Adam, type Rng, softmaxCrossEntropy } from '@d2lts/core';
import { Seq2Seq, type TranslationBatch, type TranslationModel } from '@d2lts/rnn';
import * as tf from '@tensorflow/tfjs-core';
import { type Workload, randomIds, trainingStep } from '../workload.ts';

const [padId, bosId, firstId] = [1, 2, 3]; // the book's sizes
const small = { vocab: 200, batch: 64, steps: 10 };

interface PaddedBatch extends TranslationBatch {
  /** float32 [batch, steps]: 1 before the padding. */
  mask: tf.Tensor;
}

/** Random sources and targets of random lengths. */
function randomBatch(rng: Rng, { vocab, batch, steps }: typeof small, shortest: number): PaddedBatch {
  const lens = () => Int32Array.from({ length: batch }, () => rng.integer(shortest, steps + 1));
  const [sourceLens, targetLens] = [lens(), lens()];
  const padded = (lengths: Int32Array) =>
    tf.tidy(() => {
      const ids = randomIds(rng, [batch, steps], firstId, vocab).dataSync() as Int32Array;
      const rows = Int32Array.from(ids, (id, i) =>
        i % steps < lengths[Math.floor(i / steps)]! ? id : padId,
      );
      return tf.keep(tf.tensor2d(rows, [batch, steps], 'int32'));
    });
  const labels = padded(targetLens);
  const values = labels.dataSync();
  const input = Int32Array.from(values, (_, i) => (i % steps === 0 ? bosId : values[i - 1]!));
  const mask = Float32Array.from(values, (_, i) => Number(i % steps < targetLens[Math.floor(i / steps)]!));
  return {
    source: padded(sourceLens),
    sourceLens: tf.tensor1d(sourceLens, 'int32'),
    input: tf.tensor2d(input, [batch, steps], 'int32'),
    labels,
    mask: tf.tensor2d(mask, [batch, steps]),
  };
}

/** The book's loss: masked cross-entropy, its mean over the steps, its sum over the batch. */
function bookLoss(model: TranslationModel, batch: PaddedBatch): tf.Tensor {
  const sum = softmaxCrossEntropy(model.forward(batch), batch.labels, {
    weights: batch.mask,
    reduction: 'sum',
  });
  return tf.div(sum, small.steps);
}

const bookModel =
  (make: (rng: Rng) => TranslationModel): Workload =>
  (rng) => {
    const model = make(rng);
    const batches = Array.from({ length: 4 }, () => randomBatch(rng, small, 3));
    const optimizer = new Adam(model.parameters(), { lr: 0.005 });
    const step = trainingStep(model, (batch: PaddedBatch) => bookLoss(model, batch), batches, optimizer, 1);
    return { step, tokens: small.batch * small.steps };
  };

const bookRecurrent = { vocabSize: small.vocab, embedSize: 32, hiddenSize: 32, numLayers: 2, dropout: 0.1 };

const bookTransformer: TransformerConfig = {
  vocabSize: small.vocab,
  dim: 32,
  numHeads: 4,
  ffnDim: 64,
  encoderLayers: 2,
  decoderLayers: 2,
  dropout: 0.1,
  hiddenDropout: 0,
  normFirst: false,
  tiedEmbeddings: false,
  attentionBias: false,
  outputBias: true,
  padId,
};

const nmt = { vocab: 8000, batch: 64, steps: 24 };
const nmtPad = 0;

/** Multiply-adds of the 3+3 layers and the output, three times. */
function nmtFlops(): number {
  const [d, f, layers] = [256, 1024, 3];
  const encoder = layers * (4 * d * d + 2 * d * f);
  const decoder = layers * (8 * d * d + 2 * d * f);
  const attention = 3 * layers * 2 * nmt.steps * d;
  return 3 * 2 * nmt.batch * nmt.steps * (encoder + decoder + attention + d * nmt.vocab);
}

/** The Transformer of W9 and W15. */
export const nmtConfig: TransformerConfig = {
  vocabSize: nmt.vocab,
  dim: 256,
  numHeads: 4,
  ffnDim: 1024,
  encoderLayers: 3,
  decoderLayers: 3,
  dropout: 0.1,
  padId: nmtPad,
};

const nmtTransformer: Workload = (rng) => {
  const model = new Transformer(nmtConfig, { rng });
  const batches = Array.from({ length: 4 }, () => randomBatch(rng, nmt, nmt.steps / 2));
  const loss = (batch: PaddedBatch) =>
    softmaxCrossEntropy(model.forward(batch), batch.labels, { weights: batch.mask });
  const optimizer = new Adam(model.parameters(), { lr: 1e-4 });
  const step = trainingStep(model, loss, batches, optimizer, 1);
  return { step, tokens: nmt.batch * nmt.steps, flops: nmtFlops() };
};

export const translationWorkloads: Record<string, Workload> = {
  W6_seq2seq_gru: bookModel((rng) => new Seq2Seq(bookRecurrent, { rng })),
  W7_bahdanau: bookModel((rng) => new Bahdanau(bookRecurrent, { rng })),
  W8_d2l_transformer: bookModel((rng) => new Transformer(bookTransformer, { rng })),
  W9_nmt_tied: nmtTransformer,
};
