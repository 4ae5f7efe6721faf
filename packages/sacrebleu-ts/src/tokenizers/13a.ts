// The default tokenizer: WMT's mteval-v13a.

import { collapseWhitespace } from '../text/whitespace.ts';
import { defineTokenizer } from './types.ts';
import { separateNumberMarks, separateSymbols, unescapeXml } from './western.ts';

/** The `13a` tokenizer: joins hyphenated line ends, unescapes XML, separates ASCII punctuation. */
export const tokenize13a = defineTokenizer('13a', (line) => {
  const joined = line.replaceAll('<skipped>', '').replaceAll('-\n', '').replaceAll('\n', ' ');
  return collapseWhitespace(separateNumberMarks(separateSymbols(` ${unescapeXml(joined)} `)));
});
