// Strings of two languages: the same names, and texts that say the same values.
import { expect } from 'vitest';

/** Every string of `en` is there in `other`, of the same kind, and names each value that it is given. */
export function expectTranslated(en: object, other: object): void {
  for (const [key, value] of Object.entries(en) as [string, unknown][]) {
    const translated = (other as Record<string, unknown>)[key];
    expect(typeof translated, key).toBe(typeof value);
    if (typeof value !== 'function') continue;
    const args = ['«1»', '«2»', '«3»'].slice(0, value.length);
    const text = (translated as (...values: unknown[]) => string)(...args);
    for (const arg of args) expect(text, key).toContain(arg);
  }
}
