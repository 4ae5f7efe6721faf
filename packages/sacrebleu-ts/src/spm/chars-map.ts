// Normalization rules compiled into a double-array trie: the longest known prefix and what replaces it.
// Format: Darts-clone (github.com/s-yata/darts-clone), embedded in SentencePiece's normalizer spec.

import { SacreBleuError } from '../errors.ts';

/** Finds replacements of UTF-8 prefixes. */
export class CharsMap {
  readonly #units: Uint32Array;
  readonly #replacements: Uint8Array;

  /** @throws SacreBleuError `INVALID_MODEL` when the blob is cut short */
  constructor(blob: Uint8Array) {
    const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
    const size = blob.length >= 4 ? view.getUint32(0, true) : -1;
    if (size < 4 || size % 4 !== 0 || 4 + size > blob.length) {
      throw new SacreBleuError(
        'INVALID_MODEL',
        'SentencePiece model: broken normalization rules; give an intact .model file',
        'model',
      );
    }
    this.#units = Uint32Array.from({ length: size / 4 }, (_, i) => view.getUint32(4 + 4 * i, true));
    this.#replacements = blob.subarray(4 + size);
  }

  /** The longest prefix at `start` that has a replacement: its length and the replacement's bytes. */
  longestPrefix(text: Uint8Array, start: number): { length: number; replacement: Uint8Array } | undefined {
    const units = this.#units;
    let best: { length: number; replacement: Uint8Array } | undefined;
    let node = offsetOf(units[0]!);
    for (let i = start; i < text.length; i++) {
      node ^= text[i]!;
      const unit = units[node];
      if (unit === undefined || labelOf(unit) !== text[i]) break;
      node ^= offsetOf(unit);
      if ((unit >>> 8) & 1)
        best = { length: i + 1 - start, replacement: this.#replacementAt(units[node]! & 0x7fffffff) };
    }
    return best;
  }

  #replacementAt(position: number): Uint8Array {
    const end = this.#replacements.indexOf(0, position);
    return this.#replacements.subarray(position, end < 0 ? undefined : end);
  }
}

// A label with the top bit set is a value unit and matches no byte.
function labelOf(unit: number): number {
  return (unit & 0x800000ff) >>> 0;
}

function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6);
}
