// The data sets: parsers on made-up files, the split rule, the embedded set, and the real files where they are.
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/temporaryFolder.ts';
import {
  loadAirfoil,
  loadFashionMnist,
  loadText,
  loadTimeMachineLines,
  loadTranslation,
  parseIdx,
  readTabPairs,
  splitKey,
  splitPairs,
  splitPosition,
  type SentencePair,
} from '../index.ts';

describe('the split rule', () => {
  it('is what the documentation says, for ever', () => {
    expect(splitKey('  Run! ')).toBe('run');
    expect(splitKey("I'm OK.")).toBe('imok');
    expect(splitKey('ｒｕｎ')).toBe('run');
    expect(splitKey('?!')).toBe('?!');
    // SHA-256("run") begins with acba25512100f80b…
    expect(splitPosition('Run!')).toBe(0xacba2551 / 2 ** 32);
    expect(splitPosition('run')).toBe(splitPosition('"Run"?'));
  });

  it('never puts a sentence on two sides, loses none, and groups all references', () => {
    const word = fc.constantFrom('go', 'run', 'Run', 'stop', 'I', 'you');
    const sentence = fc
      .tuple(fc.array(word, { minLength: 1, maxLength: 3 }), fc.constantFrom('', '!', '.'))
      .map(([words, end]) => words.join(' ') + end);
    const pair = fc.record({ source: sentence, target: sentence });
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 60 }), fc.constantFrom('source', 'target'), (pairs, side) => {
        const parts = splitPairs(pairs, { test: 0.3, valid: 0.2 }, side as 'source' | 'target');
        const flat = (part: typeof parts.test): SentencePair[] =>
          part.flatMap(({ source, references }) => references.map((target) => ({ source, target })));
        const sides = [parts.train, flat(parts.valid), flat(parts.test)];
        const keys = sides.map((part) => new Set(part.map((item) => splitKey(item[side as 'source']))));
        for (const key of keys[0]!) expect(keys[1]!.has(key) || keys[2]!.has(key)).toBe(false);
        for (const key of keys[1]!) expect(keys[2]!.has(key)).toBe(false);
        const text = ({ source, target }: SentencePair) => `${source}\t${target}`;
        expect(new Set(sides.flat().map(text))).toEqual(new Set(pairs.map(text)));
        expect(new Set(parts.test.map(({ source }) => source)).size).toBe(parts.test.length);
      }),
    );
  });
});

describe('tab-separated pairs', () => {
  it('are read from text, gzip and zip, with NFC and plain spaces', async () => {
    const folder = await temporaryFolder();
    const text = 'Go.\tVa\u202f!\tCC-BY\n\nCafé?\tCafe\u0301\u00a0?\n';
    const expected = [
      { source: 'Go.', target: 'Va !' },
      { source: 'Café?', target: 'Café ?' },
    ];
    await writeFile(join(folder, 'a.txt'), text);
    await writeFile(join(folder, 'a.txt.gz'), gzipSync(text));
    await writeFile(
      join(folder, 'a.zip'),
      zipSync({ '_about.txt': strToU8('no'), 'fra-eng/fra.txt': strToU8(text) }),
    );
    for (const name of ['a.txt', 'a.txt.gz', 'a.zip'])
      expect(await readTabPairs(join(folder, name))).toEqual(expected);
  });

  it('name the line that is wrong', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'a.txt');
    await writeFile(path, 'Go.\tVa !\nStop.\n');
    await expect(readTabPairs(path)).rejects.toThrow(/line 2 of .*a.txt must be a sentence.*got "Stop."/);
    await writeFile(join(folder, 'a.zip'), 'PK nonsense');
    await expect(readTabPairs(join(folder, 'a.zip'))).rejects.toThrow(/cannot be unpacked/);
    await writeFile(join(folder, 'b.zip'), zipSync({ 'x.csv': strToU8('') }));
    await expect(readTabPairs(join(folder, 'b.zip'))).rejects.toThrow(/holds no text file/);
  });
});

