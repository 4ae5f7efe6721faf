import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { expectTranslated } from '../../test/expectTranslated.ts';
import * as errors from '@d2lts/core';
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

test('so is every string of the modes', async () => {
  const modes = new URL('../modes/', import.meta.url);
  const folders = readdirSync(modes, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.length).toBeGreaterThan(2);
  for (const { name } of folders) {
    const found = (await import(new URL(`${name}/strings.ts`, modes).href)) as Record<string, unknown>;
    const strings = found[`${name}Strings`] as { en: object; zh: object };
    expectTranslated(strings.en, strings.zh);
  }
});

test('every error that the server or the page can give has a sentence in Chinese', () => {
  const sources = new URL('..', import.meta.url);
  const texts = readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((name) => /^(api|chat|engine|modes|server|training)\/.*(?<!\.test)\.ts$/.test(name))
    .map((name) => readFileSync(new URL(name, sources), 'utf8'));
  const said =
    /(?:ApiError\(\s*\d+,|sendRawError\(\s*socket,\s*\d+,|(?:Request|Explained)Error\(|conflict\(|refused\(|code(?::| =))\s*'([a-z_0-9]+)'/g;
  const codes = [...texts.join('\n').matchAll(said)].map(([, code]) => code!);
  expect(codes.length).toBeGreaterThan(30);
  const ours = Object.values(errors).flatMap((Kind) =>
    typeof Kind === 'function' && (Kind === errors.D2LError || Kind.prototype instanceof errors.D2LError)
      ? new (Kind as typeof errors.D2LError)({ operation: 'a', fact: 'b' }).code
      : [],
  );
  expect(ours).toContain('ERR_NUMERICS');
  for (const code of [...codes, ...ours])
    expect(explainError(code, 'why', 'zh'), code).toMatch(/\p{Script=Han}/u);
  expect(explainError('invalid_request', 'text: too long', 'zh')).toBe('请求中有不允许的值：text: too long');
  expect(explainError('queue_full', 'The queue is full', 'en')).toBe('The queue is full');
  expect(explainError('http_502', 'The server answered 502', 'zh')).toBe('出错：The server answered 502');
  expect(explainError('constructor', 'why', 'zh')).toBe('出错：why');
});

test('no component says anything but by the strings', () => {
  const root = new URL('../..', import.meta.url);
  const words =
    /^\s+[A-Z][\w’]*(?: [\w’…,.]+)+\s*$|>\s*[A-Z][a-z]+[^<>{}()=;]*<\/|(?:label|title|placeholder|alt)="[A-Z]/m;
  expect('<p>\n  The page broke\n</p>').toMatch(words);
  expect('<h1>There is no page here</h1>').toMatch(words);
  expect('<a title="Open">').toMatch(words);
  const components = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /^(?:app|src)\/.*\.tsx$/.test(name),
  );
  expect(components.length).toBeGreaterThan(30);
  for (const name of components)
    expect(words.exec(readFileSync(new URL(name, root), 'utf8'))?.[0], name).toBeUndefined();
});
