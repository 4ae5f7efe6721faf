// From sentence pairs to batches of ids that a translation model trains on.
import type { SentencePair } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import type { SubwordTokenizer } from '../tokenizer/index.ts';
import type { SpecialIds, TranslationBatch } from './model.ts';

/** A pair as ids: the source ended by the end token, the target bare. */
export interface EncodedPair {
  source: Int32Array;
  target: Int32Array;
}

/** Encodes pairs; those with more than `maxLen` tokens on a side (the end token included) are left out. */
export function encodePairs(
  pairs: Iterable<SentencePair>,
  tokenizer: SubwordTokenizer,
  { eos }: Pick<SpecialIds, 'eos'>,
  { maxLen = Infinity }: { maxLen?: number } = {},
): EncodedPair[] {
  const encoded: EncodedPair[] = [];
  for (const pair of pairs) {
    const source = Int32Array.of(...tokenizer.encode(pair.source), eos);
    const target = Int32Array.from(tokenizer.encode(pair.target));
    if (source.length <= maxLen && target.length < maxLen) encoded.push({ source, target });
  }
  return encoded;
}

/** Padded ids of some pairs, row-major, on the host: what a loader gives. */
export interface PairBatch {
  rows: number;
  sourceSteps: number;
  targetSteps: number;
  /** [rows, source steps] */
  source: Int32Array;
  /** [rows] */
  sourceLens: Int32Array;
  /** [rows, target steps] */
  input: Int32Array;
  /** [rows, target steps] */
  labels: Int32Array;
}

/** Pads some pairs to a batch. */
export function collatePairs(pairs: readonly EncodedPair[], { pad, bos, eos }: SpecialIds): PairBatch {
  const rows = pairs.length;
  const sourceSteps = Math.max(1, ...pairs.map(({ source }) => source.length));
  const targetSteps = 1 + Math.max(0, ...pairs.map(({ target }) => target.length));
  const source = new Int32Array(rows * sourceSteps).fill(pad);
  const input = new Int32Array(rows * targetSteps).fill(pad);
  const labels = new Int32Array(rows * targetSteps).fill(pad);
  pairs.forEach((pair, row) => {
    source.set(pair.source, row * sourceSteps);
    input[row * targetSteps] = bos;
    input.set(pair.target, row * targetSteps + 1);
    labels.set(pair.target, row * targetSteps);
    labels[row * targetSteps + pair.target.length] = eos;
  });
  const sourceLens = Int32Array.from(pairs, (pair) => pair.source.length);
  return { rows, sourceSteps, targetSteps, source, sourceLens, input, labels };
}

/** The batch as tensors; they belong to the surrounding `tf.tidy`, or to the caller. */
export function batchTensors(batch: PairBatch): TranslationBatch {
  const { rows, sourceSteps, targetSteps } = batch;
  return {
    source: tf.tensor2d(batch.source, [rows, sourceSteps], 'int32'),
    sourceLens: tf.tensor1d(batch.sourceLens, 'int32'),
    input: tf.tensor2d(batch.input, [rows, targetSteps], 'int32'),
    labels: tf.tensor2d(batch.labels, [rows, targetSteps], 'int32'),
  };
}