describe('loadTranslation', () => {
  it('has an embedded set of real phrases in both directions, without network', async () => {
    const forth = await loadTranslation('emoji', { source: 'en', target: 'fr' });
    const back = await loadTranslation('emoji', { source: 'fr', target: 'en' });
    expect(forth).toMatchObject({ licence: 'MIT', origin: 'embedded' });
    expect(forth.train.length).toBeGreaterThan(1500);
    expect(forth.test.length).toBeGreaterThan(120);
    expect(forth.train).toContainEqual({ source: 'grinning face', target: 'visage rieur' });
    const english = new Set(forth.test.map(({ source }) => source));
    for (const { references } of back.test)
      for (const text of references) expect(english.has(text)).toBe(true);
  });

  it('serves the embedded set for a missing one only when told to', async () => {
    const environment = { D2LTS_CACHE: await temporaryFolder() };
    const options = { environment, download: false };
    await expect(loadTranslation('fra-eng', options)).rejects.toThrow(/data set fra-eng/);
    expect(await loadTranslation('fra-eng', { ...options, fallback: true })).toMatchObject({
      name: 'emoji',
      target: 'fr',
    });
    expect(await loadTranslation('cmn-eng', { ...options, fallback: true })).toMatchObject({
      name: 'emoji',
      target: 'zh',
    });
  });

  it('refuses unknown names and languages', async () => {
    await expect(loadTranslation('fra-eg')).rejects.toThrow(/did you mean "fra-eng"/);
    await expect(loadTranslation('fra-eng', { target: 'de' })).rejects.toThrow(
      /two languages of fra-eng, got "de"/,
    );
    await expect(loadTranslation('emoji', { source: 'fr', target: 'fr' })).rejects.toThrow(
      /two languages of emoji/,
    );
  });

  it('reads own files of any name', async () => {
    const path = join(await temporaryFolder(), 'mine.tsv');
    await writeFile(path, Array.from({ length: 200 }, (_, i) => `number ${i}\tnombre ${i}`).join('\n'));
    const data = await loadTranslation('fra-eng', {
      path,
      source: 'fr',
      target: 'en',
      shares: { test: 0.2, valid: 0.1 },
    });
    expect(data).toMatchObject({ origin: 'path', source: 'fr', target: 'en', licence: 'CC-BY-2.0-FR' });
    expect(data.test.length + data.valid.length + data.train.length).toBe(200);
    expect(data.train[0]!.source).toMatch(/^nombre/);
    expect(data.attribution).toContain('tatoeba.org');
  });
});

describe('IDX files', () => {
  it('are checked', () => {
    const file = (...bytes: number[]) => Uint8Array.from(bytes);
    expect(parseIdx(file(0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 7, 9), 'x')).toEqual({
      shape: [1, 2],
      data: file(7, 9),
    });
    expect(() => parseIdx(file(0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 3, 7, 9), 'x')).toThrow(
      /must hold 3 values.*got 2/,
    );
    expect(() => parseIdx(file(0, 0, 8, 9, 0), 'x')).toThrow(/ends inside its header/);
    expect(() => parseIdx(file(1, 2), 'x')).toThrow(/must be an IDX file/);
    expect(() => parseIdx(file(0, 0, 13, 1, 0, 0, 0, 0), 'x')).toThrow(/must be an IDX file of bytes/);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          parseIdx(bytes, 'x');
        } catch (error) {
          expect((error as Error).name).toBe('FormatError');
        }
      }),
    );
  });
});

// Facts of the real files; they need D2LTS_DATA.
const noData = !existsSync(join(process.env.D2LTS_DATA ?? '/none', 'fra-eng'));
describe.skipIf(noData)('the real files (need D2LTS_DATA)', { timeout: 180_000 }, () => {
  it('fra-eng has at least 2,000 test sentences with all their references', async () => {
    const { train, valid, test, origin } = await loadTranslation('fra-eng');
    expect(origin).toBe('D2LTS_DATA');
    expect(test.length).toBe(2927);
    expect(valid.length).toBe(1084);
    expect(train.length).toBe(158_222);
    expect(Math.max(...test.map(({ references }) => references.length))).toBeGreaterThan(5);
    const seen = new Set(train.map(({ source }) => source.toLowerCase()));
    expect(test.some(({ source }) => seen.has(source.toLowerCase()))).toBe(false);
  });

  it('cmn-eng and multi30k load', async () => {
    const chinese = await loadTranslation('cmn-eng');
    expect(chinese.test.length).toBeGreaterThan(2000);
    expect(chinese.train[0]!.target).toMatch(/\p{Script=Han}/u);
    const captions = await loadTranslation('multi30k', { target: 'de' });
    expect([captions.train.length, captions.test.length]).toEqual([29_000, 1000]);
  });

  it('the texts and tables have their known sizes', async () => {
    const lines = await loadTimeMachineLines();
    expect(lines).toHaveLength(3221);
    expect(lines[0]).toBe('the time machine by h g wells');
    expect(lines[10]).toBe('twinkled and his usually pale face was flushed and animated the');
    expect((await loadText('tiny-shakespeare')).text).toHaveLength(1_115_394);
    const airfoil = await loadAirfoil({ standardise: true });
    expect(airfoil.rows).toBe(1503);
    expect(Math.abs(airfoil.targets.reduce((sum, x) => sum + x, 0) / 1503)).toBeLessThan(1e-6);
    const { images, labels } = await loadFashionMnist('test');
    expect(images.shape).toEqual([10_000, 28, 28]);
    expect([labels[0], labels[1]]).toEqual([9, 2]);
  });
});
