// Every link of the pages: the file it leads to is there, and so is the heading.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** docs/*.md, CONTRIBUTING.md, and every README.md that is not installed or built. */
function pages(folder = root): string[] {
  const skipped = new Set(['node_modules', 'dist', 'build', 'runs', 'golden']);
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) || entry.name.startsWith('.') ? [] : pages(path);
    const wanted = /^(README|CONTRIBUTING)\.md$/.test(entry.name) || dirname(path) === join(root, 'docs');
    return wanted && entry.name.endsWith('.md') ? [path] : [];
  });
}

/** Without code, in which brackets are no links. */
const prose = (text: string) =>
  text.replace(/^```[^]*?^```/gm, '').replace(/`[^`\n]*`/g, (code) => code.replace(/[()[\]]/g, ''));

/** Targets of links and pictures. */
const links = (text: string) => [...prose(text).matchAll(/\]\(([^()\s]+)\)/g)].map(([, target]) => target!);

/** Headings as GitHub names them. */
function anchors(text: string): string[] {
  const headings = [...text.replace(/^```[^]*?^```/gm, '').matchAll(/^#{1,6} (.*)$/gm)];
  return headings.map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );
}

/** Why a link of a page leads nowhere; undefined when it does not. */
function broken(page: string, target: string): string | undefined {
  if (/^[a-z]+:/.test(target)) return undefined; // the net
  const [path, anchor] = target.split('#') as [string, string?];
  const file = path === '' ? page : join(dirname(page), path);
  if (!existsSync(file)) return `${target}: no such file`;
  if (anchor === undefined || /^L\d+/.test(anchor)) return undefined;
  const text = statSync(file).isDirectory() ? '' : readFileSync(file, 'utf8');
  return anchors(text).includes(anchor) ? undefined : `${target}: no such heading`;
}

describe('links', () => {
  it.each(pages().map((page) => relative(root, page)))('of %s lead somewhere', (name) => {
    const page = join(root, name);
    const text = readFileSync(page, 'utf8');
    expect(
      links(text)
        .map((target) => broken(page, target))
        .filter(Boolean),
    ).toEqual([]);
  });

  it('are found, and missed where they lead nowhere', () => {
    const text =
      'a [b](../README.md#tests), `[no](link)`\n\n```md\n[nor](this)\n```\n\n[c](x.md) [d](log.md#nothing) [e](https://x.y)';
    const page = join(root, 'docs/architecture.md');
    expect(links(text)).toEqual(['../README.md#tests', 'x.md', 'log.md#nothing', 'https://x.y']);
    expect(links(text).map((target) => broken(page, target))).toEqual([
      undefined,
      'x.md: no such file',
      'log.md#nothing: no such heading',
      undefined,
    ]);
  });
});

describe('architecture.md', () => {
  it('stays under 120 lines', () => {
    expect(
      readFileSync(join(root, 'docs/architecture.md'), 'utf8').trimEnd().split('\n').length,
    ).toBeLessThan(120);
  });
});

/** All sources in one text, for what the pages name. */
function sources(folder: string): string {
  const skipped = new Set(['node_modules', 'dist', 'build', 'wasm', 'golden']);
  const texts = readdirSync(folder, { withFileTypes: true }).map((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return skipped.has(entry.name) || entry.name.startsWith('.') ? '' : sources(path);
    return /\.(ts|tsx|cc|h|def|json)$/.test(entry.name) ? `${entry.name} ${readFileSync(path, 'utf8')}` : '';
  });
  return texts.join('\n');
}

it.each(['architecture.md', 'sentence.md', 'batch.md'])('%s names what there is in the code', (page) => {
  const text = readFileSync(join(root, 'docs', page), 'utf8');
  const words = new Set(
    ['packages', 'apps'].flatMap((folder) => sources(join(root, folder)).match(/[\w.]+/g)!),
  );
  const named = [...text.matchAll(/`([\w.]+)(?:\(\))?`/g)].map(([, name]) => name!);
  expect(named.length).toBeGreaterThan(3);
  const known = (name: string) =>
    words.has(name) || (!/\.[a-z]+$/.test(name) && name.split('.').every((part) => words.has(part)));
  const invented = /scale/i; // the example of how to add a kernel
  expect(named.filter((name) => !known(name) && !invented.test(name))).toEqual([]);
});
