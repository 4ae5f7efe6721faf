import { expect, test } from 'vitest';
import { languageName } from './languageName.ts';

test('languages are called as the browser calls them', () => {
  for (const locale of ['en', 'zh'] as const) {
    const browser = new Intl.DisplayNames(locale, { type: 'language' });
    for (const code of ['de', 'en', 'fr', 'zh', 'es', 'zh-TW'])
      expect(languageName(code, locale)).toBe(browser.of(code));
    expect(languageName('?', locale)).toBe('?');
  }
});
