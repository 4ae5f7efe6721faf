// SentencePiece's precompiled normalisation: a double-array trie from character sequences to what replaces them.
import { FormatError } from '@d2lts/core';

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });
const windowLength = 256;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Reads a `precompiled_charsmap` and gives the function that normalises by it: graphemes of up to five bytes are looked up
 * whole, longer ones character by character.
 *
 * Source: SentencePiece's normalizer.cc; Darts-clone's double array (unit: offset, leaf flag, label).
 *
 * @throws FormatError when the data are not such a map
 */
export function readCharsMap(operation: string, base64: unknown): (text: string) => string {
  const fail = (fact: string): never => {
    throw new FormatError({ operation, fact: `precompiled_charsmap ${fact}`, advice: 'copy the file again' });
  };
  if (typeof base64 !== 'string') return fail('must be base64');
  let bytes: Uint8Array;
  try {
    bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  } catch {
    return fail('must be base64');
  }
  const view = new DataView(bytes.buffer);
  const size = bytes.length >= 4 ? view.getUint32(0, true) : 1;
  if (size % 4 !== 0 || size + 4 > bytes.length) return fail('is truncated');
  const units = Uint32Array.from({ length: size / 4 }, (_, i) => view.getUint32(4 + 4 * i, true));
  const texts = bytes.subarray(4 + size);

  /** What replaces the shortest known beginning of a sequence. */
  const lookUp = (sequence: string): string | undefined => {
    let node = offset(units[0] ?? 0);
    for (const byte of encoder.encode(sequence)) {
      if (byte === 0) return undefined;
      node ^= byte;
      const unit = units[node];
      if (unit === undefined || (unit & 0x800000ff) !== byte) return undefined;
      node ^= offset(unit);
      if (((unit >>> 8) & 1) === 0) continue;
      const start = (units[node] ?? 0) & 0x7fffffff;
      const end = texts.indexOf(0, start);
      return start >= texts.length || end < 0 ? undefined : decoder.decode(texts.subarray(start, end));
    }
    return undefined;
  };

  return (text) => {
    let result = '';
    for (const segment of graphemes(text)) {
      const whole = encoder.encode(segment).length < 6 ? lookUp(segment) : undefined;
      if (whole !== undefined) result += whole;
      else for (const character of segment) result += lookUp(character) ?? character;
    }
    return result;
  };
}

function offset(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6);
}

/** The graphemes of a text, found in short windows: the segmenter takes quadratic time for long texts. */
function* graphemes(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    const segments = Array.from(segmenter.segment(text.slice(start, start + windowLength)));
    // The last of a window may go on; one as long as the window is looked up character by character anyway.
    if (start + windowLength < text.length && segments.length > 1) segments.pop();
    for (const { segment } of segments) {
      yield segment;
      start += segment.length;
    }
  }
}
