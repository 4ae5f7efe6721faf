// Every search option through Translator, on a model whose probabilities are known.
import { type StepDecoder, type TranslationModel, SubwordTokenizer, trainBpe } from '@d2lts/rnn';
import { expect, it } from 'vitest';
import { type TranslateOptions, Translator } from '../index.ts';

const tokenizer = SubwordTokenizer.fromJSON(
  trainBpe(['a b c', 'b c a'], { vocabSize: 262, minFrequency: 1 }),
);
const special = { pad: 0, bos: 1, eos: 2 };
const [a, b] = ['a', 'b'].map((text) => tokenizer.encode(text)[0]!) as [number, number];

/** Begins with the end (0.5), a (0.45) or b (0.05), and goes on with the end (0.9), a (0.06) or b (0.04). */
const decoder: StepDecoder<readonly number[], null> = {
  vocabSize: tokenizer.vocabSize,
  start: () => null,
  reorder: () => null,
  step: (_, tokens) => {
    const logits = new Float32Array(tokens.length * tokenizer.vocabSize).fill(-20);
    tokens.forEach((token, row) => {
      const shares = token === special.bos ? [0.5, 0.45, 0.05] : [0.9, 0.06, 0.04];
      for (const [i, id] of [special.eos, a, b].entries())
        logits[row * tokenizer.vocabSize + id] = Math.log(shares[i]!);
    });
    return { logits, state: null };
  },
};

const translator = Translator.from({
  model: { eval: () => {}, searchDecoder: () => decoder } as unknown as TranslationModel,
  tokenizer,
  config: {
    format: 'd2lts-translation',
    version: 1,
    architecture: 'transformer',
    model: {},
    special,
    languages: { source: 'en', target: 'fr' },
    decoding: { beamSize: 1, alpha: 1, lengthPenalty: 'power' },
  },
});

/** The words found, without the spaces between them. */
async function wordsOf(options: TranslateOptions): Promise<string> {
  const [result] = await translator.translate(['c'], options);
  return result!.translation.replaceAll(' ', '');
}

const cases: [name: string, options: TranslateOptions, words: string][] = [
  ['nothing', {}, ''],
  ['minLength', { minLength: 3 }, 'aaa'],
  ['maxLength', { minLength: 2, maxLength: 2 }, 'aa'],
  ['noRepeatNgram', { minLength: 2, noRepeatNgram: 1 }, 'ab'],
  ['noRepeatNgram of two', { minLength: 4, noRepeatNgram: 2 }, 'aaba'],
  ['repetitionPenalty', { minLength: 3, repetitionPenalty: 3 }, 'aba'],
  ['bannedTokens', { minLength: 2, bannedTokens: [a] }, 'bb'],
  ['stopSequences', { minLength: 5, stopSequences: [[a, a]] }, 'aa'],
  [
    'processors',
    { processors: [{ process: (row, before) => void (before.length < 2 && (row[b] = 0)) }] },
    'bb',
  ],
  [
    'criteria',
    { minLength: 5, criteria: [{ reason: 'stopSequence', isMet: ({ length }) => length === 2 }] },
    'aa',
  ],
  ['stop: count', { stop: 'count' }, ''],
  // Twice as long and hardly less likely: better by the mean.
  ['stop: bound', { stop: 'bound' }, 'a'],
];

it.each(cases)('%s', async (_, options, words) => {
  expect(await wordsOf(options)).toBe(words);
});

it('minP and the other rules of drawing', async () => {
  const drawn = async (rule: object) => {
    const seeds = Array.from({ length: 12 }, (_, seed) => seed);
    return new Set(
      await Promise.all(seeds.map((seed) => wordsOf({ sampling: { seed, ...rule }, maxLength: 1 }))),
    );
  };
  expect([...(await drawn({ minP: 0.95 }))]).toEqual(['']);
  expect([...(await drawn({ minP: 0.85 }))].sort()).toEqual(['', 'a']);
  expect((await drawn({ temperature: 50 })).size).toBeGreaterThan(3);
  expect([...(await drawn({ temperature: 50, topK: 3 }))].sort()).toEqual(['', 'a', 'b']);
  expect([...(await drawn({ temperature: 50, topP: 0.001 }))]).toEqual(['']);
});

it('says which option is wrong', async () => {
  await expect(wordsOf({ minLength: 9, maxLength: 4 })).rejects.toThrow(
    'minLength must be at most maxLength 4',
  );
  await expect(wordsOf({ stop: 'never' as 'count' })).rejects.toThrow(
    'stop must be a known one, got "never"',
  );
  await expect(wordsOf({ bannedTokens: [-1] })).rejects.toThrow('bannedTokens');
  await expect(wordsOf({ sampling: { seed: 0, minP: 2 } })).rejects.toThrow('minP must be from 0 to 1');
});
