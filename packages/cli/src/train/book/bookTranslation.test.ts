// The book's translation run on a handful of lines: data, learning by heart, repeatability.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useBackend } from '@d2lts/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRecipe } from '../../recipe/readRecipe.ts';
import type { BookTranslationRecipe } from '../../recipe/bookTranslation.ts';
import { bookPairs } from './bookPairs.ts';
import { type BookTranslationMetrics, trainBookTranslation } from './trainBookTranslation.ts';

const lines = [
  'Go.\tVa !',
  "I lost.\tJ'ai perdu.",
  "He's calm.\tIl est calme.",
  "I'm home.\tJe suis chez moi.",
];
const numSteps = 8;
let folder: string;

beforeAll(async () => {
  await useBackend();
  folder = await mkdtemp(join(tmpdir(), 'd2l-book-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the book's translation run", () => {
  it('reads pairs as rows of a fixed length', () => {
    const { source, target, rows } = bookPairs(lines, { numSteps, minFrequency: 1 });
    expect(source.tokens(rows[2]!.source)).toEqual(["he's", 'calm', '.', '<eos>', ...Array(4).fill('<pad>')]);
    expect(target.tokens(rows[0]!.target).slice(0, 3)).toEqual(['va', '!', '<eos>']);
    expect(rows[3]).toMatchObject({ sourceLen: 4, targetLen: 6 });
  });

  it.each([
    ['seq2seq', '{ architecture: seq2seq, embedSize: 16, hiddenSize: 16, numLayers: 1 }'],
    ['scheduled', '{ architecture: seq2seq, embedSize: 16, hiddenSize: 16, numLayers: 1 }', 0.9],
    [
      'transformer',
      '{ architecture: transformer, dim: 16, numHeads: 2, ffnDim: 32, encoderLayers: 1, decoderLayers: 1 }',
    ],
  ])('%s learns four sentences by heart and records every seed', async (name, model, teacherForcing = 1) => {
    const text = `
task: book-translation
data: { numSteps: ${numSteps}, minFrequency: 1 }
model: ${model}
training: { seeds: [1, 2], batchSize: 4, lr: 0.02, clipNorm: 1, epochs: 60, embeddingDeviation: 0.5, teacherForcing: ${teacherForcing} }
output: { name: book }`;
    const recipe = parseRecipe(text).recipe as BookTranslationRecipe;
    const said: string[] = [];
    const options = {
      recipe,
      recipeText: text,
      out: join(folder, name),
      resume: false,
      backend: { name: 'test', threads: 1 },
      say: (line: string) => said.push(line),
      pairs: bookPairs(lines, { numSteps, minFrequency: 1 }),
    };
    const out = await trainBookTranslation(options);
    const metrics = JSON.parse(await readFile(join(out, 'metrics.json'), 'utf8')) as BookTranslationMetrics;
    expect(metrics.runs.map(({ seed }) => seed)).toEqual([1, 2]);
    expect(metrics.runs[0]!.translations.map(({ translation }) => translation)).toEqual([
      'va !',
      "j'ai perdu .",
      'il est calme .',
      'je suis chez moi .',
    ]);
    expect(metrics.meanBleu).toBeGreaterThan(0.9);
    expect(said.at(-1)).toMatch(/^mean BLEU \d\.\d{3} over 2 seeds$/);
    if (name !== 'transformer') return;
    recipe.training.teacherForcing = 0.5;
    const refused = trainBookTranslation({ ...options, out: join(folder, 'refused') });
    await expect(refused).rejects.toThrow('teacherForcing must be 1 for a model');
    await expect(trainBookTranslation({ ...options, resume: true })).rejects.toThrow(
      'd2l train: a book-translation run writes no checkpoints to go on from',
    );
  });
});
