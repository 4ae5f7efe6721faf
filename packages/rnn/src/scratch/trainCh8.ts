// The book's training and prediction loops of chapter 8, to be read; `Trainer` and `TruncatedBptt` are for real work.
import { type Loader, type Optimizer, SGD, clipByGlobalNorm, valueAndGrads } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LanguageModel } from '../languageModel/languageModel.ts';
import { TruncatedBptt } from '../languageModel/truncatedBptt.ts';
import { type StepDecoder, greedySearch } from '../search/index.ts';
import type { SequenceBatch, Vocab } from '../text/index.ts';

/** Options of `trainEpochCh8`. */
export interface TrainEpochCh8Options {
  optimizer: Optimizer;
  /** Carries the state from batch to batch. */
  bptt: TruncatedBptt;
  /** Gradients are scaled down to this norm; 1 by default. */
  theta?: number;
}

/** One pass over the data (`train_epoch_ch8`); gives its training perplexity and its tokens a second. */
export async function trainEpochCh8(
  model: LanguageModel,
  loader: Loader<SequenceBatch>,
  { optimizer, bptt, theta = 1 }: TrainEpochCh8Options,
): Promise<{ perplexity: number; tokensPerSecond: number }> {
  const start = performance.now();
  let [nats, tokens] = [0, 0];
  for await (const batch of loader) {
    const { value, grads } = valueAndGrads(() => bptt.loss(batch), model.parameters());
    const clipped = clipByGlobalNorm(grads, theta);
    optimizer.step(clipped.grads);
    nats += value.dataSync()[0]! * batch.x.length;
    tokens += batch.x.length;
    tf.dispose([value, ...clipped.grads]);
  }
  const seconds = (performance.now() - start) / 1000;
  return { perplexity: Math.exp(nats / tokens), tokensPerSecond: tokens / seconds };
}

/** Options of `trainCh8`. */
export interface TrainCh8Options {
  lr: number;
  numEpochs: number;
  /** Gradients are scaled down to this norm; 1 by default. */
  theta?: number;
  /** Sees the training perplexity of each epoch. */
  onEpoch?: (epoch: number, perplexity: number) => void;
}

/** Trains with SGD and clipped gradients (`train_ch8`); gives the last epoch's training perplexity. */
export async function trainCh8(
  model: LanguageModel,
  loader: Loader<SequenceBatch>,
  { lr, numEpochs, theta = 1, onEpoch }: TrainCh8Options,
): Promise<number> {
  const optimizer = new SGD(model.parameters(), { lr });
  const bptt = new TruncatedBptt(model);
  let perplexity = NaN;
  for (let epoch = 1; epoch <= numEpochs; epoch++) {
    ({ perplexity } = await trainEpochCh8(model, loader, { optimizer, bptt, theta }));
    onEpoch?.(epoch, perplexity);
  }
  bptt.reset();
  return perplexity;
}

/** Goes on from a prefix with the likeliest tokens, joined as characters (`predict_ch8`). */
export async function predictCh8(
  prefix: string,
  numPreds: number,
  model: LanguageModel,
  vocab: Vocab,
): Promise<string> {
  const decoder = model.searchDecoder() as StepDecoder<readonly number[], unknown>;
  const [result] = await greedySearch(decoder, [vocab.indices(prefix)], { maxLength: numPreds });
  return prefix + vocab.tokens(result!.hypotheses[0]!.tokens).join('');
}
