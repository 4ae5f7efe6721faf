// Search: rules, ends, ranking, aborting, sampling, and what it refuses.
import { describe, expect, it, vi } from 'vitest';
import { type TinyModel, bos, eos, tinyModel } from '../../test/tinyModel.ts';
import {
  type SearchOptions,
  type SearchResult,
  type StepResult,
  type StopCriterion,
  beamSearch,
  exhaustiveSearch,
  RepetitionPenalty,
  filteredDistribution,
  greedySearch,
  sampleSearch,
} from './index.ts';

describe('search', () => {
  it('obeys lengths, bans and n-gram blocking', async () => {
    const model = tinyModel(5, 11);
    const strict = { bos, eos, maxLength: 8, minLength: 6, noRepeatNgram: 2, bannedTokens: [3] };
    for (const result of await beamSearch(model, [0, 1, 2], { ...strict, beamSize: 3, nBest: 3 })) {
      for (const { tokens } of result.hypotheses) {
        expect(tokens.length).toBeGreaterThanOrEqual(6);
        expect(tokens).not.toContain(3);
        const pairs = tokens.slice(1).map((token, i) => `${tokens[i]} ${token}`);
        expect(new Set(pairs).size).toBe(pairs.length);
      }
    }
  });

  it('writes scores over those of the step before only where nobody keeps them', async () => {
    const reused = async (search: (model: ReturnType<typeof tinyModel>) => Promise<unknown>) => {
      const model = tinyModel(5, 11);
      const step = vi.spyOn(model, 'step');
      await search(model);
      return step.mock.calls.slice(1).every((call) => (call as unknown[])[2] !== undefined);
    };
    const options = { bos, maxLength: 4 };
    const kept: Float32Array[] = [];
    const keep = ({ logProbs }: { logProbs: Float32Array }) => void kept.push(logProbs);
    expect(await reused((model) => greedySearch(model, [0], options))).toBe(true);
    expect(await reused((model) => sampleSearch(model, [0], { ...options, seed: 1 }))).toBe(true);
    expect(await reused((model) => beamSearch(model, [0], { ...options, beamSize: 2 }))).toBe(true);
    expect(await reused((model) => greedySearch(model, [0], options, keep))).toBe(false);
    expect(await reused((model) => sampleSearch(model, [0], { ...options, seed: 1 }, keep))).toBe(false);
    expect(new Set(kept.map(({ buffer }) => buffer)).size).toBe(8);
  });

  it('ends with a stop sequence, which stays, or by a criterion; needs no end token', async () => {
    const model = tinyModel(4, 5);
    const open = { bos, maxLength: 30 };
    const [free] = await greedySearch(model, [0], open);
    expect(free!.hypotheses[0]).toMatchObject({ reason: 'length', tokens: expect.any(Array) as number[] });
    const { tokens } = free!.hypotheses[0]!;
    expect(tokens).toHaveLength(30);
    expect(tokens).toContain(eos); // an ordinary token here
    const stopSequences = [tokens.slice(4, 7)];
    const [stopped] = await greedySearch(model, [0], { ...open, stopSequences });
    const text = stopped!.hypotheses[0]!;
    expect(text.reason).toBe('stopSequence');
    expect(text.tokens.slice(-3)).toEqual(stopSequences[0]);
    expect(text.tokens).toEqual(tokens.slice(0, text.tokens.length));
    const criterion: StopCriterion = { reason: 'criterion', isMet: (_, soFar) => soFar().length === 3 };
    for (const search of [greedySearch, beamSearch] as const) {
      const [result] = await search(model, [0], { ...open, criteria: [criterion] });
      expect(result!.hypotheses[0]).toMatchObject({ reason: 'criterion', logProbs: { length: 3 } });
    }
  });

  const searches: [string, (model: TinyModel, options: SearchOptions) => Promise<SearchResult[]>][] = [
    ['greedy', (model, options) => greedySearch(model, [0, 1], options)],
    ['beam', (model, options) => beamSearch(model, [0, 1], { ...options, nBest: 1 })],
    ['sampling', (model, options) => sampleSearch(model, [0, 1], { ...options, seed: 1 })],
    ['exhaustive', (model, options) => exhaustiveSearch(model, [0, 1], options)],
  ];

  it.each(searches)('lets the end token come when the rules leave nothing else: %s', async (_, search) => {
    const options = { bos, eos, maxLength: 5, minLength: 4, bannedTokens: [0, 2, 3] };
    for (const { hypotheses } of await search(tinyModel(4, 5), options)) {
      expect(hypotheses[0]).toMatchObject({ reason: 'eos', tokens: [] });
      expect(hypotheses[0]!.total).toBeGreaterThan(-Infinity);
    }
  });

  it.each(searches)('ends where it is when even the end token cannot come: %s', async (_, search) => {
    // Without an end token, and with one that the model itself excludes.
    const closed = tinyModel(4, 5);
    const { step } = closed;
    closed.step = (state, tokens) => {
      const result = step(state, tokens) as StepResult<number[][]>;
      for (let row = 0; row < tokens.length; row++) result.logits[row * 4 + eos] = -Infinity;
      return result;
    };
    const rules = { bos, maxLength: 5, noRepeatNgram: 1, bannedTokens: [3] };
    for (const [model, options, length] of [
      [tinyModel(4, 5), rules, 3],
      [closed, { ...rules, eos }, 2],
    ] as const) {
      for (const { hypotheses, tree } of await search(model, options)) {
        expect(hypotheses[0]).toMatchObject({ reason: 'noToken', tokens: { length } });
        expect(tree[hypotheses[0]!.node]!.end).toEqual({ reason: 'noToken', step: length + 1 });
        expect(new Set(hypotheses[0]!.tokens).size).toBe(length);
        expect(hypotheses[0]!.total).toBeGreaterThan(-Infinity);
      }
      for (const result of await search(model, { ...options, bannedTokens: [0, 1, 2, 3] }))
        expect(result).toEqual({ hypotheses: [], tree: [] });
      expect(model.open).toBe(0);
    }
  });

  it.each(searches)('says forced beginnings as the model holds them probable: %s', async (_, search) => {
    const model = tinyModel(4, 5);
    const [free] = await exhaustiveSearch(model, [0], { bos, eos, maxLength: 3, nBest: 500 });
    const banned = { bos, eos, maxLength: [3, 2], bannedTokens: [3], minLength: 2, noRepeatNgram: 1 };
    const [forced, other] = await search(model, { ...banned, prefixes: [[3, 3], []] });
    const { tokens, logProbs } = forced!.hypotheses[0]!;
    expect(tokens.slice(0, 2)).toEqual([3, 3]);
    expect(tokens[2]).not.toBe(3);
    const same = free!.hypotheses.find((found) => found.tokens.slice(0, 2).join() === '3,3')!;
    expect(logProbs.slice(0, 2)).toEqual(same.logProbs.slice(0, 2));
    expect(other!.hypotheses[0]!.tokens).not.toContain(3);
    expect(other!.hypotheses[0]!.logProbs).toHaveLength(2);
    const [ended] = await search(model, { ...banned, maxLength: 3, prefixes: [[3, eos], []] });
    expect(ended!.hypotheses).toHaveLength(1);
    expect(ended!.hypotheses[0]).toMatchObject({ tokens: [3], reason: 'eos', logProbs: { length: 2 } });
  });

  it('lets no criterion end a forced beginning before its last token', async () => {
    const options = { bos, eos, maxLength: 6, prefixes: [[2, 3, 2, 3]], stopSequences: [[2, 3]] };
    const [result] = await greedySearch(tinyModel(4, 5), [0], options);
    expect(result!.hypotheses[0]).toMatchObject({ tokens: [2, 3, 2, 3], reason: 'stopSequence' });
  });

  it('divides by the length as the book and GNMT do, and penalizes repetition', async () => {
    const model = tinyModel(4, 21);
    const base = { bos, eos, maxLength: 4, nBest: 5, beamSize: 256 };
    for (const alpha of [0, 0.75, 2]) {
      for (const lengthPenalty of ['power', 'gnmt'] as const) {
        const [result] = await beamSearch(model, [0], { ...base, alpha, lengthPenalty });
        for (const { total, score, logProbs } of result!.hypotheses) {
          const length = logProbs.length;
          const divisor = lengthPenalty === 'gnmt' ? ((5 + length) / 6) ** alpha : length ** alpha;
          expect(score).toBeCloseTo(total / divisor, 10);
        }
      }
    }
    const plain = { bos, maxLength: 12, bannedTokens: [3] };
    const different = async (repetitionPenalty: number) => {
      const [result] = await greedySearch(model, [0], { ...plain, repetitionPenalty });
      return result!.hypotheses[0]!.logProbs;
    };
    const [before, after] = [await different(1), await different(2)];
    expect(after[0]).toBe(before[0]);
    expect(after).not.toEqual(before);
    const penalized = Float32Array.of(-1, -2, -3);
    new RepetitionPenalty(2).process(penalized, [1, 1]);
    expect([...penalized]).toEqual([-1, -4, -3]);
  });

  it('goes on from a prompt instead of the begin token where the decoder has one', async () => {
    const model = tinyModel(5, 3);
    const prompted = { ...model, firstTokens: (sources: readonly number[]) => Int32Array.from(sources) };
    const [prompt] = await beamSearch(prompted, [3], { eos, maxLength: 4 });
    const [begun] = await beamSearch(model, [3], { bos: 3, eos, maxLength: 4 });
    expect(prompt).toEqual(begun);
    await expect(greedySearch(model, [0], { eos, maxLength: 4 })).rejects.toThrow('bos must be given');
  });

  it.each([greedySearch, beamSearch, exhaustiveSearch])(
    'marks what was alive when %o is aborted',
    async (search) => {
      const abort = new AbortController();
      const model = tinyModel(3, 3);
      const { step } = model;
      let steps = 0;
      const watched: typeof model = Object.assign(model, {
        step: (state: number[][], tokens: Int32Array) => {
          if (++steps === 2) abort.abort();
          return step(state, tokens);
        },
      });
      const [result] = await search(watched, [0], { bos, maxLength: 5, signal: abort.signal });
      expect(result!.tree.every(({ length }) => length <= 2)).toBe(true);
      const parents = new Set(result!.tree.map(({ parent }) => parent));
      for (const node of result!.tree) {
        if (parents.has(node.id)) expect(node.end).toBeUndefined();
        else expect(['stopped', 'pruned']).toContain(node.end!.reason);
      }
      expect(result!.hypotheses[0]!.reason).toBe('stopped');
      expect(model.open).toBe(0);
    },
  );

  it('stops when asked to, with what is there', async () => {
    const abort = new AbortController();
    const model = tinyModel(5, 3);
    const long = { bos, eos, maxLength: 50, minLength: 40, signal: abort.signal };
    const [result] = await greedySearch(model, [0], long, ({ step }) => step === 3 && abort.abort());
    expect(result!.hypotheses[0]!).toMatchObject({ reason: 'stopped' });
    expect(result!.hypotheses[0]!.tokens).toHaveLength(3);
    expect(model.open).toBe(0);
  });

  it('refuses options that it does not know and values that make no sense', async () => {
    const model = tinyModel(3, 1);
    const basic = { bos, eos, maxLength: 3 };
    await expect(beamSearch(model, [0], { ...basic, beamsize: 3 } as never)).rejects.toThrow(
      'beamSearch: unknown option "beamsize"; did you mean "beamSize"?',
    );
    await expect(beamSearch(model, [0], { ...basic, beamSize: 2, nBest: 3 })).rejects.toThrow(
      'at most beamSize 2',
    );
    await expect(sampleSearch(model, [0], { ...basic, seed: 1, topP: 0 })).rejects.toThrow(
      'topP must be above 0',
    );
    await expect(exhaustiveSearch(model, [0], { ...basic, maxLength: 30 })).rejects.toThrow('use beamSearch');
    const wrong: [Partial<SearchOptions>, string][] = [
      [{ eos: 3 }, 'eos must be from 0 to 2, got 3'],
      [{ bannedTokens: [0, -1] }, 'bannedTokens must be from 0 to 2, got -1'],
      [{ stopSequences: [[1, 7]] }, 'stopSequences must be from 0 to 2, got 7'],
      [{ stopSequences: [[]] }, 'the length must be an integer of at least 1, got 0'],
      [{ minLength: 4 }, 'minLength must be at most maxLength 3, got 4'],
      [{ noRepeatNgram: 1.5 }, 'noRepeatNgram must be an integer'],
      [{ repetitionPenalty: 0 }, 'repetitionPenalty must be above 0'],
      [{ maxLength: [3, 3] }, 'maxLength must be one a source, 1 in all, got 2'],
      [{ maxLength: [0] }, 'maxLength must be an integer of at least 1, got 0'],
      [{ prefixes: [] }, 'prefixes must be one a source, 1 in all, got 0'],
      [{ prefixes: [[2, 3]] }, 'prefixes must be from 0 to 2, got 3'],
      [{ prefixes: [[2, 2, 2, 2]] }, 'prefixes: the length must be at most maxLength 3, got 4'],
      [{ prefixes: [[eos, 2]] }, 'prefixes must have the end token 1 at the end only, got [1, 2]'],
    ];
    for (const [options, message] of wrong) {
      await expect(greedySearch(model, [0], { ...basic, ...options })).rejects.toThrow(message);
    }
    const open = { bos, maxLength: 3, minLength: 1 };
    await expect(greedySearch(model, [0], open)).rejects.toThrow('minLength must be 0 where there is no end');
    const ranking: [object, string][] = [
      [{ alpha: Number.NaN }, 'alpha must be at least 0, got NaN'],
      [{ alpha: -1 }, 'alpha must be at least 0, got -1'],
      [{ lengthPenalty: 'gmnt' }, 'lengthPenalty must be a known one, got "gmnt"; did you mean "gnmt"?'],
    ];
    for (const [options, message] of ranking) {
      await expect(beamSearch(model, [0], { ...basic, ...options })).rejects.toThrow(message);
      await expect(exhaustiveSearch(model, [0], { ...basic, ...options })).rejects.toThrow(message);
    }
    const stop = 'never' as 'bound';
    await expect(beamSearch(model, [0], { ...basic, stop })).rejects.toThrow('stop must be a known one');
    for (const [options, message] of [
      [{ seed: -1 }, 'seed must be an integer of at least 0, got -1'],
      [{ topK: 1.5 }, 'topK must be an integer of at least 0, got 1.5'],
      [{ minP: 2 }, 'minP must be from 0 to 1, got 2'],
      [{ temperature: 0 }, 'temperature must be above 0, got 0'],
    ] as const) {
      await expect(sampleSearch(model, [0], { ...basic, seed: 1, ...options })).rejects.toThrow(message);
    }
    expect(await beamSearch(model, [], basic)).toEqual([]);
    const broken = { ...model, step: () => ({ logits: new Float32Array(3).fill(NaN), state: [] }) };
    await expect(greedySearch(broken, [0], basic)).rejects.toThrow('the decoder must give finite scores');
  });
});

