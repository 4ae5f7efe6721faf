// The book's training and prediction loops for sequence to sequence models (section 9.7), to be read.
import {
  Adam,
  type Loader,
  ConfigError,
  Rng,
  clipByGlobalNorm,
  initialize,
  valueAndGrads,
  xavierUniform,
} from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { type SearchResult, greedySearch } from '../search/index.ts';
import type { Vocab } from '../text/index.ts';
import {
  type PairBatch,
  type TranslationModel,
  batchTensors,
  translationLoss,
} from '../translation/index.ts';
import { TeacherForcing } from './teacherForcing.ts';

/** Options of `trainSeq2Seq`. */
export interface TrainSeq2SeqOptions {
  lr: number;
  numEpochs: number;
  /** Id of the padding token in the target. */
  pad: number;
  /**
   * Probability that a step is given the true token before it, and not the decoder's likeliest (scheduled sampling);
   * 1 by default.
   */
  teacherForcing?: number;
  /** Draws which, where `teacherForcing` is below 1. */
  rng?: Rng;
  /** Sees each epoch's loss, in nats a target token. */
  onEpoch?: (epoch: number, loss: number) => void;
}

/**
 * Adam with gradients clipped to norm 1 (`train_seq2seq`). Gives the last epoch's loss in nats a target token; the
 * book prints about a `numSteps`-th of it (see `maskedSoftmaxCELoss`).
 */
export async function trainSeq2Seq(
  model: TranslationModel,
  loader: Loader<PairBatch>,
  { lr, numEpochs, pad, teacherForcing = 1, rng, onEpoch }: TrainSeq2SeqOptions,
): Promise<number> {
  if (rng === undefined && teacherForcing < 1) {
    throw new ConfigError({
      operation: 'trainSeq2Seq',
      fact: 'rng must be given where teacherForcing is below 1',
      argument: 'rng',
    });
  }
  const forcing = new TeacherForcing(model, { teacherForcing, rng: rng ?? new Rng(0) });
  const params = model.parameters();
  const optimizer = new Adam(params, { lr });
  let loss = NaN;
  model.train();
  for (let epoch = 1; epoch <= numEpochs; epoch++) {
    let [nats, tokens] = [0, 0];
    for await (const batch of loader) {
      const count = batch.labels.filter((id) => id !== pad).length;
      const { value, grads } = valueAndGrads(() => {
        const tensors = batchTensors(batch);
        return translationLoss(forcing.logits(tensors), tensors, { pad });
      }, params);
      const clipped = clipByGlobalNorm(grads, 1);
      optimizer.step(clipped.grads);
      nats += value.dataSync()[0]! * count;
      tokens += count;
      tf.dispose([value, ...clipped.grads]);
    }
    loss = nats / tokens;
    onEpoch?.(epoch, loss);
  }
  model.eval();
  return loss;
}

/** Xavier's uniform initial values for all matrices, as the book's `train_seq2seq` sets them. */
export function initSeq2Seq(model: TranslationModel, rng: Rng): void {
  for (const [name, variable] of model.namedParameters()) {
    if (variable.rank === 2 && !name.includes('embedding')) initialize(variable, xavierUniform(), rng);
  }
}

/**
 * Translates a sentence of words separated by spaces, greedily (`predict_seq2seq`). The source is cut to `numSteps`,
 * the end token included, and so is its length.
 */
export async function predictSeq2Seq(
  model: TranslationModel,
  sentence: string,
  { sourceVocab, targetVocab, numSteps }: { sourceVocab: Vocab; targetVocab: Vocab; numSteps: number },
): Promise<{ text: string; result: SearchResult }> {
  const ids = [...sourceVocab.indices(sentence.toLowerCase().split(' ')), sourceVocab.index('<eos>')];
  const [bos, eos] = targetVocab.indices(['<bos>', '<eos>']) as [number, number];
  const source = ids.slice(0, numSteps);
  const [result] = await greedySearch(model.searchDecoder(), [source], { bos, eos, maxLength: numSteps });
  return { text: targetVocab.tokens(result!.hypotheses[0]!.tokens).join(' '), result: result! };
}
