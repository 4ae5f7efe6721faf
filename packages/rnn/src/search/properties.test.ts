// Properties of search on 200 random tiny models, each with random options: every search against the definition.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TinyModel, bos, cases, draws, eos, rankings, stops, tinyModel } from '../../test/tinyModel.ts';
import {
  type BeamStep,
  type Hypothesis,
  type SearchNode,
  type SearchResult,
  beamSearch,
  beamSteps,
  exhaustiveSearch,
  greedySearch,
  greedySteps,
  readPath,
  sampleSearch,
  sampleSteps,
} from './index.ts';

const runs = { numRuns: 200 };
const beams = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), rankings, stops)
  .map(([beamSize, most, ranking, stop]) =>
    Object.assign(ranking, { beamSize, nBest: Math.min(most, beamSize), stop }),
  );

/** Every node of a tree goes on or has ended; every hypothesis can be read from it. */
function expectWhole({ tree, hypotheses }: SearchResult): void {
  const parents = new Set(tree.map(({ parent }) => parent));
  const isWhole = (node: SearchNode, at: number) =>
    node.id === at &&
    (node.end === undefined) === parents.has(at) &&
    node.length === (tree[node.parent]?.length ?? 0) + 1;
  expect(tree.filter((node, at) => !isWhole(node, at))).toEqual([]);
  for (const { node, total, logProbs, reason } of hypotheses) {
    const path = readPath(tree, tree[node]!).map(({ logProb }) => logProb);
    const sum = logProbs.reduce((a, b) => a + b, 0);
    const isSame = path.every((logProb, i) => logProb === logProbs[i]) && path.length === logProbs.length;
    if (isSame && Math.abs(sum - total) < 1e-5 && tree[node]!.end!.reason === reason) continue;
    expect.fail(`the hypothesis of node ${node} is not what the tree says`);
  }
}

const ownReasons = ['eos', 'length', 'stopSequence', 'criterion'];

/** Ended with its own last token, or, the rules having left none, before the next. */
const endedBySelf = ({ end, length }: SearchNode) =>
  end!.reason === 'noToken'
    ? end!.step === length + 1
    : ownReasons.includes(end!.reason) && end!.step === length;

