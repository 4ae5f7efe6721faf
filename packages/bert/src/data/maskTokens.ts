// Masked language modelling: which tokens are hidden, and what the model sees instead.
import { type Rng, ValueError } from '@d2lts/core';

/** Options of {@link maskTokens}. */
export interface MaskOptions {
  /** Every id of the vocabulary is below this; random replacements are drawn from all of them. */
  vocabSize: number;
  /** The id of [MASK]. */
  maskId: number;
  /** Ids that are never hidden: [CLS], [SEP], [PAD]. */
  specialIds: readonly number[];
  rng: Rng;
  /** Share of all tokens that is predicted. Default 0.15. */
  probability?: number;
}

/** A sequence with some tokens hidden; `labels[i]` is what stood at `positions[i]`, positions in rising order. */
export interface MaskedTokens {
  ids: Int32Array;
  positions: number[];
  labels: number[];
}

/**
 * Chooses 15% of the tokens (at least one, if any may be chosen) to be predicted: 80% of them become [MASK], 10% stay,
 * 10% become a random token.
 *
 * Source: J. Devlin et al., "BERT" (2018), section 3.1; the book's `_replace_mlm_tokens`.
 *
 * @throws ValueError when probability is not in (0, 1].
 */
export function maskTokens(ids: ArrayLike<number>, options: MaskOptions): MaskedTokens {
  const { vocabSize, maskId, specialIds, rng, probability = 0.15 } = options;
  if (!(probability > 0 && probability <= 1))
    throw new ValueError({
      operation: 'maskTokens',
      fact: 'probability must be above 0 and at most 1',
      value: probability,
      argument: 'probability',
    });
  const masked = Int32Array.from(ids);
  const candidates = [...masked.keys()].filter((i) => !specialIds.includes(masked[i]!));
  const wanted = Math.min(candidates.length, Math.max(1, Math.round(masked.length * probability)));
  const positions = rng
    .shuffle(candidates)
    .slice(0, wanted)
    .sort((a, b) => a - b);
  const labels = positions.map((i) => masked[i]!);
  for (const i of positions) {
    if (rng.bernoulli(0.8)) masked[i] = maskId;
    else if (rng.bernoulli(0.5)) masked[i] = rng.integer(0, vocabSize);
  }
  return { ids: masked, positions, labels };
}
