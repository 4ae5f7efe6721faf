// The theme of the interface, for every part that shows or changes it.
'use client';
import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';
import { applyTheme, type Theme } from './preferences.ts';

interface ThemeValue {
  theme: Theme;
  setTheme(theme: Theme): void;
}

const ThemeContext = createContext<ThemeValue>({ theme: 'system', setTheme: () => {} });

/** Provides the theme below it. */
export function ThemeProvider({ initial, children }: { initial: Theme; children: ReactNode }) {
  const [theme, setTheme] = useState(initial);
  const value = useMemo(
    () => ({
      theme,
      setTheme: (next: Theme) => {
        applyTheme(next);
        setTheme(next);
      },
    }),
    [theme],
  );
  return <ThemeContext value={value}>{children}</ThemeContext>;
}

/** The theme and how to change it. */
export const useTheme = (): ThemeValue => useContext(ThemeContext);
