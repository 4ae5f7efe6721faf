// Corpora and the examples drawn from them: nothing lost, nothing too long, pairs and masks as they should be.
import * as fc from 'fast-check';
import { DataLoader, Rng } from '@d2lts/core';
import { describe, expect, it } from 'vitest';
import {
  type DocumentIds,
  PretrainingDataset,
  SentenceCorpus,
  maskTokens,
  packSentences,
  padPretrainingExamples,
} from './index.ts';

const special = { pad: 0, cls: 1, sep: 2, mask: 3 };
const sentences = fc.array(fc.array(fc.integer({ min: 10, max: 99 }), { maxLength: 9 }), { maxLength: 8 });
const documents = fc.array(sentences, { maxLength: 5 });

describe('SentenceCorpus', () => {
  it('gives back every sentence of every document', () => {
    fc.assert(
      fc.property(documents, (docs) => {
        const corpus = SentenceCorpus.fromDocuments(docs);
        const kept = docs.map((doc) => doc.filter((s) => s.length > 0)).filter((doc) => doc.length > 0);
        expect(corpus.numDocuments).toBe(kept.length);
        expect(corpus.numSentences).toBe(kept.flat().length);
        kept.forEach((doc, d) => {
          const [first, end] = corpus.sentencesOf(d);
          expect(end - first).toBe(doc.length);
          doc.forEach((s, i) =>
            expect([...corpus.read({ first: first + i, end: first + i + 1 })]).toEqual(s),
          );
          expect([...corpus.read({ first, end })]).toEqual(doc.flat());
        });
      }),
    );
  });

  it('refuses places that do not fit the tokens', () => {
    const tokens = SentenceCorpus.fromDocuments([[[5, 6, 7]]]).tokens;
    expect(() => new SentenceCorpus(tokens, [0, 2], [0, 1])).toThrow(
      'sentences must rise from 0 to 3, got 2',
    );
    expect(() => new SentenceCorpus(tokens, [0, 1, 1, 3], [0, 3])).toThrow('sentences must rise from 0 to 3');
    expect(() => new SentenceCorpus(tokens, [0, 3], [0])).toThrow('documents must rise from 0 to 1, got 0');
  });
});

describe('packSentences', () => {
  it('puts every sentence into one run, within documents, as full as they get', () => {
    fc.assert(
      fc.property(documents, fc.integer({ min: 1, max: 20 }), (docs, maxTokens) => {
        const corpus = SentenceCorpus.fromDocuments(docs);
        const spans = packSentences(corpus, maxTokens);
        let next = 0;
        spans.forEach(({ document, first, end }, i) => {
          expect(first).toBe(next);
          next = end;
          const [begin, stop] = corpus.sentencesOf(document);
          expect(first).toBeGreaterThanOrEqual(begin);
          expect(end).toBeLessThanOrEqual(stop);
          if (end - first > 1) expect(corpus.tokenCount(first, end)).toBeLessThanOrEqual(maxTokens);
          if (spans[i + 1]?.document === document)
            expect(corpus.tokenCount(first, end + 1)).toBeGreaterThan(maxTokens);
        });
        expect(next).toBe(corpus.numSentences);
      }),
    );
    expect(() => packSentences(SentenceCorpus.fromDocuments([]), 0)).toThrow(
      'maxTokens must be a positive integer',
    );
  });
});

