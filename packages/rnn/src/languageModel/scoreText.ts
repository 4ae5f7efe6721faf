// The perplexity of a language model on a text.
import { softmaxCrossEntropy } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { type TextScore, textScore } from '../metrics/textScore.ts';
import { type TokenSource, sequentialBatches } from '../text/index.ts';
import { tokenSource } from '../text/tokenSource.ts';
import {
  type LanguageModel,
  type LanguageModelState,
  type RecurrentLanguageModel,
  type WindowLanguageModel,
  isRecurrent,
  stateTensors,
} from './languageModel.ts';
import { sequenceTensors } from './truncatedBptt.ts';

/** Options of `scoreText`. */
export interface ScoreTextOptions {
  /**
   * Rows that are read side by side; default 1: every token but the first is predicted from all before it. More are
   * faster, and each row begins without a past. Of a model that sees a window: windows read side by side (default 8);
   * changes speed and memory only.
   */
  batchSize?: number;
  /** Steps computed at a time by a recurrent model; changes speed and memory only. Default 256. */
  numSteps?: number;
  /** Characters of the text, for bits a character. */
  characters?: number;
}

/**
 * Scores a text; the model is in evaluation mode meanwhile. A recurrent model carries its state through the text. One
 * that sees a window of n tokens reads overlapping windows, so that every token but the first n is predicted from at
 * least n/2 before it.
 *
 * @param corpus token ids
 * @throws ValueError when there are fewer than two tokens
 */
export async function scoreText(
  model: LanguageModel,
  corpus: ArrayLike<number> | TokenSource,
  options: ScoreTextOptions = {},
): Promise<TextScore> {
  const [nats, tokens] = await model.evaluating(() =>
    isRecurrent(model) ? scoreCarried(model, corpus, options) : scoreWindows(model, corpus, options),
  );
  return textScore(nats, tokens, options.characters);
}

/** Summed nats and number of tokens, with the state carried from batch to batch. */
async function scoreCarried(
  model: RecurrentLanguageModel,
  corpus: ArrayLike<number> | TokenSource,
  { batchSize = 1, numSteps = 256 }: ScoreTextOptions,
): Promise<[nats: number, tokens: number]> {
  let state: LanguageModelState | undefined;
  let [nats, tokens] = [0, 0];
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
  }
  return [nats, tokens];
}

/** Label of a position that does not count. */
const uncounted = -100;

/** The same over windows that overlap by half; a token that two windows predict counts in the first. */
async function scoreWindows(
  model: WindowLanguageModel,
  corpus: ArrayLike<number> | TokenSource,
  { batchSize = 8 }: ScoreTextOptions,
): Promise<[nats: number, tokens: number]> {
  const source = tokenSource(corpus);
  const predicted = Math.max(0, source.length - 1);
  const steps = Math.min(model.maxLen, predicted);
  const stride = Math.max(1, Math.floor(steps / 2));
  const count = predicted === 0 ? 0 : 1 + Math.ceil((predicted - steps) / stride);
  let nats = 0;
  for (let first = 0; first < count; first += batchSize) {
    const rows = Math.min(batchSize, count - first);
    const x = new Int32Array(rows * steps);
    const y = new Int32Array(rows * steps).fill(uncounted);
    for (let row = 0; row < rows; row++) {
      const start = (first + row) * stride;
      const ids = source.read(start, Math.min(steps, predicted - start) + 1);
      const seen = start === 0 ? 0 : steps - stride;
      x.set(ids.subarray(0, -1), row * steps);
      y.set(ids.subarray(1 + seen), row * steps + seen);
    }
    const loss = tf.tidy(() => {
      const { ids, labels } = sequenceTensors({ x, y, batch: rows, steps });
      return softmaxCrossEntropy(model.forward(ids), labels, { reduction: 'sum', ignoreIndex: uncounted });
    });
    nats += (await loss.data())[0]!;
    loss.dispose();
  }
  return [nats, predicted];
}
