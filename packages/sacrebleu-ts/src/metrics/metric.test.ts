// Wrong arguments, warnings, signatures and incremental scoring.

import { describe, expect, it, vi } from 'vitest';
import {
  Accumulator,
  BLEU,
  CHRF,
  corpusBleu,
  corpusChrf,
  corpusTer,
  mecabTokenizer,
  rawCorpusBleu,
  SacreBleuError,
  sentenceBleu,
  sentenceChrf,
  sentenceTer,
  silentLogger,
  TER,
  tercomTokenizer,
  type BleuOptions,
  type Logger,
  type MecabOptions,
  type ReferenceStreams,
  type Score,
} from '../index.ts';

function errorOf(action: () => unknown): SacreBleuError {
  try {
    action();
  } catch (error) {
    if (error instanceof SacreBleuError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

function recorder(): Logger & { messages: string[] } {
  const messages: string[] = [];
  return { messages, warn: (message) => messages.push(message), info: () => {} };
}

describe('wrong input', () => {
  const bleu = new BLEU({ logger: silentLogger });
  it.each([
    ['no segments', () => bleu.corpusScore([], [[]]), 'INVALID_ARGUMENT', 'at least one segment'],
    [
      'a string for hypotheses',
      () => bleu.corpusScore('text' as unknown as string[], [['text']]),
      'INVALID_ARGUMENT',
      "array of strings, got 'text'",
    ],
    [
      'a hypothesis that is no string',
      () => bleu.corpusScore(['a', null as unknown as string], [['a', 'b']]),
      'INVALID_ARGUMENT',
      'hypothesis 2 must be a string, got null',
    ],
    [
      'a flat reference list',
      () => bleu.corpusScore(['a'], ['a'] as unknown as ReferenceStreams),
      'INVALID_ARGUMENT',
      'array of reference streams',
    ],
    [
      'a reference that is no string',
      () => bleu.corpusScore(['a'], [[3]] as unknown as ReferenceStreams),
      'INVALID_ARGUMENT',
      'string or null, got 3',
    ],
    [
      'different lengths',
      () => bleu.corpusScore(['a', 'b'], [['a', 'b'], ['a']]),
      'LENGTH_MISMATCH',
      'different lengths, got 2 and 1',
    ],
    [
      'a cache of another length',
      () => new BLEU({ references: [['a']] }).corpusScore(['a', 'b']),
      'LENGTH_MISMATCH',
      'got 2 and 1',
    ],
    [
      'a segment without references',
      () => bleu.corpusScore(['a', 'b'], [['a', null]]),
      'NO_REFERENCES',
      'segment 2 has no reference',
    ],
    ['no references at all', () => bleu.corpusScore(['a']), 'NO_REFERENCES', 'none cached'],
    [
      'a string for references',
      () => bleu.sentenceScore('a', 'a' as unknown as string[]),
      'INVALID_ARGUMENT',
      'must be an array of strings',
    ],
    ['a signature before scoring', () => new TER().getSignature(), 'NO_REFERENCES', 'score something first'],
    [
      'an unknown tokenizer',
      () => new BLEU({ tokenize: '14a' as '13a' }),
      'UNKNOWN_TOKENIZER',
      "got '14a'; use one of none, zh, 13a",
    ],
    ['Japanese without MeCab', () => new BLEU({ trgLang: 'ja' }), 'TOKENIZER_NEEDS_ADDON', 'mecabTokenizer('],
    [
      'flores200 without its model',
      () => new BLEU({ tokenize: 'flores200' }),
      'TOKENIZER_NEEDS_ADDON',
      "loadSentencePiece(path, 'flores200')",
    ],
    [
      'an unknown smoothing method',
      () => new BLEU({ smoothMethod: 'bus' as 'exp' }),
      'INVALID_ARGUMENT',
      'none, floor, add-k, exp',
    ],
    [
      'order zero',
      () => new BLEU({ maxNgramOrder: 0 }),
      'INVALID_ARGUMENT',
      'an integer from 1 to 1000, got 0',
    ],
    [
      'no order',
      () => new CHRF({ charOrder: 0 }),
      'INVALID_ARGUMENT',
      'at least 1 when wordOrder is 0, got 0',
    ],
    [
      'a huge order',
      () => new CHRF({ charOrder: 1e9 }),
      'INVALID_ARGUMENT',
      'from 0 to 1000, got 1000000000',
    ],
    ['no weight', () => new CHRF({ beta: NaN }), 'INVALID_ARGUMENT', 'beta must be a finite number'],
    ['a negative weight', () => new CHRF({ beta: -1 }), 'INVALID_ARGUMENT', 'of at least 0, got -1'],
    [
      'an infinite smoothing value',
      () => new BLEU({ smoothMethod: 'add-k', smoothValue: Infinity }),
      'INVALID_ARGUMENT',
      'smoothValue must be a finite number of at least 0, got Infinity',
    ],
    [
      'a flag that is no boolean',
      () => new TER({ noPunct: 'no' as unknown as boolean }),
      'INVALID_ARGUMENT',
      "noPunct must be true or false, got 'no'",
    ],
    [
      'a mistyped option',
      () => new BLEU({ lowerCase: true } as BleuOptions),
      'INVALID_ARGUMENT',
      "BLEU: unknown option, got 'lowerCase'; did you mean 'lowercase'?",
    ],
    [
      "an option under Python's name",
      () => sentenceChrf('a', ['a'], { word_order: 2 } as object),
      'INVALID_ARGUMENT',
      "got 'word_order'; did you mean 'wordOrder'?",
    ],
    [
      'an option of another metric',
      () => new TER({ tokenize: '13a' } as object),
      'INVALID_ARGUMENT',
      'use some of references, logger, normalized, noPunct, asianSupport, caseSensitive',
    ],
    [
      'options that are none',
      () => new BLEU(null as never),
      'INVALID_ARGUMENT',
      'must be an object, got null',
    ],
    [
      'a tokenizer without signature',
      () => new BLEU({ tokenize: ((text: string) => text) as never }),
      'INVALID_ARGUMENT',
      'one made by defineTokenizer, got a value of type function',
    ],
    ['a logger that is none', () => new TER({ logger: {} as Logger }), 'INVALID_ARGUMENT', 'warn and info'],
    [
      'half a resample',
      () => bleu.corpusScore(['a'], [['a']], { nBootstrap: 1.5 }),
      'INVALID_ARGUMENT',
      'nBootstrap must be an integer of at least 0, got 1.5',
    ],
    [
      'more resamples than memory',
      () => bleu.corpusScore(['a'], [['a']], { nBootstrap: 1e12 }),
      'INVALID_ARGUMENT',
      'nBootstrap must be at most 1073741824 for 1 segments',
    ],
    ['no statistics', () => bleu.scoreFromStatistics([]), 'INVALID_ARGUMENT', 'at least one segment'],
    [
      'a negative width',
      () => bleu.sentenceScore('a', ['a']).format({ width: -1 }),
      'INVALID_ARGUMENT',
      'Score.format: width must be an integer from 0 to 100000, got -1',
    ],
    [
      'a signature that is none',
      () => bleu.sentenceScore('a', ['a']).format({ signature: 1 as never }),
      'INVALID_ARGUMENT',
      'signature must be a string, or true or false, got 1',
    ],
    [
      'a number to be explained',
      () => bleu.explain('a', [1 as never]),
      'INVALID_ARGUMENT',
      'references must be an array of strings',
    ],
    [
      'a string for references to add',
      () => new Accumulator(bleu).add('a', 'a' as never),
      'INVALID_ARGUMENT',
      'Accumulator.add: references must be an array of strings',
    ],
    [
      'nothing to merge',
      () => new Accumulator(bleu).merge({} as never),
      'INVALID_ARGUMENT',
      'Accumulator.merge: other must be an accumulator or what its toJSON gave, got a value of type object',
    ],
    [
      'a number to add',
      () => new Accumulator(bleu).add('a', ['a', 3 as never]),
      'INVALID_ARGUMENT',
      'string or null, got 3',
    ],
    [
      'a segmenter that is none',
      () => mecabTokenizer({ language: 'ja', version: '0.996' } as MecabOptions),
      'INVALID_ARGUMENT',
      'mecabTokenizer: segment must be a function, got undefined',
    ],
    [
      'a flag of a tokenizer that is no boolean',
      () => tercomTokenizer({ normalized: 1 as never }),
      'INVALID_ARGUMENT',
      'tercomTokenizer: normalized must be true or false, got 1',
    ],
    ['Korean without MeCab', () => new BLEU({ trgLang: 'ko' }), 'TOKENIZER_NEEDS_ADDON', 'mecab-ko-dic'],
    ['a negative order', () => new CHRF({ charOrder: -1 }), 'INVALID_ARGUMENT', 'charOrder must be'],
    [
      'a bad seed',
      () => bleu.corpusScore(['a'], [['a']], { nBootstrap: 10, seed: 'x' }),
      'INVALID_SEED',
      "got 'x'",
    ],
  ])('%s', (_, action, code, text) => {
    const error = errorOf(action);
    expect(error.code).toBe(code);
    expect(error.message).toContain(text);
  });
});

describe('warnings', () => {
  it('tell of sentence BLEU without effective order', () => {
    const logger = recorder();
    new BLEU({ logger }).sentenceScore('a b', ['a b']);
    new BLEU({ logger, effectiveOrder: true }).sentenceScore('a b', ['a b']);
    expect(logger.messages).toEqual([
      'It is recommended to enable `effective_order` for sentence-level BLEU.',
    ]);
  });

  it('tell of 100 lines that look tokenized, unless forced', () => {
    const logger = recorder();
    const lines = Array.from({ length: 100 }, (_, i) => `line ${i} .`);
    new BLEU({ logger }).corpusScore(lines, [lines]);
    expect(logger.messages[0]).toBe("That's 100 lines that end in a tokenized period ('.')");
    expect(logger.messages).toHaveLength(3);
    new BLEU({ logger, force: true }).corpusScore(lines, [lines]);
    new BLEU({ logger }).corpusScore(lines.slice(1), [lines.slice(1)]);
    new CHRF({ logger }).corpusScore(lines, [lines]);
    expect(logger.messages).toHaveLength(3);
  });

  it.each([
    ['zh', 'Chinese'],
    ['ja', 'Japanese'],
    ['ko', 'Korean'],
  ])('recommend a tokenizer for %s', (trgLang, language) => {
    const logger = recorder();
    expect(new BLEU({ logger, trgLang, tokenize: 'char' } satisfies BleuOptions)).toBeInstanceOf(BLEU);
    expect(logger.messages[0]).toContain(`tokenizer for ${language}.`);
  });

  it('go to the console by default', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    new BLEU().sentenceScore('a', ['a']);
    expect(warn).toHaveBeenCalledOnce();
    warn.mockRestore();
  });
});

describe('cached references', () => {
  it.each([
    ['BLEU', new BLEU({ references: [['a b c d e']], logger: silentLogger }), 100],
    ['chrF++', new CHRF({ references: [['a b c d e']], wordOrder: 2 }), 100],
    ['TER', new TER({ references: [['a b c d e']] }), 0],
  ])('outlive calls with other references (%s)', (_, metric, perfect) => {
    const other = 'p q r s t';
    metric.corpusScore(['z'], [[other], ['u v']]);
    metric.sentenceScore('z', [other]);
    new Accumulator<Score>(metric).add('z', [other, other, other]).score();
    const score = metric.corpusScore(['a b c d e']);
    expect(score.score).toBeCloseTo(perfect, 9);
    expect(score.signature.format()).toMatch(/^nrefs:1\|/);
    expect(metric.corpusScore([other]).score).not.toBeCloseTo(perfect, 9);
  });
});

describe('signatures', () => {
  it('follow the data: number of references, resampling, seed', () => {
    const chrf = new CHRF();
    expect(
      chrf
        .corpusScore(
          ['a', 'b'],
          [
            ['a', 'b'],
            ['x', null],
          ],
        )
        .signature.format(true),
    ).toMatch(/^#:var\|c:mixed/);
    const score = chrf.corpusScore(['a', 'b'], [['a', 'b']], { nBootstrap: 20, seed: 'None' });
    expect(score.signature.format()).toMatch(
      /^nrefs:1\|bs:20\|seed:none\|case:mixed\|eff:yes\|nc:6\|nw:0\|space:no\|version:ts:/,
    );
    expect(String(score)).toBe(score.format());
  });

  it('choose the tokenizer by language', () => {
    expect(new BLEU({ trgLang: 'zh' }).corpusScore(['好'], [['好']]).signature.format()).toContain('tok:zh');
  });
});

describe('Accumulator', () => {
  it('refuses to merge what other options scored, and to score nothing', () => {
    const running = new Accumulator(new BLEU());
    expect(errorOf(() => running.score()).code).toBe('NO_REFERENCES');
    const other = new Accumulator(new BLEU({ lowercase: true })).add('a', ['a']);
    expect(errorOf(() => running.merge(other)).message).toContain('BLEU|');
  });

  it('keeps track of missing references and gives intervals', () => {
    const running = new Accumulator(new TER()).add('a b', ['a c']).add('d e f', ['d e', null, 'e f d']);
    const score = running.score({ nBootstrap: 50, seed: 1 });
    expect(score.signature.format()).toMatch(/^nrefs:var\|bs:50\|seed:1\|/);
    expect(score.confidence!.halfWidth).toBeGreaterThan(0);
  });
});

describe('one-call functions', () => {
  it('equal the classes', () => {
    const [hypotheses, references] = [['The cat sat on a mat.'], [['The cat sat on the mat.']]];
    expect(corpusBleu(hypotheses, references).score).toBe(
      new BLEU().corpusScore(hypotheses, references).score,
    );
    expect(corpusChrf(hypotheses, references, { wordOrder: 2 }).name).toBe('chrF2++');
    expect(corpusTer(hypotheses, references).numEdits).toBe(1);
    expect(sentenceBleu(hypotheses[0]!, references[0]!).signature.format()).toContain('|eff:yes|');
    expect(sentenceChrf(hypotheses[0]!, references[0]!).score).toBe(corpusChrf(hypotheses, references).score);
    expect(sentenceTer(hypotheses[0]!, references[0]!).score).toBe(corpusTer(hypotheses, references).score);
    expect(rawCorpusBleu(hypotheses, references).signature.format()).toContain(
      'eff:yes|tok:none|smooth:floor[0.10]',
    );
  });
});
