// Strings quoted as Python's `repr` quotes them, for log lines and error messages.

const SHORT: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** `repr(text)` for printable text; control characters are escaped. */
export function reprString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = Array.from(text, (c) => {
    if (c === '"' || c === "'") return c === quote ? `\\${c}` : c;
    if (c === '\\') return '\\\\';
    if (c >= ' ' && c !== '\x7f') return c;
    return SHORT[c] ?? `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`;
  }).join('');
  return quote + escaped + quote;
}
