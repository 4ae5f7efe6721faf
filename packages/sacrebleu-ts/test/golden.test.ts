// Every number and text of the golden file: scores, statistics, intervals, p-values, signatures, warnings.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  BLEUScore,
  getTokenizer,
  pairedTest,
  tercomTokenizer,
  TERScore,
  VERSION,
  type BuiltInTokenizerName,
  type Logger,
  type Metric,
  type ReferenceStreams,
} from '../src/index.ts';
import { Generator } from '../src/random/generator.ts';
import { golden, metricOf, realCorpora, withOurVersion, type ScoreCase } from './golden/golden.ts';

const label = (c: { corpus: string; metric: string; options: object }, i: number): string =>
  `${i} ${c.metric} ${c.corpus} ${JSON.stringify(c.options)}`;

function expectClose(actual: number, expected: number, tolerance: number): void {
  expect(Math.abs(actual - expected), `${actual} against ${expected}`).toBeLessThanOrEqual(tolerance);
}

/** Counts equal warnings. */
function recorder(): Logger & { counts: Record<string, number> } {
  const counts: Record<string, number> = {};
  return { counts, warn: (message) => (counts[message] = (counts[message] ?? 0) + 1), info: () => {} };
}

function checkScore(c: ScoreCase): void {
  const { references } = golden.corpora[c.corpus]!;
  const logger = recorder();
  checkScoreOf(c, metricOf(c.metric, c.options, { logger }), logger, references);
  const other = recorder();
  checkScoreOf(c, metricOf(c.metric, c.options, { logger: other, references }), other, null);
}

function checkScoreOf(
  c: ScoreCase,
  metric: Metric,
  logger: ReturnType<typeof recorder>,
  references: ReferenceStreams | null,
): void {
  const { systems } = golden.corpora[c.corpus]!;
  expect(metric.extractStatistics(systems[0]!, references)).toEqual(c.stats);
  expect(logger.counts).toEqual(c.warnings);
  const score = metric.corpusScore(systems[0]!, references, { nBootstrap: c.n_bootstrap, seed: 12345 });
  const want = c.score;
  expectClose(score.score, want['score'] as number, 1e-9);
  if (score instanceof BLEUScore) {
    expect(score.counts).toEqual(want['counts']);
    expect(score.totals).toEqual(want['totals']);
    expect([score.sysLen, score.refLen]).toEqual([want['sys_len'], want['ref_len']]);
    expectClose(score.bp, want['bp'] as number, 1e-12);
    expectClose(score.ratio, want['ratio'] as number, 1e-12);
    score.precisions.forEach((p, n) => expectClose(p, (want['precisions'] as number[])[n]!, 1e-9));
  }
  if (score instanceof TERScore)
    expect([score.numEdits, score.refLength]).toEqual([want['num_edits'], want['ref_length']]);
  if (want['mean'] === undefined) expect(score.confidence).toBeUndefined();
  else {
    // The C library's exp and log, which Python calls, are off by a last bit in rare cases.
    expectClose(score.confidence!.mean, want['mean'] as number, 1e-12);
    expectClose(score.confidence!.halfWidth, want['ci'] as number, 1e-12);
  }
  const signature = withOurVersion(c.signature[0], VERSION);
  expect([score.signature.format(), score.signature.format(true)]).toEqual([
    signature,
    withOurVersion(c.signature[1], VERSION),
  ]);
  expect([
    score.format(),
    score.format({ width: 4, signature }),
    score.format({ width: 0, scoreOnly: true }),
  ]).toEqual(c.text.map((text) => withOurVersion(text, VERSION)));
  expect(score.format({ width: 3, json: true })).toBe(withOurVersion(c.json, VERSION));
}

