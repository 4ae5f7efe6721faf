// How good a translation model is on held-out pairs: while it trains, and with the weights that are exported.
import type { Translator } from '@d2lts/attention';
import type { DataLoader, ReferencedSentence } from '@d2lts/core';
import { type EncodedPair, type PairBatch, batchTensors, translationLoss } from '@d2lts/rnn';
import * as tf from '@tensorflow/tfjs-core';
import { greedyBleu } from './trainingBleu.ts';

/** What no training sees. */
export interface HeldOutPairs {
  /** For the loss. */
  loader: DataLoader<EncodedPair, PairBatch>;
  /** Those that are translated for BLEU; may be none. */
  sentences: readonly ReferencedSentence[];
}

/** Mean loss in nats a token without label smoothing, perplexity, and BLEU where there are sentences for it. */
export async function validate(
  translator: Translator,
  { loader, sentences }: HeldOutPairs,
): Promise<Record<string, number>> {
  const { pad } = translator.config.special;
  let [sum, tokens] = [0, 0];
  for await (const batch of loader) {
    const loss = tf.tidy(() =>
      translationLoss(translator.model, batchTensors(batch), { pad, reduction: 'sum' }),
    );
    sum += (await loss.data())[0]!;
    tokens += batch.labels.filter((label) => label !== pad).length;
    loss.dispose();
  }
  const loss = sum / Math.max(1, tokens);
  const metrics = { loss, perplexity: Math.exp(loss) };
  return sentences.length === 0 ? metrics : { ...metrics, bleu: await greedyBleu(translator, sentences) };
}
