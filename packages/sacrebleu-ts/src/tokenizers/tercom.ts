// Tercom's normalizer, the tokenization of TER (github.com/jhclark/tercom, Normalizer.java).

import { checkOptions, FLAG, type Kind } from '../options.ts';
import { collapseWhitespace } from '../text/whitespace.ts';
import { defineTokenizer, type Tokenizer } from './types.ts';
import { separateNumberMarks, separateSymbols, unescapeXml } from './western.ts';

const PUNCTUATION = /[.,?:;!"()]/g;
const ASIAN_PUNCTUATION = /[\u3001\u3002\u3008-\u3011\u3014-\u301f\uff61-\uff65\u30fb]/g;
const FULL_WIDTH_PUNCTUATION = /[\uff0e\uff0c\uff1f\uff1a\uff1b\uff01\uff02\uff08\uff09]/g;

// CJK ideographs, strokes, radicals, compatibility forms; then U+3200-U+3F22, as sacreBLEU has it
// (a slip for U+32FF), in a second pass: an ideograph in both ranges is only spaced twice.
const IDEOGRAPHS =
  /[\u4e00-\u9fff\u3400-\u4dbf\u31c0-\u31ef\u2e80-\u2eff\u3300-\u33ff\uf900-\ufaff\ufe30-\ufe4f\u3200-\u3f22]/g;

/** Options of the `tercom` tokenizer. */
export interface TercomOptions {
  /** Join lines, unescape XML, separate punctuation. Default false. */
  normalized?: boolean;
  /** Remove punctuation. Default false. */
  noPunct?: boolean;
  /** Also split CJK characters (with `normalized`) and remove Asian punctuation (with `noPunct`). Default false. */
  asianSupport?: boolean;
  /** Keep the case. Default false: everything is lowercased. */
  caseSensitive?: boolean;
}

/** The kinds of {@link TercomOptions}. */
export const TERCOM_OPTIONS = {
  normalized: FLAG,
  noPunct: FLAG,
  asianSupport: FLAG,
  caseSensitive: FLAG,
} satisfies Record<keyof TercomOptions, Kind>;

function normalizeWestern(line: string): string {
  const joined = unescapeXml(line.replaceAll('\n-', '').replaceAll('\n', ' '));
  return separateNumberMarks(separateSymbols(` ${joined} `).replaceAll("'s ", " 's "));
}

/** The `tercom` tokenizer with the given options. */
export function tercomTokenizer(options: TercomOptions = {}): Tokenizer {
  checkOptions('tercomTokenizer', options, TERCOM_OPTIONS);
  const { normalized = false, noPunct = false, asianSupport = false, caseSensitive = false } = options;
  return defineTokenizer('tercom', (line) => {
    let out = caseSensitive ? line : line.toLowerCase();
    if (normalized) {
      out = normalizeWestern(out);
      if (asianSupport) {
        out = out
          .replace(IDEOGRAPHS, ' $& ')
          .replace(ASIAN_PUNCTUATION, ' $& ')
          .replace(FULL_WIDTH_PUNCTUATION, ' $& ');
      }
    }
    if (noPunct) {
      out = out.replace(PUNCTUATION, '');
      if (asianSupport) out = out.replace(ASIAN_PUNCTUATION, '').replace(FULL_WIDTH_PUNCTUATION, '');
    }
    return collapseWhitespace(out);
  });
}
