// The options that both loaders share, and their checks.
import { ConfigError } from '../../errors/index.ts';
import type { Rng } from '../../random/index.ts';

/** How items become batches. Give `batchSize` or `maxTokens`. */
export interface BatchOptions<T, B> {
  /** Items in a batch. */
  batchSize?: number;
  /** Upper limit of items × longest length in a batch, in the unit of `length`. A longer item stands alone. */
  maxTokens?: number;
  /** An item's length; needed for `maxTokens`. When given, batches hold items of similar length. */
  length?: (item: T) => number;
  /** Leave out a last batch that is not full (only with `batchSize`). */
  dropLast?: boolean;
  /** Puts items in random order, anew each pass. Without it the order is the data set's. */
  rng?: Rng;
  /** Makes a batch from items. */
  collate: (items: T[]) => B;
}

/** Refuses options that contradict each other. */
export function checkBatchOptions<T, B>(operation: string, options: BatchOptions<T, B>): void {
  const { batchSize, maxTokens, length, dropLast } = options;
  const fail = (fact: string, value: unknown, argument: string): never => {
    throw new ConfigError({ operation, fact, value, argument });
  };
  if ((batchSize === undefined) === (maxTokens === undefined)) {
    fail('give either batchSize or maxTokens', { batchSize, maxTokens }, 'batchSize');
  }
  for (const [argument, value] of Object.entries({ batchSize, maxTokens })) {
    if (value !== undefined && !(Number.isInteger(value) && value > 0)) {
      fail(`${argument} must be a positive integer`, value, argument);
    }
  }
  if (maxTokens !== undefined && !length) fail('maxTokens needs length', undefined, 'length');
  if (maxTokens !== undefined && dropLast) fail('dropLast needs batchSize', maxTokens, 'dropLast');
}
