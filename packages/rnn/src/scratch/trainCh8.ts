// The book's training and prediction loops of chapter 8, to be read; `Trainer` and `TruncatedBptt` are for real work.
import { type Loader, SGD, clipByGlobalNorm, valueAndGrads } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LanguageModel } from '../languageModel/languageModel.ts';
import { TruncatedBptt } from '../languageModel/truncatedBptt.ts';
import { type StepDecoder, greedySearch } from '../search/index.ts';
import type { SequenceBatch, Vocab } from '../text/index.ts';

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
    let [nats, tokens] = [0, 0];
    for await (const batch of loader) {
      const { value, grads } = valueAndGrads(() => bptt.loss(batch), model.parameters());
      const clipped = clipByGlobalNorm(grads, theta);
      optimizer.step(clipped.grads);
      nats += value.dataSync()[0]! * batch.x.length;
      tokens += batch.x.length;
      tf.dispose([value, ...clipped.grads]);
    }
    perplexity = Math.exp(nats / tokens);
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
