// The seam for Japanese and Korean: sacreBLEU's MeCab tokenizers around a segmenter you supply.

import { checkOptions, oneOf, TEXT, type Kind } from '../options.ts';
import { trim } from '../text/whitespace.ts';
import { defineTokenizer, type Tokenizer } from './types.ts';

/** What {@link mecabTokenizer} needs. */
export interface MecabOptions {
  /** `ja` for MeCab with the IPA dictionary, `ko` for mecab-ko with mecab-ko-dic. */
  language: 'ja' | 'ko';
  /** Splits a line into words joined by spaces, as `mecab -Owakati` does. */
  segment: (line: string) => string;
  /** MeCab's version for the signature, e.g. `0.996`. */
  version: string;
}

const OPTIONS = {
  language: oneOf(['ja', 'ko']),
  segment: { what: 'a function', accepts: (value) => typeof value === 'function' },
  version: TEXT,
} satisfies Record<keyof MecabOptions, Kind>;

/** The `ja-mecab` or `ko-mecab` tokenizer around a MeCab binding: pass it as `tokenize`. */
export function mecabTokenizer(options: MecabOptions): Tokenizer {
  checkOptions('mecabTokenizer', options, OPTIONS, ['language', 'segment', 'version']);
  const { language, segment, version } = options;
  const signature = `${language}-mecab-${version}-${language === 'ja' ? 'IPA' : 'KO'}`;
  return defineTokenizer(signature, (line) => trim(segment(trim(line))));
}
