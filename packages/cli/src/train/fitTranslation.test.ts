// Training on a file of the user's: exact parts, BLEU on the way, and checkpoints that translate.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Translator } from '@d2lts/attention';
import { type LogRecord, RunFolder, useBackend } from '@d2lts/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseRecipe } from '../recipe/readRecipe.ts';
import type { TranslationRecipe } from '../recipe/translation.ts';
import { fitTranslation, trainTranslation } from './trainTranslation.ts';
import { lowercaseLabel, scoreCorpus } from './scoreCorpus.ts';
import { trainingBleu } from './trainingBleu.ts';
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
  expect(counts(0.2, 0.1)).toEqual([14, 4, 2]);
  expect(() => counts(0.1, 0.1, pairs.slice(0, 2))).toThrow(/more than 2 different source sentences.*got 2/);
});

it('scores two words and languages without spaces, and says how', () => {
  expect(trainingBleu('fr').corpusScore(['chat vert'], [['chat vert']]).score).toBeCloseTo(100);
  const chinese = trainingBleu('zh');
  expect(chinese.corpusScore(['红心'], [['红星']]).score).toBeGreaterThan(0);
  expect(chinese.getSignature().format()).toContain('eff:yes|tok:zh');
});

it('trains on a file, reports BLEU, and leaves checkpoints that are model folders', async () => {
  const file = join(folder, 'pairs.tsv');
  await writeFile(file, pairs.map(({ source, target }) => `${source}\t${target}`).join('\n'));
  const recipe = parseRecipe(`
task: translation
data: { file: ${JSON.stringify(file)}, valid: 0.1, test: 0, maxLen: 16 }
tokenizer: { vocabSize: 300 }
model: { architecture: bahdanau, embedSize: 8, hiddenSize: 8, numLayers: 1, maxLen: 16 }
training: { seed: 1, maxTokens: 64, lr: 0.01, maxSteps: 4, evaluateEvery: 2, saveEvery: 2, bleuSentences: 2, teacherForcing: 0.5 }
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

it('exports the best checkpoint by BLEU where the recipe wants it, and scores it', async () => {
  const file = join(folder, 'best.tsv');
  await writeFile(file, pairs.map(({ source, target }) => `${source}\t${target}`).join('\n'));
  const recipe = parseRecipe(`
task: translation
data: { file: ${JSON.stringify(file)}, target: zh, valid: 0.1, test: 0.1, maxLen: 16 }
tokenizer: { vocabSize: 300 }
model: { architecture: seq2seq, embedSize: 8, hiddenSize: 8, numLayers: 1, maxLen: 16 }
training:
  { seed: 1, maxTokens: 64, lr: 0.02, maxSteps: 6, evaluateEvery: 2, bleuSentences: 2, keepBest: true, patience: 5 }
output: { name: best, dtype: F32 }`).recipe as TranslationRecipe;
  const out = join(folder, 'best');
  const common = { recipe, recipeText: '', out, resume: false, backend: { name: 'x', threads: 1 } };
  const path = await trainTranslation({ ...common, say: () => {} });
  const [best, metrics] = await Promise.all(
    [join(out, 'best.json'), join(path, 'metrics.json')].map(
      async (name) => JSON.parse(await readFile(name, 'utf8')) as Record<string, never>,
    ),
  );
  expect(best).toMatchObject({ metric: 'bleu' });
  expect(metrics).toMatchObject({
    training: { weights: `those of step ${String(best!['step'])}, best by held-out bleu` },
    scores: { bleu: { signature: expect.stringContaining('tok:zh') }, sentences: 2 },
  });
  const run = await RunFolder.open(out);
  const [exported, kept] = await Promise.all(
    [path, run.checkpointPath(best!['step'])].map((folder) => readFile(join(folder, 'model.safetensors'))),
  );
  expect(exported!.equals(kept!)).toBe(true);
});

it('scores lower-cased too, and names Moses only where its rules are used', () => {
  const sentences = [{ references: ['红心和黑猫在一起'] }];
  const { bleuLowercase } = scoreCorpus(['红心和黑猫在一起'], sentences, { target: 'zh' });
  expect(bleuLowercase.score).toBeCloseTo(100, 9);
  expect(bleuLowercase.signature).toMatch(/case:lc.*tok:zh/);
  expect(lowercaseLabel(bleuLowercase)).toBe('lower-cased');
  const french = [{ references: ["L'homme mange une pomme rouge."] }];
  const fr = scoreCorpus(["l'Homme mange une pomme rouge."], french, { target: 'fr' });
  expect(fr.bleuLowercase.score).toBeCloseTo(100, 9);
  expect(fr.bleu.score).toBeLessThan(100);
  expect(lowercaseLabel(fr.bleuLowercase)).toBe('lower-cased, Moses tokens');
});