describe('search on random tiny models', () => {
  it('is greedy with a beam of 1, and with the likeliest token only', async () => {
    const property = fc.asyncProperty(cases, rankings, async ({ make, shared }, ranking) => {
      const model = make();
      const [greedy] = await greedySearch(model, [3], shared);
      const [beam] = await beamSearch(model, [3], { ...shared, ...ranking, beamSize: 1 });
      const [drawn] = await sampleSearch(model, [3], { ...shared, topK: 1, seed: 1 });
      expect(beam!.hypotheses[0]!.tokens).toEqual(greedy!.hypotheses[0]!.tokens);
      expect(beam!.hypotheses[0]!.logProbs).toEqual(greedy!.hypotheses[0]!.logProbs);
      expect(drawn).toEqual(greedy);
      expect(model.open).toBe(0);
    });
    await fc.assert(property, runs);
  });

  it('is exhaustive with a beam that is wide enough', async () => {
    const property = fc.asyncProperty(cases, rankings, stops, async (chosen, ranking, stop) => {
      const { make, shared, vocabSize } = chosen;
      const options = { ...shared, ...ranking, nBest: 3 };
      const beamSize = vocabSize ** shared.maxLength;
      const [all] = await exhaustiveSearch(make(), [3], options);
      const [beam] = await beamSearch(make(), [3], { ...options, beamSize, stop });
      const plain = (result: typeof all) =>
        result!.hypotheses.map(({ tokens, score, reason }) => ({ tokens, score, reason }));
      expect(plain(beam)).toEqual(plain(all));
    });
    await fc.assert(property, runs);
  });

  it('gives a batch what it gives each source alone, whatever the lengths and beginnings of the others', async () => {
    const sources = [3, 1, 4];
    const limits = fc.array(fc.integer({ min: 2, max: 4 }), { minLength: 3, maxLength: 3 });
    const property = fc.asyncProperty(cases, beams, draws, limits, async (chosen, beam, drawing, most) => {
      const { make, shared } = chosen;
      const { alpha, lengthPenalty, nBest } = beam;
      const model = make();
      const prefixes = [[2], [], [2, shared.eos ?? 0]];
      /** The options of some of the sources. */
      const of = (which: number[]) => ({
        ...shared,
        minLength: Math.min(2, shared.minLength!),
        maxLength: which.map((i) => most[i]!),
        prefixes: which.map((i) => prefixes[i]!),
      });
      const some = (which: number[]) => which.map((i) => sources[i]!);
      for (const search of [
        (which: number[]) => greedySearch(model, some(which), of(which)),
        (which: number[]) => beamSearch(model, some(which), { ...of(which), ...beam }),
        (which: number[]) => sampleSearch(model, some(which), { ...of(which), ...drawing }),
        (which: number[]) =>
          exhaustiveSearch(model, some(which), { ...of(which), alpha, lengthPenalty, nBest }),
      ]) {
        const together = await search([0, 1, 2]);
        for (const i of [0, 1, 2]) expect(together[i]).toEqual((await search([i]))[0]);
      }
      expect(model.open).toBe(0);
    });
    await fc.assert(property, runs);
  });

  it('goes on from a forced beginning of its own as it did', async () => {
    const property = fc.asyncProperty(cases, draws, fc.nat(4), async ({ make, shared }, drawing, length) => {
      for (const search of [
        (prefixes: number[][]) => greedySearch(make(), [3], { ...shared, prefixes }),
        (prefixes: number[][]) => sampleSearch(make(), [3], { ...shared, ...drawing, prefixes }),
      ]) {
        const [free] = await search([[]]);
        const [again] = await search([free!.tree.slice(0, length).map(({ token }) => token)]);
        const { tokens, reason } = free!.hypotheses[0]!;
        expect(again!.hypotheses[0]).toMatchObject({ tokens, reason });
      }
    });
    await fc.assert(property, runs);
  });

  it('finds the best of all sequences that begin as they are forced to', async () => {
    const beginnings = fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 3 });
    const property = fc.asyncProperty(cases, rankings, beginnings, async (chosen, ranking, begin) => {
      const { make, shared, vocabSize } = chosen;
      const prefix = begin.filter((token) => token !== shared.eos).slice(0, shared.maxLength);
      const { maxLength, bos: first, eos: last } = shared;
      const open = {
        maxLength,
        ...(first !== undefined && { bos: first }),
        ...(last !== undefined && { eos: last }),
      };
      const [all] = await exhaustiveSearch(make(), [3], { ...open, ...ranking, nBest: 10_000 });
      const wanted = all!.hypotheses.filter(({ tokens }) => prefix.every((token, i) => token === tokens[i]));
      const plain = (found: Hypothesis[]) =>
        found.slice(0, 3).map(({ tokens, score }) => ({ tokens, score }));
      const options = { ...open, ...ranking, prefixes: [prefix], nBest: 3 };
      const beamSize = vocabSize ** maxLength;
      for (const [result] of [
        await exhaustiveSearch(make(), [3], options),
        await beamSearch(make(), [3], { ...options, beamSize }),
      ])
        expect(plain(result!.hypotheses)).toEqual(plain(wanted));
    });
    await fc.assert(property, runs);
  });
});

