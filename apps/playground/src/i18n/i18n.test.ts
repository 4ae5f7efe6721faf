import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { expectTranslated } from '../../test/expectTranslated.ts';
import en from './en.ts';
import { explainError } from './errors.ts';
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

test('every error that the server or the page can give has a sentence in Chinese', () => {
  const sources = new URL('..', import.meta.url);
  const texts = readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((name) => /^(api|chat|engine|server|training)\/.*(?<!\.test)\.ts$/.test(name))
    .map((name) => readFileSync(new URL(name, sources), 'utf8'));
  const said = /(?:ApiError\(\s*\d+,|RequestError\(|conflict\(|refused\(|code:)\s*'([a-z_0-9]+)'/g;
  const codes = [...texts.join('\n').matchAll(said)].map(([, code]) => code!);
  expect(codes.length).toBeGreaterThan(30);
  for (const code of codes) expect(explainError(code, 'why', 'zh'), code).toMatch(/\p{Script=Han}/u);
  expect(explainError('invalid_request', 'text: too long', 'zh')).toBe('请求中有不允许的值：text: too long');
  expect(explainError('queue_full', 'The queue is full', 'en')).toBe('The queue is full');
  expect(explainError('http_502', 'The server answered 502', 'zh')).toBe('The server answered 502');
});
