// Preferences that the server needs for the first paint are cookies; nothing else is.

/** Remembers a preference for a year. */
export function rememberPreference(name: 'locale' | 'theme', value: string): void {
  // oxlint-disable-next-line no-document-cookie -- the Cookie Store API is not in every browser yet
  document.cookie = `${name}=${value}; path=/; max-age=31536000; SameSite=Strict`;
}

/** Themes of the interface. */
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** Applies a theme to the page and remembers it. */
export function applyTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  rememberPreference('theme', theme);
}