describe('the golden file', () => {
  it('crosses what it is said to cross', () => {
    const count = (test: (c: ScoreCase) => boolean): number => golden.scores.filter(test).length;
    expect(count((c) => c.options.force === true)).toBeGreaterThan(50);
    expect(count((c) => (c.options.trg_lang ?? '') !== '')).toBeGreaterThan(50);
    expect(count((c) => c.options.tokenize === null && c.options.trg_lang === 'zh')).toBeGreaterThan(0);
    const tokenized = golden.scores.filter((c) => c.corpus === 'tokenized' && c.metric === 'BLEU');
    for (const c of tokenized) expect(Object.keys(c.warnings).length >= 3).toBe(c.options.force !== true);
    expect(tokenized.some((c) => c.options.force)).toBe(true);
    const lines = Object.values(realCorpora).flatMap(({ systems }) => systems[0]!);
    expect(lines.length).toBe(300);
  });

  it('has the size that the README states', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const { scores, sentences, paired, tokens, lines } = golden;
    expect(readme).toContain(`The tests compare ${scores.length} corpus scores`);
    expect(readme).toContain(`${sentences.length} series of sentence scores`);
    expect(readme).toContain(`${paired.length} paired tests`);
    expect(readme).toContain(`${Object.keys(tokens).length} tokenizers on ${lines.length} lines`);
  });
});

describe('corpus scores', () => {
  it.each(golden.scores.map((c, i) => [label(c, i), c] as const))('%s', (_, c) => checkScore(c));
});

describe('sentence scores', () => {
  it.each(golden.sentences.map((c, i) => [label(c, i), c] as const))('%s', (_, c) => {
    const { systems, references } = golden.corpora[c.corpus]!;
    const logger = recorder();
    const metric = metricOf(c.metric, c.options, { logger });
    systems[0]!.forEach((hypothesis, i) => {
      const own = references.map((stream) => stream[i]);
      const score = metric.sentenceScore(hypothesis, own);
      const [value, text] = c.rows[i]!;
      expectClose(score.score, value, 1e-9);
      const present = own.filter((reference) => typeof reference === 'string').length;
      expect([score.format(), score.signature.format()]).toEqual([
        text,
        withOurVersion(c.signatures[present]!, VERSION),
      ]);
    });
    expect(logger.counts).toEqual(c.warnings);
  });
});

describe('paired tests', () => {
  it.each(golden.paired.map((c) => [`${c.test} ${c.corpus} seed ${c.seed} ${c.samples}`, c] as const))(
    '%s',
    (_, c) => {
      const { systems, references } = golden.corpora[c.corpus]!;
      const result = pairedTest({
        systems: systems.map((lines, i) => [`sys${i}`, lines] as const),
        metrics: c.metrics.map(([name, options]) => metricOf(name, options, { references })),
        test: c.test,
        samples: c.samples,
        confidenceSamples: Math.max(0, c.confidence),
        seed: c.seed,
      });
      expect(Array.from(result.signatures, ([name, s]) => [name, s.format()])).toEqual(
        Object.entries(c.signatures).map(([name, text]) => [name, withOurVersion(text, VERSION)]),
      );
      for (const [name, rows] of Object.entries(c.results)) {
        const own = result.scores.get(name)!;
        expect(own.map((r) => r.pValue ?? null)).toEqual(rows.map((r) => r.p_value));
        rows.forEach((row, i) => {
          expectClose(own[i]!.score, row.score, 1e-9);
          expect([own[i]!.mean ?? null, own[i]!.ci ?? null]).toEqual([row.mean, row.ci]);
        });
      }
    },
  );
});

describe('random numbers', () => {
  it.each(golden.random)('seed $seed, choice of $size', ({ seed, coins, size, choice }) => {
    const generator = new Generator(BigInt(seed));
    const bits = generator.booleans(coins.length);
    expect(coins.map((_, i) => (bits[i >>> 5]! >>> (i & 31)) & 1)).toEqual(coins);
    expect(Array.from(generator.choice(size, choice.length))).toEqual(choice);
  });
});

describe('tokenizers', () => {
  it.each(Object.entries(golden.tokens))('%s', (name, expected) => {
    const flags = /^tercom(\d)(\d)(\d)(\d)$/
      .exec(name)
      ?.slice(1)
      .map((flag) => flag === '1');
    const tokenize = flags
      ? tercomTokenizer({
          normalized: flags[0],
          noPunct: flags[1],
          asianSupport: flags[2],
          caseSensitive: flags[3],
        })
      : getTokenizer(name as BuiltInTokenizerName);
    expect(golden.lines.map((line) => tokenize(line))).toEqual(expected);
  });
});
