// Subsequences of a corpus: what each sampling gives, resuming a pass, and corpora that stay on disk.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Rng } from '@d2lts/core';
import { afterAll, describe, expect, it } from 'vitest';
import {
  SeqDataLoader,
  type SequenceBatch,
  TokenFile,
  encodeLines,
  seqDataIterRandom,
  seqDataIterSequential,
  sequentialBatches,
} from './index.ts';

const corpus = Array.from({ length: 35 }, (_, i) => i);

describe('subsequences', () => {
  it('gives every random subsequence once, targets shifted by one', () => {
    const batches = [...seqDataIterRandom(corpus, { batchSize: 2, numSteps: 5, rng: new Rng(1) })];
    expect(batches).toHaveLength(3);
    const starts = new Set<number>();
    for (const { x, y, continues } of batches) {
      expect(Array.from(y)).toEqual(Array.from(x, (value) => value + 1));
      expect(continues).toBe(false);
      starts.add(x[0]!).add(x[5]!);
    }
    expect(starts.size).toBe(6);
  });

  it('goes on row by row in sequential order', () => {
    const batches = [...seqDataIterSequential(corpus, { batchSize: 2, numSteps: 5, rng: new Rng(3) })];
    expect(batches.map(({ continues }) => continues)).toEqual([false, true, true]);
    for (let i = 1; i < batches.length; i++) {
      expect(batches[i]!.x[0]).toBe(batches[i - 1]!.x[4]! + 1);
      expect(batches[i]!.x[5]).toBe(batches[i - 1]!.x[9]! + 1);
    }
  });

  it('keeps a shorter last batch when asked to', () => {
    const sizes = [...sequentialBatches(corpus, { batchSize: 2, numSteps: 7, keepLast: true })].map(
      ({ steps }) => steps,
    );
    expect(sizes).toEqual([7, 7, 3]);
    expect([...sequentialBatches([1], { batchSize: 1, numSteps: 2, keepLast: true })]).toEqual([]);
  });

  it('rejects sizes of zero', () => {
    const iterate = () => [...seqDataIterRandom(corpus, { batchSize: 0, numSteps: 5, rng: new Rng(1) })];
    expect(iterate).toThrow('batchSize must be a positive integer, got 0');
  });
});

describe.each(['sequential', 'random'] as const)('SeqDataLoader (%s)', (sampling) => {
  const make = (seed: number) =>
    new SeqDataLoader(corpus, { batchSize: 2, numSteps: 4, sampling, rng: new Rng(seed) });

  it('gives a fresh pass each time and resumes one exactly', async () => {
    const loader = make(2);
    const passes: SequenceBatch[][] = [[], [], []];
    for (const pass of passes) for await (const batch of loader) pass.push(batch);
    expect(new Set(passes.map((pass) => JSON.stringify(pass))).size).toBeGreaterThan(1);
    expect(passes[0]!.length).toBeLessThanOrEqual(loader.batchesPerEpoch);

    const stopped = make(2);
    for await (const _ of stopped);
    const some = stopped.batches();
    expect([some.next().value, some.next().value]).toEqual(passes[1]!.slice(0, 2));
    const state = JSON.parse(JSON.stringify(stopped.state())) as never;
    const resumed = make(99);
    resumed.restore(state);
    expect([...resumed.batches()]).toEqual(passes[1]!.slice(2));
    expect([...resumed.batches()]).toEqual(passes[2]);
    expect(() => resumed.restore({ epoch: 0, batch: 0, rng: null })).toThrow('what state() returned');
  });
});

describe('TokenFile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tokens-'));
  const path = join(folder, 'corpus.tokens');
  afterAll(() => rmSync(folder, { recursive: true }));

  it('gives the batches that memory gives', async () => {
    const lines = ['0 1 2 3', '', ...corpus.slice(4).map(String)];
    const encode = (line: string) => (line === '' ? [] : line.split(' ').map(Number));
    expect(await TokenFile.write(path, encodeLines(lines, encode))).toBe(35);
    const file = TokenFile.open(path);
    const options = { batchSize: 2, numSteps: 5 };
    for (const iterate of [seqDataIterRandom, seqDataIterSequential]) {
      expect([...iterate(file, { ...options, rng: new Rng(2) })]).toEqual([
        ...iterate(corpus, { ...options, rng: new Rng(2) }),
      ]);
    }
    expect(() => file.read(33, 3)).toThrow('must hold tokens 33 to 35, got 35');
    file.close();
  });

  it('leaves nothing behind when writing fails, and refuses what is no token file', async () => {
    const failing = encodeLines(['1', '2'], (line) => {
      if (line === '2') throw new Error('broken line');
      return [1];
    });
    await expect(TokenFile.write(join(folder, 'other'), failing)).rejects.toThrow('broken line');
    writeFileSync(join(folder, 'text'), 'hello');
    expect(() => TokenFile.open(join(folder, 'text'))).toThrow('must hold four bytes a token, got 5');
    expect(readdirSync(folder).sort()).toEqual(['corpus.tokens', 'text']);
  });
});
