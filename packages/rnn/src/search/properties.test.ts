// Properties of search on 200 random tiny models, each with random options: every search against the definition.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TinyModel, bos, cases, draws, eos, rankings, stops, tinyModel } from '../../test/tinyModel.ts';
import {
  type BeamStep,
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

  it('gives a batch what it gives each source alone', async () => {
    const sources = [3, 1, 4];
    const property = fc.asyncProperty(cases, beams, draws, async ({ make, shared }, beam, drawing) => {
      const { alpha, lengthPenalty, nBest } = beam;
      const maxLength = Math.min(3, shared.maxLength);
      const minLength = Math.min(maxLength, shared.minLength!);
      const short = { ...shared, maxLength, minLength, alpha, lengthPenalty, nBest };
      const model = make();
      for (const search of [
        (some: number[]) => greedySearch(model, some, shared),
        (some: number[]) => beamSearch(model, some, { ...shared, ...beam }),
        (some: number[]) => sampleSearch(model, some, { ...shared, ...drawing }),
        (some: number[]) => exhaustiveSearch(model, some, short),
      ]) {
        const together = await search(sources);
        for (const [i, source] of sources.entries()) expect(together[i]).toEqual((await search([source]))[0]);
      }
      expect(model.open).toBe(0);
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
          if (end?.reason === 'pruned') expect(end.step).toBe(step + 1);
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
          const { end, length } = result.tree.at(-1)!;
          expect(ownReasons).toContain(end!.reason);
          expect(end!.step).toBe(length);
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
      const isOwn = ({ end, length }: SearchNode) => ownReasons.includes(end!.reason) && end!.step === length;
      expect(ends.filter((node) => !isOwn(node))).toEqual([]);
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
