// Cleaning text and splitting it into words or characters (the book's section 8.2).
import { ValueError } from '@d2lts/core';

/** Lines of letters only: everything else becomes one space, ends trimmed, lower case; as `read_time_machine`. */
export function cleanLines(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) =>
    line
      .replace(/[^A-Za-z]+/g, ' ')
      .trim()
      .toLowerCase(),
  );
}

/** Splits every line into words (at white space) or characters; as the book's `tokenize`. */
export function tokenize(lines: readonly string[], unit: 'word' | 'char' = 'word'): string[][] {
  if (unit === 'word') return lines.map((line) => line.split(/\s+/).filter((word) => word !== ''));
  if (unit === 'char') return lines.map((line) => Array.from(line));
  throw new ValueError({
    operation: 'tokenize',
    fact: 'unit must be "word" or "char"',
    value: unit,
    argument: 'unit',
  });
}
