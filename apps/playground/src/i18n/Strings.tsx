// Gives components the strings of the chosen language, and lets them change it.
'use client';
import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';
import { rememberPreference } from '../ui/preferences.ts';
import en, { type Strings } from './en.ts';
import type { Locale } from './locale.ts';
import zh from './zh.ts';

const dictionaries: Record<Locale, Strings> = { en, zh };

interface StringsValue {
  locale: Locale;
  strings: Strings;
  setLocale(locale: Locale): void;
}

const StringsContext = createContext<StringsValue>({ locale: 'en', strings: en, setLocale: () => {} });

/** Provides the strings below it. */
export function StringsProvider({ initial, children }: { initial: Locale; children: ReactNode }) {
  const [locale, setLocale] = useState(initial);
  const value = useMemo(
    () => ({
      locale,
      strings: dictionaries[locale],
      setLocale: (next: Locale) => {
        rememberPreference('locale', next);
        document.documentElement.lang = next;
        setLocale(next);
      },
    }),
    [locale],
  );
  return <StringsContext value={value}>{children}</StringsContext>;
}

/** The strings of the interface. */
export const useStrings = (): Strings => useContext(StringsContext).strings;

/** The language and how to change it. */
export const useLocale = (): Omit<StringsValue, 'strings'> => useContext(StringsContext);
