// The international tokenizer (mteval-v14): Unicode punctuation and symbols become tokens.

import { collapseWhitespace } from '../text/whitespace.ts';
import { defineTokenizer } from './types.ts';

/**
 * The `intl` tokenizer. Punctuation between two digits stays, as does a period after a number at
 * the end of a line (so does mteval-v14).
 */
export const tokenizeIntl = defineTokenizer('intl', (line) =>
  collapseWhitespace(
    line
      .replace(/(\P{N})(\p{P})/gu, '$1 $2 ')
      .replace(/(\p{P})(\P{N})/gu, ' $1 $2')
      .replace(/\p{S}/gu, ' $& '),
  ),
);
