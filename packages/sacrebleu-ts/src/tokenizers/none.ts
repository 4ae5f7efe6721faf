// No tokenization: the text is taken as already split by spaces.

import { defineTokenizer } from './types.ts';

/** The `none` tokenizer: only for text that is tokenized already. */
export const tokenizeNone = defineTokenizer('none', (line) => line);
