// What people call a language.
import type { Locale } from './locale.ts';

/** Of the models that ship: the browser's own names take it 20 ms to load, when the page has just begun to live. */
const names: Record<Locale, ReadonlyMap<string, string>> = {
  en: new Map(Object.entries({ de: 'German', en: 'English', fr: 'French', zh: 'Chinese' })),
  zh: new Map(Object.entries({ de: '德语', en: '英语', fr: '法语', zh: '中文' })),
};

/** A language by its code, in the words of the interface; the code itself where it has no name. */
export function languageName(code: string, locale: Locale): string {
  try {
    return names[locale].get(code) ?? new Intl.DisplayNames(locale, { type: 'language' }).of(code) ?? code;
  } catch {
    return code; // not a language code, as a recipe may have it
  }
}
