import type { StepDecoder } from '@d2lts/rnn';
import { expect, test } from 'vitest';
import { defaultSettings } from '../../api/limits.ts';
import type { EngineEvent } from '../../engine/engine.ts';
import type { TranslateRequest } from './contract.ts';
import { decodeLine, type LoadedModel } from './decode.ts';

// A language of five tokens: 0 pad, 1 begin, 2 end, 3 "a", 4 "b". What follows what, as probabilities.
const next: Record<number, number[]> = {
  1: [0.05, 0.05, 0.1, 0.45, 0.35],
  3: [0.05, 0.05, 0.3, 0.2, 0.4],
  4: [0.05, 0.05, 0.8, 0.05, 0.05],
};
let disposed = 0;
const decoder = (attention: boolean): StepDecoder<readonly number[], number> => ({
  vocabSize: 5,
  start: (sources) => sources.length,
  step: (state, tokens) => {
    const logits = Float32Array.from([...tokens].flatMap((token) => next[token]!.map(Math.log)));
    const weights = Float32Array.from([...tokens].flatMap((token) => [token / 8, 1 - token / 8]));
    return { state, logits, ...(attention ? { attention: { weights, keys: 2 } } : {}) };
  },
  reorder: (_, indices) => indices.length,
  dispose: () => {
    disposed += 1;
  },
});
const model: LoadedModel = {
  bos: 1,
  eos: 2,
  banned: [0, 1],
  lengthPenalty: 'power',
  maxLength: () => 20,
  encode: () => [3, 2],
  decode: (ids) => ids.map((id) => ' ' + '__.ab'[id]).join(''),
  searchDecoder: ({ attention }) => decoder(attention),
};

const request = (change: Partial<TranslateRequest> = {}): TranslateRequest => ({
  ...defaultSettings,
  text: 'x',
  model: 'm',
  prefix: [],
  attention: false,
  stream: true,
  ...change,
});

async function run(change: Partial<TranslateRequest>, cancelled = () => false, line = 0) {
  const events: EngineEvent[] = [];
  const tell = (event: EngineEvent) => events.push(event);
  const result = await decodeLine(model, 'x', line, request(change), tell, cancelled);
  return { result, events };
}

test('greedy tells each token with what else was probable', async () => {
  const { result, events } = await run({ strategy: 'greedy', attention: true });
  expect(result).toMatchObject({ text: 'a b', source: 'x', sourceTokens: [' a', ''], alternatives: [] });
  expect(result.tokens.map(({ id }) => id)).toEqual([3, 4, 2]);
  expect(result.attention?.layers).toEqual([
    [
      [
        [0.125, 0.875],
        [0.375, 0.625],
        [0.5, 0.5],
      ],
    ],
  ]);
  expect(events.map(({ type }) => type)).toEqual(['start', 'token', 'token', 'token', 'segment']);
  expect(events[1]).toMatchObject({ text: 'a', token: { id: 3, top: [{ id: 3 }, { id: 4 }, { id: 2 }] } });
});

test('beam tells its tree: parents are places among the kept nodes of the step before', async () => {
  const { result, events } = await run({ strategy: 'beam', beam: 2, lengthPenalty: 0 });
  const steps = events.flatMap((event) => (event.type === 'step' ? [event] : []));
  const shown = steps.map(({ nodes }) => nodes.map(({ id, parent, state }) => `${id} ${parent} ${state}`));
  expect(shown[0]).toEqual(['3 -1 kept', '4 -1 kept']);
  expect(shown[1]).toEqual(expect.arrayContaining(['2 1 finished', '4 0 kept']));
  expect(result.text).toBe('b');
  expect(Math.exp(result.logProb)).toBeCloseTo(0.35 * 0.8, 4);
  expect(result.alternatives.map(({ text }) => text)).toEqual(['a b']);
});

test('sampling repeats itself with the same seed', async () => {
  const of = async (seed: number) => (await run({ strategy: 'sampling', seed, maxLength: 20 })).result.text;
  expect(await of(3)).toBe(await of(3));
  const texts = new Set(await Promise.all(Array.from({ length: 20 }, (_, seed) => of(seed))));
  expect(texts.size).toBeGreaterThan(2);
});

test('a forced beginning is said first and counts in the score', async () => {
  for (const strategy of ['greedy', 'beam'] as const) {
    const { result, events } = await run({ strategy, beam: 2, prefix: [4], attention: true });
    expect(result.text).toBe('b');
    expect(result.tokens.map(({ id }) => id)).toEqual([4, 2]);
    expect(result.tokens[0]!.logProb).toBeCloseTo(Math.log(0.35), 4);
    expect(result.attention!.layers[0]![0]).toHaveLength(2);
    expect(events[1]).toMatchObject(
      strategy === 'beam' ? { nodes: [{ id: 4, parent: -1 }] } : { token: { id: 4 } },
    );
  }
});

test('a beginning is forced on the line that it is for, and on no other', async () => {
  const forced: Partial<TranslateRequest> = { strategy: 'greedy', prefix: [4], prefixLine: 1 };
  expect((await run(forced, undefined, 0)).result.text).toBe('a b');
  expect((await run(forced, undefined, 1)).result.text).toBe('b');
});

test('a beginning that ends the sentence is the whole of it', async () => {
  const { result } = await run({ strategy: 'beam', prefix: [3, 2] });
  expect(result).toMatchObject({ text: 'a', alternatives: [] });
  expect(result.tokens.map(({ id }) => id)).toEqual([3, 2]);
});

test.each([[[9]], [[0]], [[2, 3]], [[1]]])('refuses to force %j', async (prefix) => {
  await expect(run({ prefix })).rejects.toMatchObject({ code: 'invalid_request', status: 422 });
});

test('stops between steps and frees the state', async () => {
  disposed = 0;
  let asked = 0;
  await expect(run({ strategy: 'greedy' }, () => (asked += 1) > 2)).rejects.toThrow(
    expect.objectContaining({ name: 'Cancelled' }) as Error,
  );
  expect(disposed).toBe(1);
});
