// One token a character (Unicode code point), for languages without spaces.

import { defineTokenizer } from './types.ts';

/** The `char` tokenizer. */
export const tokenizeChar = defineTokenizer('char', (line) => Array.from(line).join(' '));
