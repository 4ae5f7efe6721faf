// Remembers the results of a function of short texts: words come again and again.

const maxRemembered = 100_000;
const maxLength = 256;

/** The same function; results for texts of up to 256 characters are kept, up to a number of them. */
export function remembered<T>(compute: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const result = compute(text);
    if (known.size >= maxRemembered) known.clear();
    if (text.length <= maxLength) known.set(text, result);
    return result;
  };
}
