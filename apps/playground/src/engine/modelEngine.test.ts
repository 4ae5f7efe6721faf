import { Translator } from '@d2lts/attention';
import { useBackend } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { d2l } from '../../../../packages/cli/test/d2l.ts';
import { tinyPairs, writeTinyModel } from '../../test/tinyModel.ts';
import { defaultSettings } from '../api/limits.ts';
import type { AttentionRequest, Segment } from '../api/types.ts';
import type { GenerateRequest } from '../modes/generate/contract.ts';
import type { ProbabilitiesRequest, TranslateRequest } from '../modes/translate/contract.ts';
import type { EngineEvent, Tell } from './engine.ts';
import { findModels } from './modelFolders.ts';
import { ModelEngine } from './modelEngine.ts';

let folder = '';
let engine: ModelEngine;

beforeAll(async () => {
  const backend = await useBackend();
  folder = await mkdtemp(join(tmpdir(), 'd2lts-playground-'));
  expect(await writeTinyModel(join(folder, 'tiny'))).toBeLessThan(0.2);
  engine = new ModelEngine(backend, await findModels([folder]));
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

const request = (change: Partial<TranslateRequest>): TranslateRequest => ({
  ...defaultSettings,
  text: tinyPairs[0]!.source,
  model: 'tiny',
  prefix: [],
  attention: false,
  stream: true,
  ...change,
});

const quiet: Tell = () => {};
const never = () => false;
const translate = (of: ModelEngine, request: TranslateRequest, tell = quiet, cancelled = never) =>
  of.run({ task: 'translate', kind: 'answer', request }, tell, cancelled);
const generate = (of: ModelEngine, request: GenerateRequest, tell = quiet, cancelled = never) =>
  of.run({ task: 'generate', kind: 'answer', request }, tell, cancelled);
const attend = async (of: ModelEngine, request: AttentionRequest) =>
  (await of.run({ task: request.task, kind: 'attention', request }, quiet, never))[0]!.maps!;
const probabilities = (request: ProbabilitiesRequest, cancelled = never) =>
  engine.run({ task: 'translate', kind: 'probabilities', request }, quiet, cancelled);

async function run(change: Partial<TranslateRequest>) {
  const events: EngineEvent[] = [];
  const segments = await translate(engine, request(change), (event) => events.push(event));
  return { segments, events };
}

test('translates line by line what the model knows, the same as Translator does', async () => {
  const text = tinyPairs.map(({ source }) => source).join('\n');
  const { segments } = await run({ text });
  const translator = await Translator.load(join(folder, 'tiny'));
  const own = await translator.translate(text.split('\n'));
  translator.dispose();
  expect(segments.map((segment) => segment.text)).toEqual(own.map(({ translation }) => translation));
  segments.forEach(({ score }, i) => expect(score).toBeCloseTo(own[i]!.score, 4));
  expect(segments[0]!.text).toBe(tinyPairs[0]!.target.replace('’', "'"));
});

test('shows attention that sums to one over the source, and n-best in order', async () => {
  const [segment] = (await run({ attention: true })).segments;
  const rows = segment!.attention!.layers[0]![0]!;
  expect(rows).toHaveLength(segment!.tokens.length);
  expect(rows[0]).toHaveLength(segment!.sourceTokens.length);
  for (const row of rows) expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 2);
  const scores = [segment!, ...segment!.alternatives].map(({ score }) => score);
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
});

test('tells every layer and head over an answer, with the tokens they belong to', async () => {
  const [segment] = (await run({})).segments;
  const tokens = segment!.tokens.map(({ id }) => id);
  const maps = await attend(engine, {
    task: 'translate',
    model: 'tiny',
    text: segment!.source,
    tokens,
  });
  expect(maps.map(({ kind }) => kind).sort()).toEqual(['cross', 'source', 'target']);
  for (const { layers, rows, columns } of maps)
    for (const head of layers.flat()) {
      expect([head.length, head[0]!.length]).toEqual([rows.length, columns.length]);
      for (const row of head) expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 2);
    }
  const cross = maps.find(({ kind }) => kind === 'cross')!;
  expect(cross.rows).toEqual(segment!.tokens.map(({ text }) => text));
  expect(cross.columns).toEqual(segment!.sourceTokens);
});