describe('the recorded tree', () => {
  it('of beam search has every hypothesis that was alive, with step and reason of its end', async () => {
    const property = fc.asyncProperty(cases, beams, async ({ make, shared }, beam) => {
      const steps: BeamStep[] = [];
      const [result] = await beamSearch(make(), [3], { ...shared, ...beam }, (step) => steps.push(step));
      const { tree } = result!;
      expectWhole(result!);
      // Every node was alive or ended in the step of its length, and none that was is missing.
      const seen = steps.flatMap(({ alive, ended }) => [...alive, ...ended]);
      expect(seen.map(({ id }) => id).sort((a, b) => a - b)).toEqual(tree.map(({ id }) => id));
      for (const { alive, ended, step } of steps) {
        for (const node of [...alive, ...ended]) {
          expect(tree[node.id]).toBe(node);
          expect(node.length).toBe(step);
        }
        expect(alive.length).toBeLessThanOrEqual(beam.beamSize);
        for (const node of ended) {
          expect(node.end!.step).toBe(step);
          expect(ownReasons).toContain(node.end!.reason);
        }
        for (const { end } of alive) {
          if (end?.reason === 'pruned' || end?.reason === 'noToken') expect(end.step).toBe(step + 1);
          else if (end !== undefined) expect(end).toEqual({ reason: 'stopped', step });
        }
      }
    });
    await fc.assert(property, runs);
  });

  it('of greedy search and sampling is the one sequence, as its steps told it', async () => {
    const property = fc.asyncProperty(cases, draws, async ({ make, shared }, drawing) => {
      for (const steps of [
        greedySteps(make(), [3, 1], shared),
        sampleSteps(make(), [3, 1], { ...shared, ...drawing }),
      ]) {
        const told: SearchNode[][] = [[], []];
        let next = await steps.next();
        for (; !next.done; next = await steps.next()) {
          const { source, step, node, logProbs } = next.value;
          expect(told[source]!.push(node)).toBe(step);
          expect(logProbs[node.token]).toBe(node.logProb);
        }
        next.value.forEach((result, source) => {
          expect(result.tree).toEqual(told[source]);
          expectWhole(result);
          expect(result.tree.map(({ parent }) => parent)).toEqual(result.tree.map((_, id) => id - 1));
          expect(endedBySelf(result.tree.at(-1)!)).toBe(true);
        });
      }
    });
    await fc.assert(property, runs);
  });

  it('of exhaustive search has every sequence, and ranks all of them', async () => {
    const property = fc.asyncProperty(cases, rankings, async ({ make, shared }, ranking) => {
      const [result] = await exhaustiveSearch(make(), [3], { ...shared, ...ranking, nBest: 1000 });
      const { tree, hypotheses } = result!;
      expectWhole(result!);
      const ends = tree.filter(({ end }) => end !== undefined);
      expect(hypotheses.map(({ node }) => node).sort((a, b) => a - b)).toEqual(ends.map(({ id }) => id));
      expect(ends.filter((node) => !endedBySelf(node))).toEqual([]);
      const scores = hypotheses.map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
    });
    await fc.assert(property, runs);
    const free = { bos, eos, maxLength: 4, nBest: 1000 };
    const [all] = await exhaustiveSearch(tinyModel(4, 2), [0], free);
    expect(all!.hypotheses).toHaveLength(1 + 3 + 3 ** 2 + 4 * 3 ** 3); // ended by eos early, or at the last step
    expect(all!.hypotheses.reduce((sum, { total }) => sum + Math.exp(total), 0)).toBeCloseTo(1, 5);
  });
});

describe('steps', () => {
  const shared = { bos, eos, maxLength: 6, minLength: 5 };
  const searches: [string, (model: TinyModel) => AsyncGenerator<unknown, SearchResult[], void>][] = [
    ['greedySteps', (model) => greedySteps(model, [3, 1], shared)],
    ['sampleSteps', (model) => sampleSteps(model, [3, 1], { ...shared, seed: 1 })],
    ['beamSteps', (model) => beamSteps(model, [3, 1], { ...shared, beamSize: 2 })],
  ];
  const whole = {
    greedySteps: (model: TinyModel) => greedySearch(model, [3, 1], shared),
    sampleSteps: (model: TinyModel) => sampleSearch(model, [3, 1], { ...shared, seed: 1 }),
    beamSteps: (model: TinyModel) => beamSearch(model, [3, 1], { ...shared, beamSize: 2 }),
  };

  it.each(searches)('%s come one by one, then the results of the whole search', async (name, start) => {
    const model = tinyModel(4, 8);
    const steps = start(model);
    let count = 0;
    let next = await steps.next();
    for (; !next.done; next = await steps.next()) count += 1;
    expect(count).toBeGreaterThanOrEqual(10); // two sources, at least five steps
    expect(next.value).toEqual(await whole[name as keyof typeof whole](model));
    expect(model.open).toBe(0);
  });

  it.each(searches)('%s may be left early: the state is freed', async (_, start) => {
    const model = tinyModel(4, 8);
    let count = 0;
    for await (const step of start(model)) {
      expect(step).toMatchObject({ step: 1 + Math.floor(count / 2) });
      expect(model.open).toBe(1);
      if (++count === 3) break;
    }
    expect(count).toBe(3);
    expect(model.open).toBe(0);
  });
});
