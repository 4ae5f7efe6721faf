// What reaches the trainer from a recipe: weights of batches, smoothing, schedules, what is kept, what is held out.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Translator } from '@d2lts/attention';
import { type Callback, type Metrics, DataLoader, fromArray, useBackend } from '@d2lts/core';
import { type EncodedPair, collatePairs, encodePairs } from '@d2lts/rnn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LanguageModelRecipe } from '../recipe/languageModel.ts';
import { parseRecipe } from '../recipe/readRecipe.ts';
import type { TranslationRecipe } from '../recipe/translation.ts';
import { loadLanguageData } from './languageModel/data.ts';
import { fitLanguageModel } from './languageModel/trainLanguageModel.ts';
import { TrainingPerplexity } from './languageModel/trainingPerplexity.ts';
import { cosineCycles } from './optimization.ts';
import { fitTranslation } from './trainTranslation.ts';
import { pairsFingerprint } from './translationPairs.ts';
import { validate } from './validate.ts';

let folder: string;
let runs = 0;
beforeAll(async () => {
  await useBackend();
  folder = await mkdtemp(join(tmpdir(), 'd2l-fitting-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Options of a run in a folder of its own that notes steps and evaluations. */
function optionsOf<R>(text: string) {
  const steps: { loss: number; weight: number }[] = [];
  const evaluations: Metrics[] = [];
  const note: Callback = {
    name: 'note',
    onStep: ({ loss, weight }) => void steps.push({ loss, weight }),
    onEvaluate: (metrics) => void evaluations.push(metrics),
  };
  const out = join(folder, `run-${runs++}`);
  const options = { recipeText: text, out, resume: false, backend: { name: 'x', threads: 1 }, say: () => {} };
  return {
    options: { ...options, recipe: parseRecipe(text).recipe as R, callbacks: [note] },
    steps,
    evaluations,
  };
}

describe('a translation recipe', () => {
  const recipe = (file: string, training: string, data = '') => `
task: translation
data: { file: ${JSON.stringify(file)}, valid: 0.3, test: 0, maxLen: 9${data} }
tokenizer: { vocabSize: 280 }
model: { architecture: seq2seq, embedSize: 4, hiddenSize: 4, numLayers: 1, maxLen: 16 }
training: { seed: 1, maxTokens: 20, lr: 0.01, epochs: 1, saveEvery: 1, ${training} }
output: { name: own }`;
  const special = { pad: 0, bos: 1, eos: 2 };
  let file: string;
  beforeAll(async () => {
    file = join(folder, 'pairs.tsv');
    const words = (i: number) => Array.from({ length: 1 + (i % 14) }, (_, k) => `w${(i + k) % 5}`).join(' ');
    const lines = Array.from({ length: 60 }, (_, i) => `${i % 10} ${words(i)}\t${words(i)}`);
    await writeFile(file, lines.join('\n'));
  });

  it('weighs by target tokens, keeps what is averaged, holds out what can be translated', async () => {
    const { options, steps } = optionsOf<TranslationRecipe>(recipe(file, 'average: 3, bleuSentences: 99'));
    const { model, tokenizer, config, data, heldOut, runFolder, result } = await fitTranslation(options);
    const train = encodePairs(data.train, tokenizer, special, { maxLen: 9 });
    const tokens = train.reduce((sum, { target }) => sum + target.length + 1, 0); // with the end token
    expect(steps.reduce((sum, { weight }) => sum + weight, 0)).toBe(tokens);
    expect(result.step).toBeGreaterThan(3);
    expect((await runFolder.checkpoints()).length).toBeGreaterThanOrEqual(3);
    const lengths = data.valid.map(({ source }) => tokenizer.encode(source).length);
    expect(Math.max(...lengths)).toBeGreaterThan(9);
    expect(heldOut.sentences).toHaveLength(lengths.filter((length) => length < 9).length);
    // One by one there is no padding: it does not count.
    const translator = Translator.from({ model, tokenizer, config });
    const pairs = data.valid.map(({ source, references }) => ({ source, target: references[0]! }));
    const valid = encodePairs(pairs, tokenizer, special, { maxLen: 9 });
    const single = new DataLoader(fromArray(valid), {
      batchSize: 1,
      collate: (items: readonly EncodedPair[]) => collatePairs(items, special),
    });
    const [together, alone] = [
      await validate(translator, heldOut),
      await validate(translator, { loader: single, sentences: [] }),
    ];
    expect(together['loss']).toBeCloseTo(alone['loss']!, 5);
    translator.dispose();
  });

  it('smooths labels in training and not in evaluation', async () => {
    const [plain, smooth] = await Promise.all(
      [0, 0.3].map(async (labelSmoothing) => {
        const training = `labelSmoothing: ${labelSmoothing}, maxSteps: 1, evaluateEvery: 1`;
        const run = optionsOf<TranslationRecipe>(recipe(file, training).replace('lr: 0.01', 'lr: 1.0e-9'));
        const { model } = await fitTranslation(run.options);
        model.dispose();
        return run;
      }),
    );
    expect(Math.abs(plain!.steps[0]!.loss - smooth!.steps[0]!.loss)).toBeGreaterThan(1e-4);
    expect(plain!.evaluations[0]!['loss']).toBeCloseTo(smooth!.evaluations[0]!['loss']!, 5);
  });
});

describe('a language model recipe', () => {
  const recipe = (file: string, tokenizer: string, model: string) => `
task: language-model
data: { file: ${JSON.stringify(file)}, heldOut: 0.3 }
tokenizer: ${tokenizer}
model: { architecture: rnn, cell: gru, hiddenSize: 6${model} }
training: { seed: 3, batchSize: 2, numSteps: 6, lr: 1.0e-9, maxSteps: 1, evaluateEvery: 1 }
output: { name: test }`;
  let file: string;
  beforeAll(async () => {
    file = join(folder, 'text.txt');
    await writeFile(file, 'the time traveller, for so it will be convenient; '.repeat(30));
  });

  it('counts bits by characters, whatever the tokens are', async () => {
    const { options, evaluations } = optionsOf<LanguageModelRecipe>(
      recipe(file, '{ kind: bpe, vocabSize: 290 }', ''),
    );
    const { model, data } = await fitLanguageModel(options);
    const { loss, bitsPerCharacter } = evaluations[0]!;
    expect(data.heldOut.length).toBeLessThan(data.heldOutCharacters / 2);
    const bits = (loss! / Math.LN2) * data.heldOut.length;
    expect(bitsPerCharacter).toBeCloseTo(bits / data.heldOutCharacters, 6);
    model.dispose();
  });

  it("draws the book's initial values where it says so", async () => {
    const { options } = optionsOf<LanguageModelRecipe>(recipe(file, '{ kind: char }', ', init: book'));
    const { model } = await fitLanguageModel(options);
    for (const [name, parameter] of model.namedParameters()) {
      const largest = Math.max(...parameter.dataSync().map(Math.abs));
      expect(largest, name).toBeLessThan(name.includes('bias') ? 1e-6 : 0.06);
      if (!name.includes('bias')) expect(largest, name).toBeGreaterThan(1e-3);
    }
    model.dispose();
  });
});

it('takes the hash of all that was read, whatever part it went to', async () => {
  const pair = (word: string) => ({ source: word, target: word });
  const held = (word: string) => [{ source: word, references: [word] }];
  const parts = { train: [pair('a'), pair('b')], valid: held('c'), test: held('d') };
  const hash = (changes: Partial<typeof parts>) =>
    pairsFingerprint({ name: 'x', source: 'en', target: 'fr', licence: '', ...parts, ...changes }).hash;
  const train = [pair('a')];
  const hashes = [{}, { train }, { valid: held('e') }, { test: held('e') }, { valid: [] }].map(hash);
  expect(new Set(hashes).size).toBe(hashes.length);

  const file = join(folder, 'read.txt');
  const hashOf = async (text: string) => {
    await writeFile(file, text);
    const recipe = {
      data: { file, cleaning: 'none', heldOut: 0.5 },
      tokenizer: { kind: 'char', minFrequency: 1 },
    };
    return (await loadLanguageData(recipe as LanguageModelRecipe)).fingerprint;
  };
  const whole = await hashOf('the same beginning, one end');
  expect(whole).toEqual(await hashOf('the same beginning, one end'));
  expect(whole.hash).not.toBe((await hashOf('the same beginning, two end')).hash);
});

it('starts the cosine again from a lower peak, and stays at the last end', () => {
  const schedule = cosineCycles({
    kind: 'cosine',
    warmup: 2,
    total: 10,
    final: 0,
    cycles: 3,
    cycleDecay: 0.5,
  });
  expect([10, 20].map((step) => schedule(step))).toEqual([0.5, 0.25]);
  expect(schedule(15)).toBeCloseTo(0.25);
  expect(schedule(25)).toBeCloseTo(0.125);
  expect(schedule(30)).toBeCloseTo(0);
  expect(schedule(99)).toBeCloseTo(0);
});

it('gives the perplexity of the last pass, or of the one before while a pass is not half done', () => {
  const trained = new TrainingPerplexity();
  const step = (epoch: number, loss: number, weight: number) =>
    trained.onStep({ step: 1, epoch, loss, weight, lr: 1, seconds: 1 });
  step(0, 2, 30);
  step(0, 4, 10);
  expect(trained.perplexity).toBeCloseTo(Math.exp(100 / 40));
  step(1, 1, 10);
  expect(trained.perplexity).toBeCloseTo(Math.exp(100 / 40));
  step(1, 1, 20);
  expect(trained.perplexity).toBeCloseTo(Math.E);
});
