// Loaders: every item once a pass, limits kept, exact resume, streams, padding, lines of files.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/temporaryFolder.ts';
import { Rng } from '../../random/index.ts';
import {
  DataLoader,
  LineFile,
  StreamLoader,
  fromArray,
  mapped,
  padSequences,
  readLines,
  subset,
  type BatchOptions,
  type Loader,
} from './index.ts';

const items = (count: number) => Array.from({ length: count }, (_, i) => i);
const itself = (batch: number[]) => batch;
const lengthOf = (item: number) => 1 + ((item * 7919) % 13);

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of source) all.push(item);
  return all;
}

const pass = <B>(loader: Loader<B>): Promise<B[]> => collect(loader);

/** Both loaders over 0 … count − 1 with the same options. */
function bothLoaders(
  count: number,
  options: Omit<BatchOptions<number, number[]>, 'collate' | 'rng'>,
  seed?: number,
) {
  const all = { ...options, collate: itself };
  const random = () => (seed === undefined ? all : { ...all, rng: new Rng(seed) });
  return {
    indexed: () => new DataLoader(fromArray(items(count)), random()),
    streamed: () => new StreamLoader({ stream: () => items(count) }, { ...random(), window: 64 }),
  };
}

describe.each(['indexed', 'streamed'] as const)('the %s loader', (kind) => {
  it('gives every item once a pass, within the limits, in an order of its own each pass', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(300),
        fc.integer({ min: 1, max: 50 }),
        fc.boolean(),
        fc.boolean(),
        async (count, size, tokens, sorted) => {
          const limits = tokens
            ? { maxTokens: size, length: lengthOf }
            : { batchSize: size, ...(sorted ? { length: lengthOf } : {}) };
          const loader = bothLoaders(count, limits, 3)[kind]();
          const [first, second] = [await pass(loader), await pass(loader)];
          expect(first.flat().sort((a, b) => a - b)).toEqual(items(count));
          expect(second.flat().sort((a, b) => a - b)).toEqual(items(count));
          if (count > 50) expect(second.flat()).not.toEqual(first.flat());
          for (const batch of first) {
            const cost = tokens ? batch.length * Math.max(...batch.map(lengthOf)) : batch.length;
            expect(cost <= size || (tokens && batch.length === 1)).toBe(true);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('goes on exactly where another was', async () => {
    const limits = { maxTokens: 40, length: lengthOf };
    const make = bothLoaders(150, limits, 5)[kind];
    const whole = make();
    const expected = [await pass(whole), await pass(whole), await pass(whole)].flat();
    for (const stop of [0, 1, 7, expected.length / 3, expected.length - 1].map(Math.floor)) {
      const first = make();
      const seen: number[][] = [];
      while (seen.length < stop) {
        for await (const batch of first) {
          seen.push(batch);
          if (seen.length === stop) break;
        }
      }
      const second = make();
      second.restore(JSON.parse(JSON.stringify(first.state())));
      while (seen.length < expected.length) seen.push(...(await pass(second)));
      expect(seen.slice(0, expected.length)).toEqual(expected);
    }
  });

  it('drops a short last batch only when told to', async () => {
    const kept = await pass(bothLoaders(10, { batchSize: 4 })[kind]());
    expect(kept).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ]);
    const dropped = await pass(bothLoaders(10, { batchSize: 4, dropLast: true })[kind]());
    expect(dropped).toEqual(kept.slice(0, 2));
  });

  it('refuses the position of another kind of loader', () => {
    const ordered = bothLoaders(3, { batchSize: 1 })[kind]();
    const random = bothLoaders(3, { batchSize: 1 }, 1)[kind]();
    expect(() => ordered.restore(random.state())).toThrow(/not shuffling/);
    expect(() => random.restore({ epoch: -1, batch: 0, rng: random.state().rng })).toThrow(/Loader.restore/);
  });
});

describe('DataLoader', () => {
  it('puts similar lengths together and still mixes batches', async () => {
    const loader = bothLoaders(2000, { batchSize: 10, length: lengthOf }, 1).indexed();
    const batches = await pass(loader);
    const spread = batches.map(
      (batch) => Math.max(...batch.map(lengthOf)) - Math.min(...batch.map(lengthOf)),
    );
    expect(Math.max(...spread)).toBeLessThanOrEqual(1);
    const firsts = batches.slice(0, 50).map((batch) => lengthOf(batch[0]!));
    expect(new Set(firsts).size).toBeGreaterThan(8);
    expect(loader.batchesPerEpoch).toBe(200);
  });

  it('knows its number of batches', async () => {
    expect(bothLoaders(10, { batchSize: 4 }).indexed().batchesPerEpoch).toBe(3);
    expect(bothLoaders(10, { batchSize: 4, dropLast: true }).indexed().batchesPerEpoch).toBe(2);
    const tokens = bothLoaders(10, { maxTokens: 20, length: lengthOf }).indexed();
    expect(tokens.batchesPerEpoch).toBeUndefined();
    expect(tokens.batchesPerEpoch ?? (await pass(tokens)).length).toBe(tokens.batchesPerEpoch);
  });

  it('refuses contradicting options', () => {
    const make = (options: object) => () => new DataLoader(fromArray([1]), { collate: itself, ...options });
    expect(make({})).toThrow(/either batchSize or maxTokens/);
    expect(make({ batchSize: 1, maxTokens: 1 })).toThrow(/either batchSize or maxTokens/);
    expect(make({ batchSize: 0 })).toThrow(/batchSize must be a positive integer, got 0/);
    expect(make({ maxTokens: 5 })).toThrow(/maxTokens needs length/);
    expect(make({ maxTokens: 5, length: () => 1, dropLast: true })).toThrow(/dropLast needs batchSize/);
    expect(
      () => new StreamLoader({ stream: () => [1] }, { collate: itself, batchSize: 1, window: 0 }),
    ).toThrow(/window/);
  });

  it('selects and maps without copying', () => {
    const some = mapped(subset(fromArray(['a', 'b', 'c']), [2, 0]), (item, index) => `${item}${index}`);
    expect([some.length, some.get(0), some.get(1)]).toEqual([2, 'c0', 'a1']);
  });
});

describe('padSequences', () => {
  it('pads, cuts and counts', () => {
    const batch = padSequences([[5, 6, 7], [], [8]], { padValue: 1 });
    expect(Array.from(batch.ids)).toEqual([5, 6, 7, 1, 1, 1, 8, 1, 1]);
    expect(Array.from(batch.lengths)).toEqual([3, 0, 1]);
    expect(batch.shape).toEqual([3, 3]);
    expect(Array.from(padSequences([[5, 6, 7]], { padValue: 0, steps: 2 }).ids)).toEqual([5, 6]);
    expect(() => padSequences([], { padValue: 0.5 })).toThrow(/must be an integer/);
  });
});

describe('lines of files', () => {
  it('come the same from a stream, a compressed stream and by index', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'a.txt');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary', maxLength: 30 })),
        fc.boolean(),
        async (texts, ended) => {
          const lines = texts.map((text) => text.replace(/[\r\n]/g, '') + 'é');
          await writeFile(path, lines.join('\n') + (ended && lines.length > 0 ? '\n' : ''));
          await writeFile(`${path}.gz`, gzipSync(lines.join('\r\n')));
          expect(await collect(readLines(path))).toEqual(lines);
          expect(await collect(readLines(`${path}.gz`))).toEqual(lines);
          const file = await LineFile.open(path);
          expect(items(file.length).map((i) => file.get(i))).toEqual(lines);
          file.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  it('give clear errors for missing, binary and endless files', async () => {
    const folder = await temporaryFolder();
    const read = (path: string) => collect(readLines(path));
    await expect(read(join(folder, 'none'))).rejects.toThrow(/none cannot be read/);
    await writeFile(join(folder, 'binary'), new Uint8Array([0xff, 0xfe, 0x00]));
    await expect(read(join(folder, 'binary'))).rejects.toThrow(/must be UTF-8 text/);
    await writeFile(join(folder, 'endless'), 'x'.repeat(2 ** 21));
    await expect(read(join(folder, 'endless'))).rejects.toThrow(/at most 1048576 bytes/);
    await expect(LineFile.open(join(folder, 'endless'))).rejects.toThrow(/at most 1048576 bytes/);
    await writeFile(join(folder, 'cut.gz'), gzipSync('hello\n'.repeat(1000)).subarray(0, 40));
    await expect(read(join(folder, 'cut.gz'))).rejects.toThrow(/cut.gz cannot be read/);
  });
});
