// What must hold for any text: ranges, identity, order of segments, merging, agreement with the definitions.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Accumulator,
  BLEU,
  CHRF,
  silentLogger,
  TER,
  type Metric,
  type MetricOptions,
  type Reference,
  type Score,
} from '../src/index.ts';
import { splitWords } from '../src/text/whitespace.ts';

const logger = silentLogger;
const METRICS: Record<string, (common?: MetricOptions) => Metric> = {
  BLEU: (common) => new BLEU({ logger, ...common }),
  'BLEU intl': (common) =>
    new BLEU({ logger, tokenize: 'intl', smoothMethod: 'floor', lowercase: true, ...common }),
  'BLEU char': (common) => new BLEU({ logger, tokenize: 'char', smoothMethod: 'add-k', ...common }),
  chrF: (common) => new CHRF(common),
  'chrF++': (common) => new CHRF({ wordOrder: 2, epsSmoothing: true, ...common }),
  TER: (common) => new TER(common),
  'TER normalized': (common) => new TER({ normalized: true, asianSupport: true, noPunct: true, ...common }),
};

const word = fc.oneof(
  fc.constantFrom('the', 'a', 'cat', 'Cat', 'sat.', 'on', "it's", '3,5', '¿', '今天', '🙂', 'é'),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
);
const line = fc.array(word, { maxLength: 14 }).map((words) => words.join(' '));
const segment = fc.record({ hypothesis: line, references: fc.array(line, { minLength: 1, maxLength: 3 }) });
const corpus = fc.array(segment, { minLength: 1, maxLength: 8 });
type Segment = { hypothesis: string; references: string[] };

function streamsOf(segments: readonly Segment[]): Reference[][] {
  const most = Math.max(...segments.map(({ references }) => references.length));
  return Array.from({ length: most }, (_, i) => segments.map(({ references }) => references[i] ?? null));
}

function scored(metric: Metric, segments: readonly Segment[]): Score {
  return metric.corpusScore(
    segments.map(({ hypothesis }) => hypothesis),
    streamsOf(segments),
  );
}

function scoreOf(metric: Metric, segments: readonly Segment[]): number {
  return scored(metric, segments).score;
}

describe.each(Object.entries(METRICS))('%s', (name, create) => {
  it('lies in [0, 100] (TER: at least 0)', () => {
    fc.assert(
      fc.property(corpus, (segments) => {
        const score = scoreOf(create(), segments);
        expect(score).toBeGreaterThanOrEqual(0);
        if (!name.startsWith('TER')) expect(score).toBeLessThanOrEqual(100 + 1e-9);
      }),
    );
  });

  it('does not depend on the order of segments', () => {
    fc.assert(
      fc.property(corpus, fc.infiniteStream(fc.nat()), (segments, keys) => {
        const shuffled = segments
          .map((s) => [keys.next().value, s] as const)
          .sort((a, b) => a[0] - b[0])
          .map(([, s]) => s);
        expect(scoreOf(create(), shuffled)).toBeCloseTo(scoreOf(create(), segments), 9);
      }),
    );
  });

  it('is the same scored whole, bit by bit, or in merged parts', () => {
    fc.assert(
      fc.property(corpus, fc.nat(8), (segments, cut) => {
        const whole = scoreOf(create(), segments);
        const fill = (part: readonly Segment[]): Accumulator<ReturnType<Metric['sentenceScore']>> => {
          const running = new Accumulator(create());
          for (const { hypothesis, references } of part) running.add(hypothesis, references);
          return running;
        };
        expect(fill(segments).score().score).toBe(whole);
        const later = JSON.parse(JSON.stringify(fill(segments.slice(cut)))) as ReturnType<
          Accumulator<never>['toJSON']
        >;
        const merged = fill(segments.slice(0, cut)).merge(later);
        expect(merged.score().score).toBe(whole);
        expect(merged.length).toBe(segments.length);
      }),
    );
  });

  it('is the same with cached references, whatever was scored in between', () => {
    type Call = [kind: 'cached' | 'corpus' | 'sentence' | 'add', segments: Segment[]];
    const call: fc.Arbitrary<Call> = fc.tuple(fc.constantFrom('cached', 'corpus', 'sentence', 'add'), corpus);
    const described = (score: Score): string => score.format({ width: 9, signature: true });
    fc.assert(
      fc.property(corpus, fc.array(call, { maxLength: 4 }), (segments, calls) => {
        const references = streamsOf(segments);
        const metric = create({ logger, references });
        for (const [kind, others] of [...calls, ['cached', segments] satisfies Call]) {
          // A system of the cached references' length, from the words of other segments.
          const system = segments.map((_, i) => others[i % others.length]!.hypothesis);
          const [first] = others;
          const score = {
            cached: () => [metric.corpusScore(system), create().corpusScore(system, references)],
            corpus: () => [scored(metric, others), scored(create(), others)],
            sentence: () => [
              metric.sentenceScore(first!.hypothesis, first!.references),
              create().sentenceScore(first!.hypothesis, first!.references),
            ],
            add: () =>
              [metric, create()].map((one) =>
                new Accumulator(one).add(first!.hypothesis, first!.references).score(),
              ),
          }[kind];
          const [own, fresh] = score();
          expect(described(own!)).toBe(described(fresh!));
        }
      }),
    );
  });
});

