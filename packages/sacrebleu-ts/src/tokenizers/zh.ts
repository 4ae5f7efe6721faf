// The Chinese tokenizer: one token a Chinese character, mteval's rules for the rest.

import { collapseWhitespace, trim } from '../text/whitespace.ts';
import { defineTokenizer } from './types.ts';
import { separateNumberMarks, separateSymbols } from './western.ts';

// sacreBLEU's table means the supplementary planes by its two ranges above U+FFFF, but compares
// them as U+2000 followed by "0" and so on; what it really separates are U+2001-U+2A6D and
// U+2F81-U+2FA1 (general punctuation, arrows, box drawing, ...), and no supplementary character.
const CHINESE =
  /[\u3400-\u4db5\u4e00-\u9fbb\uf900-\ufa2d\ufa30-\ufa6a\ufa70-\ufad9\u2001-\u2a6d\u2f81-\u2fa1\uff00-\uffef\u2e80-\u2eff\u3000-\u303f\u31c0-\u31ef\u2f00-\u2fdf\u2ff0-\u2fff\u3100-\u312f\u31a0-\u31bf\ufe10-\ufe1f\ufe30-\ufe4f\u3200-\u33ff]/g;

/** The `zh` tokenizer. */
export const tokenizeZh = defineTokenizer('zh', (line) =>
  collapseWhitespace(separateNumberMarks(separateSymbols(trim(line).replace(CHINESE, ' $& ')))),
);
