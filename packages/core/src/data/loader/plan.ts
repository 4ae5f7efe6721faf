// The plan of one pass: which items form which batch, in which order.
import type { Rng } from '../../random/index.ts';

/** Sizes that decide where one batch ends. */
export interface BatchLimits {
  batchSize?: number | undefined;
  maxTokens?: number | undefined;
  dropLast?: boolean | undefined;
}

/** Batches whose lengths are sorted together: enough for even lengths, few enough to stay random. */
const batchesPerBucket = 100;

/**
 * Plans a pass over `count` items. With an `rng` the order is random; with `lengths` items of similar length come
 * together: random buckets of about 100 batches are sorted by length, cut into batches, and the batches shuffled.
 */
export function planBatches(
  count: number,
  limits: BatchLimits,
  lengths: ArrayLike<number> | undefined,
  rng: Rng | undefined,
): Int32Array[] {
  const order = rng ? rng.permutation(count) : Int32Array.from({ length: count }, (_, i) => i);
  if (!lengths) return cut(order, limits, undefined);
  const batches = buckets(order, limits, lengths, rng !== undefined).flatMap((bucket) => {
    return cut(
      bucket.sort((a, b) => lengths[a]! - lengths[b]!),
      limits,
      lengths,
    );
  });
  return rng ? rng.shuffle(batches) : batches;
}

function buckets(
  order: Int32Array,
  limits: BatchLimits,
  lengths: ArrayLike<number>,
  random: boolean,
): Int32Array[] {
  if (!random) return [order];
  let perBatch = limits.batchSize;
  if (perBatch === undefined) {
    let total = 0;
    for (let i = 0; i < lengths.length; i++) total += lengths[i]!;
    perBatch = Math.max(1, Math.floor((limits.maxTokens! * lengths.length) / Math.max(1, total)));
  }
  const size = perBatch * batchesPerBucket;
  const result: Int32Array[] = [];
  for (let at = 0; at < order.length; at += size) result.push(order.slice(at, at + size));
  return result;
}

function cut(order: Int32Array, limits: BatchLimits, lengths: ArrayLike<number> | undefined): Int32Array[] {
  const batches: Int32Array[] = [];
  let start = 0;
  let longest = 0;
  for (let i = 0; i < order.length; i++) {
    const length = lengths ? lengths[order[i]!]! : 1;
    if (i > start && isFull(i - start, Math.max(longest, length), limits)) {
      batches.push(order.subarray(start, i));
      start = i;
      longest = 0;
    }
    longest = Math.max(longest, length);
  }
  const rest = order.subarray(start);
  const keepRest = rest.length === limits.batchSize || !limits.dropLast;
  if (rest.length > 0 && keepRest) batches.push(rest);
  return batches;
}

/** Whether a batch of `count` items is complete, given the longest length if one more were added. */
export function isFull(count: number, longestWithNext: number, limits: BatchLimits): boolean {
  if (limits.batchSize !== undefined) return count >= limits.batchSize;
  return (count + 1) * longestWithNext > limits.maxTokens!;
}
