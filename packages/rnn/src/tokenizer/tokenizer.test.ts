// BPE training against Hugging Face's trainer, encoding against Hugging Face's encoder.
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { Tokenizer as RustTokenizer } from 'tokenizers';
import { describe, expect, it } from 'vitest';
import { SubwordTokenizer, trainBpe } from './index.ts';

interface Trained {
  lines: string[];
  vocabSize: number;
  vocab: Record<string, number>;
  merges: [string, string][];
  ids: number[][];
}
const golden = JSON.parse(readFileSync(new URL('golden/bpe.json', import.meta.url), 'utf8')) as Trained & {
  spaced: Trained;
};

/** No half of a surrogate pair alone: such text has no UTF-8 form. */
const isWellFormed = (value: string) => !/\p{Surrogate}/u.test(value);

describe('trainBpe', () => {
  it.each([
    ['plain lines', golden],
    ['every white space at start, middle and end', golden.spaced],
  ])("learns the vocabulary and merges of Hugging Face's trainer (golden/bpe.py): %s", (_, trained) => {
    const json = trainBpe(trained.lines, { vocabSize: trained.vocabSize });
    expect(json.model.merges).toEqual(trained.merges);
    expect(json.model.vocab).toEqual(trained.vocab);
    const tokenizer = SubwordTokenizer.fromJSON(json);
    expect(trained.lines.map((line) => tokenizer.encode(line))).toEqual(trained.ids);
  });

  it('stops when no pair is frequent enough, and needs room for the bytes', () => {
    const { model } = trainBpe(['ab ab', 'cd'], { vocabSize: 1000, minFrequency: 2 });
    expect(model.merges).toEqual([
      ['a', 'b'],
      ['Ġ', 'ab'],
    ]);
    expect(() => trainBpe([], { vocabSize: 100 })).toThrow(
      'trainBpe: vocabSize must be an integer of at least 260 (special tokens and bytes), got 100',
    );
  });

  it('counts a pair in a run of equal symbols like Hugging Face', () => {
    const { model } = trainBpe(['aaaa aaaaa', 'aaa'], { vocabSize: 270, minFrequency: 1 });
    expect((model.merges as string[][])[0]).toEqual(['a', 'a']);
  });
});

describe('SubwordTokenizer', () => {
  const json = trainBpe(golden.lines, { vocabSize: golden.vocabSize });
  const tokenizer = SubwordTokenizer.fromJSON(json);
  const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...golden.lines), fc.string());

  it('gives back every text, but for the typography it makes plain', () => {
    const plain = (value: string) =>
      value
        .normalize('NFC')
        .replaceAll(/[\u202f\u00a0]/g, ' ')
        .replaceAll('\u2019', "'")
        .replace(/^ /, '');
    fc.assert(
      fc.property(text, (value) => {
        fc.pre(isWellFormed(value));
        expect(tokenizer.decode(tokenizer.encode(value))).toBe(plain(value));
      }),
      { numRuns: 300 },
    );
  });

  it('encodes as the Rust library does', async () => {
    const rust = RustTokenizer.fromString(JSON.stringify(json));
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        fc.pre(isWellFormed(value) && !/<(pad|bos|eos|unk)>/.test(value));
        const ids = tokenizer.encode(value);
        const encoding = await rust.encode(value, null, { addSpecialTokens: false });
        expect(ids).toEqual(Array.from(encoding.getIds()));
      }),
      { numRuns: 200 },
    );
  });

  it('takes special tokens in a text for nothing', () => {
    const ids = tokenizer.encode('Hi <eos> there');
    expect(ids).not.toContain(tokenizer.requireId('<eos>'));
    expect(tokenizer.decode([1, ...tokenizer.encode('Hi'), 2])).toBe('Hi');
    expect(() => tokenizer.decode([999_999])).toThrow("id must be one of the vocabulary's");
  });

  it('refuses what is no tokenizer.json', () => {
    const broken: unknown[] = [
      null,
      [],
      {},
      { model: { type: 'BPE', vocab: { a: -1 }, merges: [] }, added_tokens: [] },
      { model: { type: 'BPE', vocab: { a: 1e15 }, merges: [] }, added_tokens: [] },
      { model: { type: 'BPE', vocab: {}, merges: [7] }, added_tokens: [] },
      { model: { type: 'BPE', vocab: {}, merges: [] }, added_tokens: [{}] },
      { ...json, model: { ...json.model, type: 'Nonsense', merges: undefined } },
    ];
    for (const value of broken) {
      expect(() => SubwordTokenizer.fromJSON(value)).toThrow(/^SubwordTokenizer\.fromJSON: /);
    }
  });
});
