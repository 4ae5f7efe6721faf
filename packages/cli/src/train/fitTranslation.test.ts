// Training on a file of the user's: exact parts, BLEU on the way, and checkpoints that translate.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Translator } from '@d2lts/attention';
import { type LogRecord, useBackend } from '@d2lts/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseRecipe } from '../recipe/readRecipe.ts';
import type { TranslationRecipe } from '../recipe/translation.ts';
import { fitTranslation, trainTranslation } from './trainTranslation.ts';
import { splitExactly } from './translationPairs.ts';

let folder: string;
beforeAll(async () => {
  await useBackend();
  folder = await mkdtemp(join(tmpdir(), 'd2l-fit-'));
});
afterAll(() => rm(folder, { recursive: true }));

const pairs = Array.from({ length: 20 }, (_, i) => ({ source: `word ${i}`, target: `mot ${i}` }));

it('splits into exact shares, a sentence of each part at least', () => {
  const counts = (valid: number, test: number, some = pairs) => {
    const parts = splitExactly(some, { valid, test });
    return [parts.train.length, parts.valid.length, parts.test.length];
  };
  expect(counts(0.1, 0)).toEqual([18, 2, 0]);
  expect(counts(0.1, 0.25)).toEqual([13, 2, 5]);
  expect(counts(0.01, 0.01)).toEqual([18, 1, 1]);
  expect(() => counts(0.1, 0.1, pairs.slice(0, 2))).toThrow(/more than 2 different source sentences.*got 2/);
});

it('trains on a file, reports BLEU, and leaves checkpoints that are model folders', async () => {
  const file = join(folder, 'pairs.tsv');
  await writeFile(file, pairs.map(({ source, target }) => `${source}\t${target}`).join('\n'));
  const recipe = parseRecipe(`
task: translation
data: { file: ${JSON.stringify(file)}, valid: 0.1, test: 0, maxLen: 16 }
tokenizer: { vocabSize: 300 }
model: { architecture: bahdanau, embedSize: 8, hiddenSize: 8, numLayers: 1, maxLen: 16 }
training: { seed: 1, maxTokens: 64, lr: 0.01, maxSteps: 4, evaluateEvery: 2, saveEvery: 2, bleuSentences: 2 }
output: { name: own }`).recipe as TranslationRecipe;
  const records: LogRecord[] = [];
  const options = {
    recipe,
    recipeText: '',
    out: join(folder, 'run'),
    resume: false,
    backend: { name: 'x', threads: 1 },
    say: () => {},
    callbacks: [{ name: 'note', onLog: (record: LogRecord) => void records.push(record) }],
  };
  const { runFolder, model } = await fitTranslation(options);
  model.dispose();
  const evaluations = records.filter(({ kind }) => kind === 'evaluate');
  expect(evaluations.map(({ step }) => step)).toEqual([2, 4]);
  expect(Object.keys(evaluations[0]!.metrics)).toEqual(['loss', 'perplexity', 'bleu']);
  const translator = await Translator.load(runFolder.checkpointPath(2));
  expect((await translator.translate(['word 3']))[0]!.source).toBe('word 3');
  translator.dispose();
  await expect(trainTranslation({ ...options, out: join(folder, 'no') })).rejects.toThrow(
    /data.test must leave/,
  );
});