test('tells what else was probable along a translation that a beam found, with the beam’s own numbers', async () => {
  for (const repetitionPenalty of [1, 1.5]) {
    const { segments, events } = await run({ repetitionPenalty });
    const tokens = segments[0]!.tokens.map(({ id }) => id);
    const before = tf.memory().numTensors;
    const wanted = {
      model: 'tiny',
      text: segments[0]!.source,
      tokens,
      repetitionPenalty,
    };
    const [{ outputs }] = (await probabilities(wanted)) as [Segment];
    expect(tf.memory().numTensors).toBe(before);
    expect(outputs!.map(({ id, text }) => [id, text])).toEqual(
      segments[0]!.tokens.map(({ id, text }) => [id, text]),
    );
    outputs!.forEach(({ logProb, top }, i) => {
      expect(logProb).toBeCloseTo(segments[0]!.tokens[i]!.logProb, 3);
      expect(top).toHaveLength(8);
      expect(top.map((token) => token.logProb)).toEqual(
        top.map((token) => token.logProb).toSorted((a, b) => b - a),
      );
    });
    const first = events.find((event) => event.type === 'step')!.nodes.map(({ id }) => id);
    expect(outputs![0]!.top.slice(0, first.length).map(({ id }) => id)).toEqual(first);
    await expect(probabilities({ ...wanted, tokens: [1e6] })).rejects.toThrow('tokens.0');
    const many = { ...wanted, tokens: Array<number>(500).fill(5) };
    await expect(probabilities(many)).rejects.toMatchObject({ code: 'line_too_long' });
    await expect(probabilities(wanted, () => true)).rejects.toMatchObject({ name: 'Cancelled' });
  }
});

test.each([
  [[1e6], 'tokens.0: must be below'],
  [Array<number>(500).fill(5), 'This model reads at most 64 tokens'],
])('refuses to attend to tokens that the model cannot have said', async (tokens, message) => {
  const wanted = { task: 'translate', model: 'tiny', text: 'a', tokens };
  await expect(attend(engine, wanted)).rejects.toThrow(message);
});

test('tells of long lines what a window holds, and the rest of each row in one column', async () => {
  const own = new ModelEngine(engine.backend, await findModels([shipped]));
  const window = async (from: number) => {
    const text = 'the cat sat on the mat and '.repeat(12);
    const tokens = Array.from({ length: 80 }, (_, i) => 300 + i);
    const maps = await attend(own, {
      task: 'translate',
      model: 'en-fr-transformer',
      text,
      tokens,
      from,
    });
    return maps.find(({ kind }) => kind === 'cross')!;
  };
  const [first, second] = [await window(0), await window(64)];
  expect([first.rows.length, first.columns.length, first.columns.at(-1)]).toEqual([64, 65, '…']);
  expect([second.rows.length, second.columns.length]).toEqual([64, 65]);
  // The second window is the last 64 of 80 tokens.
  expect(second.rows.slice(0, 48)).toEqual(first.rows.slice(16));
  const sum = (row: number[]) => row.reduce((a, b) => a + b);
  for (const row of [...first.layers.flat(2), ...second.layers.flat(2)]) expect(sum(row)).toBeCloseTo(1, 1);
});

test('a token taken from the tree can be forced', async () => {
  const { events } = await run({});
  const step = events.find((event) => event.type === 'step')!;
  const other = step.nodes[1]!;
  const { segments } = await run({ prefix: [other.id] });
  expect(segments[0]!.tokens[0]).toMatchObject({
    id: other.id,
    logProb: expect.closeTo(other.logProb, 3) as number,
  });
});

const shipped = fileURLToPath(new URL('../../../../models', import.meta.url));

test('the shipped model says what Translator says', async () => {
  const models = await findModels([shipped]);
  const { card, path } = models.find((model) => model.card.task === 'translate')!;
  const text = 'Could you help me, please?';
  const own = new ModelEngine(engine.backend, models);
  const [segment] = await translate(own, request({ text, model: card.id, ...card.decoding }));
  const translator = await Translator.load(path);
  const [expected] = await translator.translate([text]);
  translator.dispose();
  expect(segment!.text).toBe(expected!.translation);
  expect(segment!.text).not.toBe('');
});

