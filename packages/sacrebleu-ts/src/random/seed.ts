// The seed of the significance tests: SACREBLEU_SEED, 12345 when unset.

import { SacreBleuError } from '../errors.ts';

/** A fixed seed, or `none` for fresh randomness in every run. */
export interface Seed {
  /** What signatures show. */
  label: string;
  /** Undefined for `none`. */
  value: bigint | undefined;
}

interface ProcessLike {
  process?: { env?: Record<string, string | undefined> };
}

/**
 * Reads a seed: `none` (any case) or a non-negative integer; without an argument the environment
 * variable `SACREBLEU_SEED`, else 12345.
 *
 * @throws SacreBleuError `INVALID_SEED`
 */
export function resolveSeed(seed?: string | number | bigint): Seed {
  const text = String(
    seed ?? (globalThis as ProcessLike).process?.env?.['SACREBLEU_SEED'] ?? '12345',
  ).toLowerCase();
  if (text === 'none') return { label: text, value: undefined };
  if (!/^\s*\+?\d+(_\d+)*\s*$/.test(text)) {
    throw new SacreBleuError(
      'INVALID_SEED',
      `seed: must be a non-negative integer or 'none', got '${text}'; set SACREBLEU_SEED=12345 or unset it`,
      'seed',
      seed ?? text,
    );
  }
  return { label: text, value: BigInt(text.replace(/[\s+_]/g, '')) };
}

/** The seed's value, or 128 fresh random bits. */
export function seedValue(seed: Seed): bigint {
  if (seed.value !== undefined) return seed.value;
  return crypto.getRandomValues(new Uint32Array(4)).reduce((bits, word) => (bits << 32n) | BigInt(word), 0n);
}
