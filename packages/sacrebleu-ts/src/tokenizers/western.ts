// The punctuation rules of mteval-v13a, shared by the `13a` and `zh` tokenizers and by Tercom's.

/** Puts spaces around ASCII punctuation, save apostrophes, periods, commas and dashes. */
export function separateSymbols(line: string): string {
  return line.replace(/[{-~[-` -&(-+:-@/]/g, ' $& ');
}

/** Puts spaces around periods, commas and dashes that do not stand inside numbers. */
export function separateNumberMarks(line: string): string {
  return line
    .replace(/([^0-9])([.,])/g, '$1 $2 ')
    .replace(/([.,])([^0-9])/g, ' $1 $2')
    .replace(/([0-9])-/g, '$1 - ');
}

/** Undoes the four XML escapes of NIST's SGML files, in mteval's order. */
export function unescapeXml(line: string): string {
  if (!line.includes('&')) return line;
  return line
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
}