describe('identical texts', () => {
  const longEnough = fc
    .array(fc.array(word, { minLength: 4, maxLength: 12 }), { minLength: 1, maxLength: 5 })
    .map((lines) => lines.map((words) => words.join(' ')));

  it('score 100 in BLEU from four tokens on', () => {
    fc.assert(
      fc.property(longEnough, (lines) => {
        const bleu = new BLEU({ logger: silentLogger });
        fc.pre(lines.some((text) => bleu.tokens(text).length >= 4));
        expect(bleu.corpusScore(lines, [lines]).score).toBeCloseTo(100, 9);
      }),
    );
  });

  it('score 100 in chrF and 0 in TER', () => {
    fc.assert(
      fc.property(longEnough, (lines) => {
        fc.pre(lines.some((text) => splitWords(text).length > 0));
        expect(new CHRF({ wordOrder: 2 }).corpusScore(lines, [lines]).score).toBeCloseTo(100, 9);
        expect(new TER().corpusScore(lines, [lines]).score).toBe(0);
      }),
    );
  });
});

describe('definitions', () => {
  // N-gram counts by brute force.
  const counts = (symbols: readonly string[], n: number): Map<string, number> => {
    const map = new Map<string, number>();
    for (let i = 0; i + n <= symbols.length; i++) {
      const key = symbols.slice(i, i + n).join('\u0000');
      map.set(key, (map.get(key) ?? 0) + 1);
    }
    return map;
  };

  it('BLEU counts each n-gram at most as often as the reference that has most of it', () => {
    fc.assert(
      fc.property(segment, ({ hypothesis, references }) => {
        const bleu = new BLEU({ logger: silentLogger, maxNgramOrder: 3 });
        const [row] = bleu.extractStatistics(
          [hypothesis],
          references.map((reference) => [reference]),
        );
        const tokens = bleu.tokens(hypothesis);
        for (let n = 1; n <= 3; n++) {
          const inReferences = references.map((reference) => counts(bleu.tokens(reference), n));
          let matched = 0;
          for (const [key, count] of counts(tokens, n))
            matched += Math.min(count, Math.max(...inReferences.map((map) => map.get(key) ?? 0)));
          expect(row![1 + n]).toBe(matched);
          expect(row![4 + n]).toBe(Math.max(0, tokens.length - n + 1));
        }
      }),
    );
  });

  it('chrF counts code points, whitespace aside', () => {
    fc.assert(
      fc.property(line, line, (hypothesis, reference) => {
        const [row] = new CHRF({ charOrder: 2 }).extractStatistics([hypothesis], [[reference]]);
        const [own, theirs] = [hypothesis, reference].map((text) => Array.from(splitWords(text).join('')));
        for (let n = 1; n <= 2; n++) {
          const expected = counts(theirs!, n);
          let matched = 0;
          for (const [key, count] of counts(own!, n)) matched += Math.min(count, expected.get(key) ?? 0);
          expect(row![3 * n - 1]).toBe(matched);
        }
      }),
    );
  });

  it('TER lies between the length difference and the edit distance without shifts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 }),
        fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 }),
        (own, theirs) => {
          const [row] = new TER().extractStatistics([own.join(' ')], [[theirs.join(' ')]]);
          expect(row![0]).toBeGreaterThanOrEqual(Math.abs(own.length - theirs.length));
          expect(row![0]).toBeLessThanOrEqual(levenshtein(own, theirs));
        },
      ),
    );
  });
});

function levenshtein(a: readonly string[], b: readonly string[]): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
