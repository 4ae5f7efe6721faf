// `d2l train --resume`: goes on where only limits and output have changed, and names what else has.
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJsonObject, writeJson } from '@d2lts/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { d2l } from '../../test/d2l.ts';

let folder: string;
const at = (...names: string[]) => join(folder, ...names);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'd2l-resume-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const pairs = Array.from({ length: 30 }, (_, i) => `word ${i} here\tmot ${i} ici`).join('\n');
const words = Array.from({ length: 80 }, (_, i) => `Line ${i % 7} of the time machine.\n`).join('');

const kinds = {
  translation: {
    content: pairs,
    changed: pairs.replace('mot 7 ici', 'mot 7 là'),
    recipe: `
task: translation
data: { file: FILE, valid: 0.1, test: 0.1, maxLen: 16 }
tokenizer: { vocabSize: 270 }
model: { architecture: seq2seq, embedSize: 4, hiddenSize: 4, numLayers: 1, maxLen: 16 }
training: { seed: 1, maxTokens: 64, lr: 0.01, maxSteps: 2 }
output: { name: test }`,
  },
  'language model': {
    content: words,
    changed: words.replace('Line 3', 'Line three'),
    recipe: `
task: language-model
data: { file: FILE, heldOut: 0.2 }
tokenizer: { kind: char }
model: { architecture: rnn, cell: gru, hiddenSize: 4 }
training: { seed: 3, batchSize: 4, numSteps: 10, lr: 0.01, maxSteps: 2 }
output: { name: test }`,
  },
};

describe.each(Object.entries(kinds))('d2l train --resume of a %s', (name, { content, changed, recipe }) => {
  const data = () => at(`${name}.txt`);
  const run = () => at(name);
  const resume = (...args: string[]) => d2l('train', '--resume', run(), '--quiet', ...args);
  const set = (...changes: string[]) => changes.flatMap((change) => ['--set', change]);

  beforeAll(async () => {
    await writeFile(data(), content);
    await writeFile(at('recipe.yaml'), recipe.replace('FILE', JSON.stringify(data())));
    expect(await d2l('train', at('recipe.yaml'), '--quiet', '--out', run())).toMatchObject({ code: 0 });
  });

  it('names the data file that has changed', async () => {
    const weights = () => readFile(at(name, 'checkpoints', 'step-00000002', 'model.safetensors'));
    const before = await weights();
    await writeFile(data(), changed);
    const { code, err } = await resume('--max-steps', '3');
    await writeFile(data(), content);
    expect(code).toBe(2);
    expect(err).toContain(`data (${data()})`);
    expect(err).toContain('must be as it was then');
    expect(err).not.toContain('recipe.');
    expect((await weights()).equals(before)).toBe(true);
  });

  it.each([
    ['training.lr=0.02', 'recipe.training (recipe.yaml)'],
    ['training.seed=2', 'recipe.training (recipe.yaml)'],
    ['model.hiddenSize=5', 'recipe.model (recipe.yaml)'],
    ['tokenizer.minFrequency=3', 'recipe.tokenizer (recipe.yaml)'],
    [name === 'translation' ? 'data.maxLen=15' : 'data.heldOut=0.3', 'recipe.data (recipe.yaml)'],
  ])('names the part of the recipe that has changed: %s', async (change, named) => {
    const { code, err } = await resume('--max-steps', '3', ...set(change));
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(named) });
  });

  it('names the batches that were chosen and the tokenizer when they have changed', async () => {
    expect((await resume('--max-steps', '3', '--overfit-batches', '1')).err).toContain('recipe.training');
    const path = at(name, 'checkpoints', 'step-00000002', 'state.json');
    const state = await readJsonObject(path);
    const fingerprints = state['fingerprints'] as Record<string, { file: string }>;
    const other = { ...fingerprints['tokenizer'], hash: `sha256:${'0'.repeat(64)}` };
    await writeJson(path, { ...state, fingerprints: { ...fingerprints, tokenizer: other } } as typeof state);
    const { code, err } = await resume('--max-steps', '3');
    await writeJson(path, state);
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringMatching(/step-00000002, tokenizer \(tokenizer\.json\) must be/),
    });
  });

  it('goes on when limits, output or the place of the data have changed', async () => {
    await copyFile(data(), at('moved.txt'));
    const limits = ['training.maxTime=500', 'training.evaluateEvery=1', 'training.keepLast=3'];
    const output = ['output.name=other', 'output.dtype=F32', `data.file=${at('moved.txt')}`];
    const { code, err } = await resume('--max-steps', '3', ...set(...limits, ...output));
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(err).not.toContain('has no hash');
    const metrics = JSON.parse(await readFile(at(name, 'model', 'metrics.json'), 'utf8')) as object;
    expect(metrics).toMatchObject({ training: { steps: 3 }, dtype: 'F32' });
  });

  it('says so when an earlier version wrote the checkpoint, and goes on', async () => {
    const path = at(name, 'checkpoints', 'step-00000003', 'state.json');
    const { fingerprints: _, ...state } = await readJsonObject(path);
    await writeJson(path, state);
    const { code, err } = await resume('--max-steps', '4');
    expect(code).toBe(0);
    expect(err).toMatch(/step-00000003 has no hash of recipe\.data \(recipe\.yaml\).*tokenizer\.json/);
  });
});
