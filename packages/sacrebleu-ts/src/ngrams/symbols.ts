// Texts as sequences of integers: words by a shared vocabulary, characters by code point.

import { isWhitespace } from '../text/whitespace.ts';

/** A sequence of integers, the first `length` of `ids`. */
export interface Symbols {
  ids: Int32Array;
  length: number;
}

/** Numbers words in order of appearance. */
export class Vocabulary {
  readonly #ids = new Map<string, number>();

  /** The ids of the words; new words get new ids. */
  encode(words: readonly string[]): Symbols {
    const known = this.#ids;
    const ids = new Int32Array(words.length);
    for (let i = 0; i < words.length; i++) {
      let id = known.get(words[i]!);
      if (id === undefined) known.set(words[i]!, (id = known.size));
      ids[i] = id;
    }
    return { ids, length: words.length };
  }

  /** The ids of the words, -1 for words never encoded. */
  lookup(words: readonly string[]): Symbols {
    const ids = new Int32Array(words.length);
    for (let i = 0; i < words.length; i++) ids[i] = this.#ids.get(words[i]!) ?? -1;
    return { ids, length: words.length };
  }
}

/** The code points of a text, without its whitespace unless `keepWhitespace`. */
export function codePoints(text: string, keepWhitespace: boolean): Symbols {
  const ids = new Int32Array(text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit < 0xdc00) {
      const point = text.codePointAt(i)!;
      if (point > 0xffff) i++;
      ids[length++] = point;
    } else if (keepWhitespace || !isWhitespace(unit)) {
      ids[length++] = unit;
    }
  }
  return { ids, length };
}
