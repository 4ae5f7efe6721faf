// A padded batch for BERT pretraining.
import { ShapeError } from '@d2lts/core';

/** One pretraining example: a masked sequence with its segments, predicted positions and next-sentence label. */
export interface PretrainingExample {
  ids: ArrayLike<number>;
  segments: ArrayLike<number>;
  positions: ArrayLike<number>;
  labels: ArrayLike<number>;
  isNext: boolean;
}

/** Flat, row-major arrays of `size` rows; padding has id `padId`, segment 0, position 0, weight 0. */
export interface PretrainingBatch {
  size: number;
  /** Length of every row of ids and segments. */
  maxLength: number;
  /** Predictions a row. */
  maxPredictions: number;
  /** `[size, maxLength]` */
  ids: Int32Array;
  /** `[size, maxLength]` */
  segments: Int32Array;
  /** `[size]`: tokens before the padding */
  validLens: Int32Array;
  /** `[size, maxPredictions]` */
  positions: Int32Array;
  /** `[size, maxPredictions]`: the hidden tokens */
  labels: Int32Array;
  /** `[size, maxPredictions]`: 1 for a real prediction, 0 for padding */
  weights: Float32Array;
  /** `[size]`: 1 where the second sentence follows the first */
  nextSentence: Int32Array;
}

/**
 * Pads examples to one length.
 *
 * Source: the book's `_pad_bert_inputs`.
 *
 * @throws ShapeError when an example is longer than maxLength or has more predictions than maxPredictions.
 */
export function padPretrainingExamples(
  examples: readonly PretrainingExample[],
  { maxLength, maxPredictions, padId }: { maxLength: number; maxPredictions: number; padId: number },
): PretrainingBatch {
  const size = examples.length;
  const batch: PretrainingBatch = {
    size,
    maxLength,
    maxPredictions,
    ids: new Int32Array(size * maxLength).fill(padId),
    segments: new Int32Array(size * maxLength),
    validLens: Int32Array.from(examples, (e) => e.ids.length),
    positions: new Int32Array(size * maxPredictions),
    labels: new Int32Array(size * maxPredictions),
    weights: new Float32Array(size * maxPredictions),
    nextSentence: Int32Array.from(examples, (e) => Number(e.isNext)),
  };
  examples.forEach((example, row) => {
    check(example.ids.length, maxLength, 'tokens', row);
    check(example.positions.length, maxPredictions, 'predictions', row);
    batch.ids.set(example.ids, row * maxLength);
    batch.segments.set(example.segments, row * maxLength);
    batch.positions.set(example.positions, row * maxPredictions);
    batch.labels.set(example.labels, row * maxPredictions);
    batch.weights.fill(1, row * maxPredictions, row * maxPredictions + example.positions.length);
  });
  return batch;
}

function check(length: number, limit: number, what: string, row: number): void {
  if (length > limit)
    throw new ShapeError({
      operation: 'padPretrainingExamples',
      fact: `example ${row} must have at most ${limit} ${what}`,
      value: length,
      advice: 'truncate it',
      argument: 'examples',
    });
}
