// Makes a rectangular batch of integer sequences.
import { ValueError } from '../../errors/index.ts';

/** Sequences padded to one length, row-major, with their true lengths. */
export interface PaddedBatch {
  /** [batch, steps] */
  ids: Int32Array;
  /** [batch] */
  lengths: Int32Array;
  shape: [batch: number, steps: number];
}

export interface PadOptions {
  /** What stands after a sequence's end. */
  padValue: number;
  /** The number of steps; by default the longest sequence's length. Longer sequences are cut. */
  steps?: number;
}

/**
 * @example
 * padSequences([[5, 6, 7], [8]], { padValue: 0 });
 * // { ids: [5, 6, 7, 8, 0, 0], lengths: [3, 1], shape: [2, 3] }
 */
export function padSequences(sequences: readonly ArrayLike<number>[], options: PadOptions): PaddedBatch {
  const { padValue } = options;
  const steps = options.steps ?? sequences.reduce((longest, { length }) => Math.max(longest, length), 0);
  if (!Number.isInteger(padValue)) {
    throw new ValueError({
      operation: 'padSequences',
      fact: 'padValue must be an integer',
      value: padValue,
      argument: 'padValue',
    });
  }
  const ids = new Int32Array(sequences.length * steps).fill(padValue);
  const lengths = new Int32Array(sequences.length);
  sequences.forEach((sequence, row) => {
    const length = Math.min(sequence.length, steps);
    lengths[row] = length;
    for (let i = 0; i < length; i++) ids[row * steps + i] = sequence[i]!;
  });
  return { ids, lengths, shape: [sequences.length, steps] };
}
