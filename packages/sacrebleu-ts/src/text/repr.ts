// Strings quoted as Python's `repr` quotes them, for log lines and error messages.

/** `repr(text)` for printable text; control characters are escaped. */
export function reprString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(/[\\\0-\x1f\x7f]|['"]/g, (c) => {
    if (c === '"' || c === "'") return c === quote ? `\\${c}` : c;
    const short = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }[c];
    return short ?? `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return quote + escaped + quote;
}