describe('sampling', () => {
  const logProbs = Float32Array.from([0.5, 0.25, 0.125, 0.125], Math.log);

  it('filters by rank, mass and share', () => {
    const close = (weights: number[]) => weights.map((weight) => expect.closeTo(weight, 6) as number);
    const whole = filteredDistribution(logProbs, {});
    expect(whole).toEqual({ tokens: [0, 1, 2, 3], weights: close([0.5, 0.25, 0.125, 0.125]) });
    expect(filteredDistribution(logProbs, { topK: 2 }).weights).toEqual(close([2 / 3, 1 / 3]));
    expect(filteredDistribution(logProbs, { topP: 0.7 }).tokens).toEqual([0, 1]);
    expect(filteredDistribution(logProbs, { topP: 0.01 }).tokens).toEqual([0]);
    expect(filteredDistribution(logProbs, { minP: 0.3 }).tokens).toEqual([0, 1]);
    expect(filteredDistribution(logProbs, { temperature: 0.5 }).weights[0]).toBeCloseTo(16 / 22, 6);
  });

  it('draws in proportion and repeats with its seed', async () => {
    const model = tinyModel(4, 9);
    const counts = new Map<number, number>();
    const one = { bos, eos, maxLength: 1 };
    for (let seed = 0; seed < 2000; seed++) {
      const [result] = await sampleSearch(model, [0], { ...one, seed });
      const { token } = result!.tree[0]!;
      counts.set(token, (counts.get(token) ?? 0) + 1);
    }
    const [all] = await exhaustiveSearch(model, [0], { ...one, nBest: 4, alpha: 0 });
    for (const { node, total } of all!.hypotheses) {
      const share = (counts.get(all!.tree[node]!.token) ?? 0) / 2000;
      expect(Math.abs(share - Math.exp(total))).toBeLessThan(0.05);
    }
    const again = { ...one, maxLength: 6, seed: 7 };
    expect(await sampleSearch(model, [0], again)).toEqual(await sampleSearch(model, [0], again));
  });
});
