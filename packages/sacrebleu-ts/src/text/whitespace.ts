// Whitespace as Python's `str` methods see it, which differs from JavaScript's `\s` in six characters.

// Python counts U+001C-U+001F and U+0085 as whitespace and U+FEFF not.
const CLASS = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const LEADING = new RegExp(`^[${CLASS}]+`);
const SEPARATOR = new RegExp(`[${CLASS}]+`);
const RUNS = new RegExp(`[${CLASS}]+`, 'g');

/** Whether a UTF-16 unit is whitespace for Python's `str.isspace`. */
export function isWhitespace(unit: number): boolean {
  if (unit < 0x80) return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d) || (unit >= 0x1c && unit <= 0x1f);
  if (unit < 0x1680) return unit === 0x85 || unit === 0xa0;
  return (
    unit === 0x1680 ||
    (unit >= 0x2000 && unit <= 0x200a) ||
    unit === 0x2028 ||
    unit === 0x2029 ||
    unit === 0x202f ||
    unit === 0x205f ||
    unit === 0x3000
  );
}

/** `text.rstrip()`. */
export function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isWhitespace(text.charCodeAt(end - 1))) end--;
  return end === text.length ? text : text.slice(0, end);
}

/** `text.strip()`. */
export function trim(text: string): string {
  return trimEnd(text).replace(LEADING, '');
}

/** `text.split()`: the words between runs of whitespace, never empty ones. */
export function splitWords(text: string): string[] {
  const trimmed = trim(text);
  return trimmed === '' ? [] : trimmed.split(SEPARATOR);
}

/** `' '.join(text.split())`. */
export function collapseWhitespace(text: string): string {
  return trim(text).replace(RUNS, ' ');
}
