// Paired tests: wrong input, fresh randomness, a system against itself; resampling without a generator's luck.

import { describe, expect, it } from 'vitest';
import { BLEU, CHRF, pairedTest, SacreBleuError, TER, VERSION, type PairedTestOptions } from '../index.ts';
import { exactMean, numpyMean } from './numeric.ts';
import { packedSums } from './packed-sums.ts';
import { tableOf } from './resampling.ts';

const reference = Array.from(
  { length: 30 },
  (_, i) => `line ${i} tells of ${i % 4} dogs and ${i % 3} cats .`,
);
const worse = reference.map((line, i) => (i % 2 ? line : line.replace('tells of', 'is')));
const references = [reference];

describe('pairedTest', () => {
  const systems = [
    ['a', reference],
    ['b', worse],
  ] as const;

  it.each([
    ['one system', { systems: [['one', reference]] }, 'systems must be an array of pairs'],
    ['no system', { systems: undefined }, 'at least one system, got undefined'],
    ['a system without a name', { systems: [reference, worse] }, 'systems must be an array of pairs'],
    ['no metric', { metrics: [] }, 'metrics must be an array of at least one metric, got an array of 0'],
    ['another test', { test: 'zz' }, "test must be one of bs, ar, got 'zz'"],
    ['negative samples', { samples: -5 }, 'samples must be an integer of at least 0, got -5'],
    ['half a sample', { samples: 1.5 }, 'samples must be an integer of at least 0, got 1.5'],
    ['more samples than memory', { samples: 1e12 }, 'samples must be at most 35791394 for 30 segments'],
    ['no number', { confidenceSamples: NaN }, 'confidenceSamples must be an integer of at least 0, got NaN'],
    ["Python's name", { n_samples: 5 }, "unknown option, got 'n_samples'; use some of systems, metrics"],
    ['a bad seed', { seed: -1 }, "seed: must be a non-negative integer or 'none', got '-1'"],
    [
      'metrics that no signature tells apart',
      { metrics: [new BLEU({ references }), new BLEU({ references, maxNgramOrder: 2 })] },
      "metrics must be of different signatures, else tested one by one, got 'BLEU|nrefs:1|bs:50|seed:12345|",
    ],
  ])('refuses %s', (_, wrong, message) => {
    const options = { systems, metrics: [new BLEU({ references, force: true })], test: 'bs', samples: 50 };
    const call = (): unknown => pairedTest({ ...options, ...wrong } as unknown as PairedTestOptions);
    expect(call).toThrow(SacreBleuError);
    expect(call).toThrow(message);
  });

  it('tells configurations of one metric apart by signature', () => {
    const own = [
      new BLEU({ references }),
      new CHRF({ references }),
      new BLEU({ references, lowercase: true }),
    ];
    const { scores, signatures } = pairedTest({ systems, metrics: own, test: 'bs', samples: 50 });
    const names = ['mixed', 'lc'].map(
      (letters) =>
        `BLEU|nrefs:1|bs:50|seed:12345|case:${letters}|eff:no|tok:13a|smooth:exp|version:ts:${VERSION}`,
    );
    expect([...scores.keys()]).toEqual([names[0], 'chrF2', names[1]]);
    for (const [i, name] of ['BLEU', 'chrF2', 'BLEU'].entries()) {
      const alone = pairedTest({ systems, metrics: [own[i]!], test: 'bs', samples: 50 });
      const key = [...scores.keys()][i]!;
      expect(scores.get(key)).toEqual(alone.scores.get(name));
      expect(signatures.get(key)!.format()).toBe(alone.signatures.get(name)!.format());
    }
  });

  it.each(['bs', 'ar'] as const)('finds no difference between a system and itself (%s)', (test) => {
    const metrics = [new BLEU({ references, force: true }), new TER({ references })];
    const { scores } = pairedTest({
      systems: [
        ['a', worse],
        ['b', worse],
      ],
      metrics,
      test,
      samples: 100,
    });
    // All differences are 0, and none lies above 0.
    for (const [, [, same]] of scores) expect(same!.pValue).toBe(1 / 101);
  });

  it.each(['bs', 'ar'] as const)('draws anew with seed none, with intervals (%s)', (test) => {
    const metrics = [new CHRF({ references })];
    const { scores, signatures } = pairedTest({
      systems: [
        ['a', reference],
        ['b', worse],
      ],
      metrics,
      test,
      samples: 200,
      confidenceSamples: 50,
      seed: 'none',
    });
    const [baseline, system] = scores.get('chrF2')!;
    expect([baseline!.score, baseline!.mean, baseline!.ci]).toEqual([100, 100, 0]);
    expect(system!.pValue).toBeLessThan(0.5);
    expect(Math.abs(system!.mean! - system!.score)).toBeLessThan(5);
    expect(signatures.get('chrF2')!.format()).toContain('|seed:none|');
  });

  it('passes references on when none are cached', () => {
    const cached = pairedTest({ systems, metrics: [new CHRF({ references })], test: 'bs', samples: 50 });
    expect(
      pairedTest({ systems, metrics: [new CHRF()], references, test: 'bs', samples: 50 }).scores,
    ).toEqual(cached.scores);
  });
});

describe('sums and means', () => {
  it('packs columns without loss, up to the largest sums', () => {
    for (const largest of [1, 25, 4095, 2 ** 21, 2 ** 40]) {
      const rows = Array.from({ length: 4 }, (_, i) =>
        Array.from({ length: 11 }, (_, j) => (i === j % 4 ? largest : (i * j) % (largest + 1))),
      );
      const indices = Uint32Array.of(0, 0, 0, 0, 1, 2, 3, 3);
      const sums = new Float64Array(11);
      const sum = packedSums(tableOf(rows), indices);
      for (const from of [0, 4]) {
        sum(from, sums);
        const expected = rows[0]!.map((_, j) =>
          Array.from(indices.subarray(from, from + 4)).reduce((total, i) => total + rows[i]![j]!, 0),
        );
        expect(Array.from(sums)).toEqual(expected);
      }
    }
  });

  it('takes the exact mean where summing would not', () => {
    const values = Float64Array.of(1e16, 1, 1, -0);
    expect(exactMean({ values, single: false })).toBe(2500000000000000.5);
    expect(exactMean({ values: Float64Array.of(0, 0), single: false })).toBe(0);
    expect(numpyMean({ values: Float64Array.of(0.1, 0.2, 0.3), single: false })).toBe((0.1 + 0.2 + 0.3) / 3);
  });
});
