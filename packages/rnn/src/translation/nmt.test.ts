// The book's translation data, on a few lines of our own; its exact numbers where the data is there.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Rng, useBackend } from '@d2lts/core';
import { afterAll, describe, expect, it } from 'vitest';
import { Seq2Seq, initSeq2Seq, predictSeq2Seq, trainSeq2Seq } from '../seq2seq/index.ts';
import { preprocessNmt, tokenizeNmt } from '../text/index.ts';
import { loadDataNmt, nmtVocab, readDataNmt } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'nmt-'));
const path = join(folder, 'fra.txt');
afterAll(() => rmSync(folder, { recursive: true }));
const lines = ['Go.\tVa !', 'Go now.\tVa maintenant !', 'Run!\tCours\u202f!', 'Run now!\tCours maintenant !'];
writeFileSync(path, `${lines.join('\n')}\nWait.\tAttends !\n`);

describe('loadDataNmt', () => {
  it('gives padded batches with shifted inputs, and vocabularies of repeated words', async () => {
    const options = { path, batchSize: 4, numSteps: 4, numExamples: 4, rng: new Rng(1) };
    const { loader, sourceVocab, targetVocab } = await loadDataNmt(options);
    expect(sourceVocab.toJSON().slice(0, 4)).toEqual(['<unk>', '<pad>', '<bos>', '<eos>']);
    expect(sourceVocab.has('now')).toBe(true);
    expect(targetVocab.toJSON().sort()).toEqual([
      '!',
      '<bos>',
      '<eos>',
      '<pad>',
      '<unk>',
      'cours',
      'maintenant',
      'va',
    ]);
    const [batch] = [...loader.batches()];
    const words = (ids: Int32Array, row: number) =>
      targetVocab.tokens(ids.subarray(row * 4, row * 4 + 4)).join(' ');
    const rows = Array.from(
      { length: 4 },
      (_, row) => `${words(batch!.input, row)} | ${words(batch!.labels, row)}`,
    );
    expect(rows.sort()).toEqual([
      '<bos> cours ! <eos> | cours ! <eos> <pad>',
      '<bos> cours maintenant ! | cours maintenant ! <eos>',
      '<bos> va ! <eos> | va ! <eos> <pad>',
      '<bos> va maintenant ! | va maintenant ! <eos>',
    ]);
    expect([...batch!.sourceLens].sort()).toEqual([3, 3, 4, 4]);
  });

  it("learns them by the book's loop and translates", async () => {
    await useBackend();
    const options = { path, batchSize: 4, numSteps: 4, numExamples: 4, rng: new Rng(1) };
    const { loader, sourceVocab, targetVocab } = await loadDataNmt(options);
    const sizes = { embedSize: 8, hiddenSize: 16, numLayers: 1 };
    const model = new Seq2Seq(
      { vocabSize: sourceVocab.size, targetVocabSize: targetVocab.size, ...sizes },
      { rng: new Rng(2) },
    );
    initSeq2Seq(model, new Rng(3));
    const losses: number[] = [];
    const training = { lr: 0.02, numEpochs: 60, pad: targetVocab.index('<pad>') };
    const last = await trainSeq2Seq(model, loader, { ...training, onEpoch: (_, loss) => losses.push(loss) });
    expect(losses).toHaveLength(60);
    expect(last).toBe(losses.at(-1));
    expect(last).toBeLessThan(0.1);
    const free = new Seq2Seq(model.config, { rng: new Rng(2) });
    initSeq2Seq(free, new Rng(3));
    await expect(trainSeq2Seq(free, loader, { ...training, teacherForcing: 0.5 })).rejects.toThrow(
      'rng must',
    );
    const forcing = { teacherForcing: 0.5, rng: new Rng(4) };
    const scheduled = await trainSeq2Seq(free, loader, { ...training, ...forcing });
    expect(scheduled).not.toBe(last);
    expect(scheduled).toBeLessThan(0.1);
    const vocabs = { sourceVocab, targetVocab, numSteps: 4 };
    expect((await predictSeq2Seq(model, 'Run now !', vocabs)).text).toBe('cours maintenant !');
    expect((await predictSeq2Seq(model, 'go now now now now', vocabs)).result.hypotheses).toHaveLength(1); // cut
  });
});

const hasData = existsSync(join(process.env['D2LTS_DATA'] ?? '/nowhere', 'fra-eng'));

describe.runIf(hasData)('the whole English-French file (needs D2LTS_DATA)', () => {
  const sentences = (async () => tokenizeNmt(preprocessNmt(hasData ? await readDataNmt() : '')))();

  it("has the book's first words", async () => {
    const { source, target } = await sentences;
    expect([source[0], target[0]]).toEqual([
      ['go', '.'],
      ['va', '!'],
    ]);
  });

  // The book's count, and that of another edition of the file by the book's Python code.
  it.for([
    [10_012, 167_130],
    [9_929, 163_945],
  ] as const)('has a vocabulary of %d (only the edition of %d sentences)', async ([size, count], context) => {
    const { source } = await sentences;
    if (source.length !== count) context.skip(`this edition has ${source.length} sentences`);
    expect(nmtVocab(source).size).toBe(size);
  });
});
