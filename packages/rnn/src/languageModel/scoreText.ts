// The perplexity of a recurrent language model on a text.
import { softmaxCrossEntropy } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { type TextScore, textScore } from '../metrics/textScore.ts';
import { type TokenSource, sequentialBatches } from '../text/index.ts';
import { type LanguageModelState, type LanguageModel, stateTensors } from './languageModel.ts';
import { sequenceTensors } from './truncatedBptt.ts';

/** Options of `scoreText`. */
export interface ScoreTextOptions {
  /**
   * Rows that are read side by side; default 1: every token but the first is predicted from all before it. More are
   * faster, and each row begins without a past.
   */
  batchSize?: number;
  /** Steps computed at a time; changes speed and memory only. Default 256. */
  numSteps?: number;
  /** Characters of the text, for bits a character. */
  characters?: number;
}

/**
 * Scores a text with the state carried through it; the model is in evaluation mode meanwhile.
 *
 * @param corpus token ids
 * @throws ValueError when there are fewer than two tokens
 */
export async function scoreText(
  model: LanguageModel,
  corpus: ArrayLike<number> | TokenSource,
  { batchSize = 1, numSteps = 256, characters }: ScoreTextOptions = {},
): Promise<TextScore> {
  const { training } = model;
  let state: LanguageModelState | undefined;
  let nats = 0;
  let tokens = 0;
  model.eval();
  try {
    for (const batch of sequentialBatches(corpus, { batchSize, numSteps, keepLast: true })) {
      const before = state;
      const { loss, after } = tf.tidy(() => {
        const { ids, labels } = sequenceTensors(batch);
        const [logits, after] = model.forward(ids, before);
        return { loss: softmaxCrossEntropy(logits, labels, { reduction: 'sum' }), after };
      });
      state = after;
      if (before !== undefined) tf.dispose(stateTensors(before));
      nats += (await loss.data())[0]!;
      tokens += batch.x.length;
      loss.dispose();
    }
  } finally {
    if (state !== undefined) tf.dispose(stateTensors(state));
    model.train(training);
  }
  return textScore(nats, tokens, characters);
}
