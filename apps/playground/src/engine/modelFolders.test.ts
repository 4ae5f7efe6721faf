import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeModelFolder } from '../../test/modelFolder.ts';
import { findModels, modelRoots, readMetrics } from './modelFolders.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'd2lts-models-'));
  const write = (name: string, config: string, metrics?: object) =>
    writeModelFolder(join(folder, name), config, metrics);
  await write('plain', '{}');
  await write(
    'scored',
    '{"name":"Scored","architecture":"gru","languages":{"source":"en","target":"fr"},"decoding":{"beamSize":5,"alpha":0.6}}',
    {
      data: { set: 'pairs' },
      bleu: { score: 31.5, signature: 's' },
    },
  );
  await write(
    'writer',
    '{"format":"d2lts-language-model","generation":{"prompt":"a","temperature":0.8,"topP":0.9}}',
    { scores: { heldOut: { perplexity: 4.2 }, ngram: { perplexity: 5 } } },
  );
  await write('foreign', '{"format":"another"}');
  await write('broken', '{');
  await mkdir(join(folder, 'empty'));
});
afterAll(() => rm(folder, { recursive: true }));

test('finds whole model folders, best first, and reads their cards', async () => {
  const models = await findModels([folder, join(folder, 'nowhere')]);
  expect(models.map(({ card }) => card.id)).toEqual(['scored', 'plain', 'writer']);
  expect(models[2]!.card).toMatchObject({
    task: 'generate',
    decoding: { temperature: 0.8, topP: 0.9 },
    metrics: [{ name: 'Perplexity', value: 4.2 }],
  });
  expect(models[0]!.card).toMatchObject({
    task: 'translate',
    name: 'Scored',
    architecture: 'gru',
    source: 'en',
    decoding: { beam: 5, lengthPenalty: 0.6 },
    parameters: 15,
    data: 'pairs',
    metrics: [{ name: 'BLEU', value: 31.5, signature: 's' }],
  });
  expect((await findModels([join(folder, 'plain')])).map(({ card }) => card.id)).toEqual(['plain']);
});

test('looks where D2LTS_MODELS says', () => {
  expect(modelRoots('/a/apps/playground', {})).toEqual([resolve('/a/models')]);
  expect(modelRoots('/a', { D2LTS_MODELS: ['/x', '/y'].join(delimiter) })).toEqual(['/x', '/y']);
});

test('reads scores in lists and by name, and nothing else', () => {
  const metrics = {
    seed: 1,
    test: [
      { name: 'BLEU', score: 30, signature: 'a' },
      { metric: 'chrF2', value: 50, data: 'd' },
    ],
  };
  expect(readMetrics(metrics)).toEqual([
    { name: 'BLEU', value: 30, signature: 'a' },
    { name: 'chrF2', value: 50, data: 'd' },
  ]);
});
