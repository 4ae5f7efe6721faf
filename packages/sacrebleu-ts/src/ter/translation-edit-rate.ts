// The number of edits of TER: shifts of phrases, found greedily, plus the edit distance that remains.
// Paper: Snover et al. 2006 (https://aclanthology.org/2006.amta-papers.25); the search is Tercom's.

import { BeamEditDistance, Edit } from './edit-distance.ts';

/** Longest phrase that is shifted, in words. */
const MAX_SHIFT_SIZE = 10;
/** Farthest two phrases may stand apart to be matched, in words. */
const MAX_SHIFT_DISTANCE = 50;
/** Shifts tried in all before the search gives up. */
const MAX_SHIFT_CANDIDATES = 1000;

/** A phrase `[start, start + length)` that moves to `target`, and what that gains in edits. */
export interface Shift {
  start: number;
  length: number;
  target: number;
  gain: number;
}

/** Where the reference words stand in the hypothesis, and which words on each side are edited. */
interface Alignment {
  positions: Int32Array;
  referenceErrors: Uint8Array;
  hypothesisErrors: Uint8Array;
}

/** Edits and shifts from a hypothesis to a reference, both as word ids. */
export function translationEditRate(
  hypothesis: Int32Array,
  reference: Int32Array,
  onShift?: (shift: Shift) => void,
): number {
  if (reference.length === 0) return hypothesis.length;
  const distance = new BeamEditDistance(reference, hypothesis.length);
  const search = new ShiftSearch(distance, reference);
  let words = hypothesis;
  let shifts = 0;
  for (;;) {
    const cost = distance.align(words);
    const shift = search.best(words, cost);
    if (search.exhausted || !shift || shift.gain <= 0) return shifts + cost;
    onShift?.(shift);
    words = moved(words, shift.start, shift.length, shift.target, new Int32Array(words.length));
    shifts++;
  }
}

/** Writes the words with a phrase moved to `target` (a position in the words before the move). */
export function moved(
  words: Int32Array,
  start: number,
  length: number,
  target: number,
  out: Int32Array,
): Int32Array {
  // A target inside the phrase means that many words further, as Tercom has it.
  const to =
    target < start
      ? target
      : target > start + length
        ? target - length
        : Math.min(target, words.length - length);
  out.set(words);
  if (to < start) out.copyWithin(to + length, to, start);
  else out.copyWithin(start, start + length, to + length);
  out.set(words.subarray(start, start + length), to);
  return out;
}

class ShiftSearch {
  #candidates = 0;
  readonly #distance: BeamEditDistance;
  readonly #reference: Int32Array;

  constructor(distance: BeamEditDistance, reference: Int32Array) {
    this.#distance = distance;
    this.#reference = reference;
  }

  /** Whether the limit of candidates over all rounds is reached. */
  get exhausted(): boolean {
    return this.#candidates >= MAX_SHIFT_CANDIDATES;
  }

  /** The shift that gains most; on ties the longest, then the earliest phrase, then the earliest target. */
  best(words: Int32Array, cost: number): Shift | undefined {
    const alignment = alignmentOf(this.#distance.trace(), words.length, this.#reference.length);
    const buffer = new Int32Array(words.length);
    let best: Shift | undefined;
    for (const [start, referenceStart, length] of matchingPhrases(words, this.#reference)) {
      if (!isWorthTrying(alignment, start, referenceStart, length)) continue;
      let last = -1;
      for (let offset = -1; offset < length; offset++) {
        const anchor = referenceStart + offset;
        const target = anchor === -1 ? 0 : alignment.positions[anchor]! + 1;
        if (target === last) continue;
        last = target;
        moved(words, start, length, target, buffer);
        const [from, to] = [
          Math.min(start, target),
          Math.min(words.length, Math.max(start, target) + length),
        ];
        const gain = cost - this.#distance.distance(buffer, from, to);
        this.#candidates++;
        const shift = { start, length, target, gain };
        if (!best || isBetter(shift, best)) best = shift;
      }
      if (this.exhausted) break;
    }
    return best;
  }
}

function isBetter(a: Shift, b: Shift): boolean {
  if (a.gain !== b.gain) return a.gain > b.gain;
  if (a.length !== b.length) return a.length > b.length;
  if (a.start !== b.start) return a.start < b.start;
  return a.target < b.target;
}

// Both phrases must have an error now, and the phrase must not be aligned with itself.
function isWorthTrying(alignment: Alignment, start: number, referenceStart: number, length: number): boolean {
  const position = alignment.positions[referenceStart]!;
  if (position >= start && position < start + length) return false;
  return (
    alignment.hypothesisErrors.subarray(start, start + length).includes(1) &&
    alignment.referenceErrors.subarray(referenceStart, referenceStart + length).includes(1)
  );
}

function* matchingPhrases(words: Int32Array, reference: Int32Array): Generator<[number, number, number]> {
  for (let start = 0; start < words.length; start++) {
    const from = Math.max(0, start - MAX_SHIFT_DISTANCE);
    const to = Math.min(reference.length, start + MAX_SHIFT_DISTANCE + 1);
    for (let referenceStart = from; referenceStart < to; referenceStart++) {
      const longest = Math.min(MAX_SHIFT_SIZE, words.length - start, reference.length - referenceStart);
      for (let length = 1; length <= longest; length++) {
        if (words[start + length - 1] !== reference[referenceStart + length - 1]) break;
        yield [start, referenceStart, length];
      }
    }
  }
}

function alignmentOf(reversedEdits: number[], hypothesisLength: number, referenceLength: number): Alignment {
  const positions = new Int32Array(referenceLength);
  const referenceErrors = new Uint8Array(referenceLength);
  const hypothesisErrors = new Uint8Array(hypothesisLength);
  let i = -1;
  let j = -1;
  for (let at = reversedEdits.length - 1; at >= 0; at--) {
    const edit = reversedEdits[at]!;
    const error = edit === Edit.None ? 0 : 1;
    if (edit !== Edit.Insert) hypothesisErrors[++i] = error;
    if (edit !== Edit.Delete) {
      positions[++j] = i;
      referenceErrors[j] = error;
    }
  }
  return { positions, referenceErrors, hypothesisErrors };
}
