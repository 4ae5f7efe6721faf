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
  /** Hides whole words: whether a token begins one (a WordPiece without `##`). Without it each token is chosen alone. */
  startsWord?: (id: number) => boolean;
}

/** A sequence with some tokens hidden; `labels[i]` is what stood at `positions[i]`, positions in rising order. */
export interface MaskedTokens {
  ids: Int32Array;
  positions: number[];
  labels: number[];
}

/**
 * Chooses 15% of the tokens (at least one, if any may be chosen) to be predicted: 80% of them become [MASK], 10% stay,
 * 10% become a random token. With `startsWord` words are chosen in random order while they fit into that number (the
 * first one always), and what becomes of each of their tokens is drawn alone.
 *
 * Source: J. Devlin et al., "BERT" (2018), section 3.1; the book's `_replace_mlm_tokens`; whole words as in BERT's
 * `create_pretraining_data.py`.
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
  const positions = choose(words(candidates, masked, options.startsWord), wanted, rng).sort((a, b) => a - b);
  const labels = positions.map((i) => masked[i]!);
  for (const i of positions) {
    if (rng.bernoulli(0.8)) masked[i] = maskId;
    else if (rng.bernoulli(0.5)) masked[i] = rng.integer(0, vocabSize);
  }
  return { ids: masked, positions, labels };
}

/** Candidate positions by word; each a word of its own without `startsWord`. */
function words(
  candidates: number[],
  ids: Int32Array,
  startsWord: ((id: number) => boolean) | undefined,
): number[][] {
  const groups: number[][] = [];
  for (const i of candidates) {
    const goesOn = startsWord !== undefined && !startsWord(ids[i]!) && groups.at(-1)?.at(-1) === i - 1;
    if (goesOn) groups.at(-1)!.push(i);
    else groups.push([i]);
  }
  return groups;
}

/** Positions of words in random order, as long as no more than `wanted` come together; the first word always. */
function choose(groups: number[][], wanted: number, rng: Rng): number[] {
  const chosen: number[] = [];
  for (const group of rng.shuffle(groups)) {
    if (chosen.length >= wanted) break;
    if (chosen.length > 0 && chosen.length + group.length > wanted) continue;
    for (const i of group) chosen.push(i);
  }
  return chosen;
}