test('generates what `d2l generate` does, tells every token, and stops without leaks', async () => {
  const own = new ModelEngine(engine.backend, await findModels([shipped]));
  const wanted: GenerateRequest = {
    prompt: 'JULIET:\n',
    model: 'shakespeare-lstm',
    temperature: 0.7,
    topK: 20,
    topP: 0.9,
    minP: 0.02,
    repetitionPenalty: 1.1,
    seed: 3,
    maxTokens: 40,
    stream: true,
  };
  const events: EngineEvent[] = [];
  const [segment] = await generate(own, wanted, (event) => events.push(event));
  const flags = '--temperature 0.7 --top-k 20 --top-p 0.9 --min-p 0.02 --repetition-penalty 1.1 --seed 3';
  const model = join(shipped, wanted.model);
  const args = ['generate', '--model', model, '--prompt', wanted.prompt, '--max-tokens', '40'];
  const { out } = await d2l(...args, ...flags.split(' '));
  expect(wanted.prompt + segment!.text).toBe(out.slice(0, -1));
  const said = events.filter((event) => event.type === 'token');
  expect(said.map(({ token }) => token.text).join('')).toBe(segment!.text);
  for (const { token } of said) {
    expect(token.top).toHaveLength(8);
    const likeliest = token.top.map(({ logProb }) => logProb);
    expect(likeliest).toEqual(likeliest.toSorted((a, b) => b - a));
  }
  const before = tf.memory().numTensors;
  let asked = 0;
  const stopped = generate(own, wanted, quiet, () => (asked += 1) > 2);
  await expect(stopped).rejects.toMatchObject({ name: 'Cancelled' });
  expect(tf.memory().numTensors).toBe(before);
});

test('tells how a language model looked within its text; what is too far back is one column', async () => {
  const own = new ModelEngine(engine.backend, await findModels([shipped]));
  const attended = (model: string, tokens: number[], text = '\n') =>
    attend(own, { task: 'generate', model, text, tokens });
  expect(await attended('shakespeare-lstm', [5])).toEqual([]);
  const tokens = Array.from({ length: 99 }, (_, i) => 300 + i);
  const [short] = await attended('shakespeare-transformer', tokens.slice(0, 20));
  const [long] = await attended('shakespeare-transformer', tokens);
  expect(short!.columns).toEqual(short!.rows);
  expect(long!.columns).toEqual(['…', ...long!.rows]);
  expect(long!.rows).toHaveLength(64);
  for (const { layers } of [short!, long!])
    for (const row of layers.flat(2)) expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 2);
  expect(long!.layers[0]![0]![0]![0]).toBeGreaterThan(0);
});

test('under a small cap one model makes room for the other: answers stay the same, memory returns', async () => {
  const models = join(folder, 'two');
  await cp(join(folder, 'tiny'), join(models, 'one'), { recursive: true });
  await writeTinyModel(join(models, 'other'), { architecture: 'seq2seq', seed: 4, steps: 30 });
  const found = await findModels([models]);
  const bytes = found.map(({ card }) => card.parameters * 4);
  const base = tf.memory().numTensors;
  const engineOf = (capacityBytes: number) => new ModelEngine(engine.backend, found, { capacityBytes });
  const small = engineOf(Math.max(...bytes));
  const answer = async (own: ModelEngine, model: string) => {
    const [segment] = await translate(own, request({ model }));
    return { text: segment!.text, score: segment!.score, ...own.memory() };
  };
  const [one, other] = [await answer(small, 'one'), await answer(small, 'other')];
  expect(one.text).toBe(tinyPairs[0]!.target.replace('’', "'"));
  expect(other.text).not.toBe(one.text);
  for (let round = 0; round < 3; round += 1) {
    expect(await answer(small, 'one')).toEqual(one);
    expect(await answer(small, 'other')).toEqual(other);
  }
  // With room for both, both stay; what the small engine still holds is there too.
  const large = engineOf(bytes[0]! + bytes[1]!);
  await answer(large, 'one');
  const { tensors } = await answer(large, 'other');
  expect(tensors - other.tensors).toBe(one.tensors - base + (other.tensors - base));
});

test('a model whose weights went away is our fault, and no path is told', async () => {
  const models = join(folder, 'models');
  await cp(join(folder, 'tiny'), join(models, 'gone'), { recursive: true });
  const own = new ModelEngine(engine.backend, await findModels([models]));
  await rm(join(models, 'gone', 'model.safetensors'));
  const log = vi.spyOn(console, 'error').mockReturnValue();
  const failed = own.warm();
  await expect(failed).rejects.toMatchObject({ status: 500, code: 'model_unreadable' });
  await expect(failed).rejects.not.toThrow(folder);
  expect(String(log.mock.calls[0]![1])).toContain('model.safetensors');
  log.mockRestore();
});

test('empty lines stay empty; a line too long is refused; nothing leaks', async () => {
  const before = tf.memory().numTensors;
  expect(
    (await run({ text: 'I love you.\n \nIt is raining.' })).segments.map(({ text }) => text === ''),
  ).toEqual([false, true, false]);
  await expect(run({ text: 'x'.repeat(200) })).rejects.toMatchObject({ code: 'line_too_long', status: 422 });
  let asked = 0;
  const stopped = translate(engine, request({}), quiet, () => (asked += 1) > 2);
  await expect(stopped).rejects.toMatchObject({ name: 'Cancelled' });
  expect(tf.memory().numTensors).toBe(before);
});