describe('PretrainingDataset', () => {
  // Document d has the tokens 1000 · d + 100, + 101, …: each token tells where it stands.
  const numbered = (lengths: number[][]): DocumentIds[] =>
    lengths.map((doc, d) => {
      let next = 1000 * d + 100;
      return doc.map((length) => Array.from({ length }, () => next++));
    });
  const options = (seed: number, more: object = {}) => ({
    maxLength: 16,
    vocabSize: 9000,
    special,
    rng: new Rng(seed),
    ...more,
  });
  /** The example as it was before tokens were hidden. */
  const restored = (example: ReturnType<PretrainingDataset['get']>): number[] => {
    const ids = Array.from(example.ids);
    Array.from(example.positions).forEach((at, i) => (ids[at] = example.labels[i]!));
    return ids;
  };

  it('makes pairs of one document that go on, or of two', () => {
    const shape = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(shape, { minLength: 2, maxLength: 4 }), fc.nat(999), (lengths, seed) => {
        const data = new PretrainingDataset(SentenceCorpus.fromDocuments(numbered(lengths)), options(seed));
        for (let i = 0; i < data.length; i++) {
          const example = data.get(i);
          const ids = restored(example);
          expect(ids.length).toBeLessThanOrEqual(16);
          const [cls, middle] = [ids[0], ids.indexOf(special.sep)];
          expect([cls, ids.at(-1)]).toEqual([special.cls, special.sep]);
          const [first, second] = [ids.slice(1, middle), ids.slice(middle + 1, -1)];
          expect(first.length).toBeGreaterThan(0);
          expect(second.length).toBeGreaterThan(0);
          for (const part of [first, second]) part.forEach((id, k) => expect(id).toBe(part[0]! + k));
          const documentOf = (id: number) => Math.floor(id / 1000);
          if (example.isNext) expect(second[0]).toBe(first.at(-1)! + 1);
          else expect(documentOf(second[0]!)).not.toBe(documentOf(first[0]!));
          expect(Array.from(example.segments)).toEqual(ids.map((_, k) => (k <= middle ? 0 : 1)));
        }
      }),
    );
  });

  it('takes the next sentence half of the time, cuts everywhere, and hides other tokens each time', () => {
    const corpus = SentenceCorpus.fromDocuments(numbered([[2, 3, 2, 3], [4, 4, 4]])); // prettier-ignore
    const data = new PretrainingDataset(corpus, options(1));
    const examples = Array.from({ length: 400 }, () => data.get(0));
    const next = examples.filter(({ isNext }) => isNext);
    expect(Math.abs(next.length / 400 - 0.5)).toBeLessThan(0.08);
    expect(new Set(next.map((e) => restored(e).indexOf(special.sep)))).toEqual(new Set([3, 6, 8]));
    expect(new Set(examples.map(({ positions }) => Array.from(positions).join())).size).toBeGreaterThan(20);
  });

  it('packs one text without nextSentence', () => {
    const corpus = SentenceCorpus.fromDocuments(numbered([[5, 9, 3], [40]]));
    const data = new PretrainingDataset(corpus, options(1, { nextSentence: false }));
    expect(Array.from({ length: data.length }, (_, i) => restored(data.get(i)))).toEqual([
      [1, ...Array.from({ length: 14 }, (_, i) => 100 + i), 2],
      [1, 114, 115, 116, 2],
      [1, ...Array.from({ length: 14 }, (_, i) => 1100 + i), 2],
    ]);
  });

  it('is read by DataLoader the same from the same seeds', async () => {
    const run = async () => {
      const rng = new Rng(5);
      const corpus = SentenceCorpus.fromDocuments(numbered([[5, 9, 3], [4, 7], [6, 6, 6]])); // prettier-ignore
      const data = new PretrainingDataset(corpus, options(9));
      const collate = (examples: ReturnType<PretrainingDataset['get']>[]) =>
        padPretrainingExamples(examples, { maxLength: 16, maxPredictions: 3, padId: 0 });
      const loader = new DataLoader(data, { batchSize: 2, rng, collate });
      const batches: number[][] = [];
      for await (const batch of loader) batches.push([...batch.ids]);
      return batches;
    };
    expect(await run()).toEqual(await run());
  });

  it('says what is missing', () => {
    const corpus = SentenceCorpus.fromDocuments(numbered([[5, 9]]));
    expect(() => new PretrainingDataset(corpus, options(1))).toThrow(
      'PretrainingDataset: next sentences need at least two documents, got 1; separate documents by empty lines or files, or set nextSentence to false',
    );
    expect(() => new PretrainingDataset(corpus, options(1, { maxLength: 4 }))).toThrow(
      'of at least 5, got 4',
    );
  });
});

describe('maskTokens with whole words', () => {
  it('hides words whole, never more than 15% but for the first', () => {
    // 20… begin words, 30… go on.
    const ids = fc.array(fc.constantFrom(20, 21, 30, 31, 1, 2), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(ids, fc.nat(999), (tokens, seed) => {
        const startsWord = (id: number) => id < 30;
        const { positions } = maskTokens(tokens, {
          vocabSize: 40,
          maskId: 3,
          specialIds: [1, 2],
          rng: new Rng(seed),
          startsWord,
        });
        const hidden = new Set(positions);
        for (const i of positions) {
          const goesOn = (j: number) => tokens[j] !== undefined && tokens[j]! >= 30;
          if (goesOn(i) && i > 0 && tokens[i - 1]! >= 20) expect(hidden.has(i - 1)).toBe(true);
          if (goesOn(i + 1)) expect(hidden.has(i + 1)).toBe(true);
        }
        const free = tokens.filter((id) => id >= 20).length;
        expect(positions.length > 0).toBe(free > 0);
        const wanted = Math.min(free, Math.max(1, Math.round(tokens.length * 0.15)));
        const words = positions.filter((i) => startsWord(tokens[i]!) || !(tokens[i - 1]! >= 20)).length;
        if (words > 1) expect(positions.length).toBeLessThanOrEqual(wanted);
      }),
    );
  });
});
