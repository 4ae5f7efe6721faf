import { expect, test } from 'vitest';
import { expectTranslated } from '../../test/expectTranslated.ts';
import en from './en.ts';
import { negotiateLocale } from './locale.ts';
import zh from './zh.ts';

test('the browser’s languages choose the interface’s', () => {
  expect(negotiateLocale(null)).toBe('en');
  expect(negotiateLocale('de-DE,de;q=0.9')).toBe('en');
  expect(negotiateLocale('de, zh-CN;q=0.8, en;q=0.5')).toBe('zh');
  expect(negotiateLocale('zh;q=0.2, en-GB;q=0.9')).toBe('en');
});

test('every string is there in Chinese and says the same values', () => {
  expectTranslated(en, zh);
});
