// Our reader of tokenizer.json against Hugging Face's Rust library: a slice of fuzz.ts, regular expressions, what was wrong once.
import { Rng } from '@d2lts/core';
import { Tokenizer as RustTokenizer } from 'tokenizers';
import { describe, expect, it } from 'vitest';
import { SubwordTokenizer, type TokenizerJson, trainWordPiece } from '../../src/tokenizer/index.ts';
import { readPreTokenizer } from '../../src/tokenizer/pipeline/preTokenizers.ts';
import { Comparison, kinds } from './compare.ts';
import { randomText } from './randomText.ts';

describe.each(Object.entries(kinds))('%s', (name, json) => {
  const comparison = new Comparison(name, json);

  it('agrees on random texts', async () => {
    const rng = new Rng(20_261_201);
    for (let i = 0; i < 150; i++) expect(await comparison.differences(randomText(rng))).toEqual([]);
  });

  it.each([
    '',
    ' ',
    '\ufeffa',
    'a\ufeff',
    '\u0085a\u0085',
    '\ta',
    '\nb',
    '\u00a0c',
    'cat ☃ dog',
    '[UNK]',
    '<s>',
  ])('agrees on %j', async (text) => expect(await comparison.differences(text)).toEqual([]));
});

it('gives the unknown token for what it does not know, though it is special', () => {
  const added = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  const json = {
    ...kinds.WordLevel!,
    added_tokens: [{ id: 0, content: '[UNK]', ...added }],
    model: { type: 'WordLevel', vocab: { '[UNK]': 0, cat: 1, dog: 2 }, unk_token: '[UNK]' },
  };
  expect(SubwordTokenizer.fromJSON(json).encode('cat ☃ dog')).toEqual([1, 0, 2]);
});

describe('regular expressions of Split', () => {
  const patterns = [
    String.raw`\w+`,
    String.raw`\W`,
    String.raw`[^\s\w]+`,
    String.raw`\d{1,3}`,
    String.raw`\b`,
    String.raw`(?i:'s|'t|stra)`,
    String.raw`^\s*|\s*$`,
    String.raw`.`,
    String.raw`[\p{Han}\p{Hiragana}]+|\p{^L}`,
    String.raw`[[:punct:]]|[[:upper:]][[:lower:]]*`,
    String.raw`(?=\p{Lu})`,
    String.raw`[a-cx\-\]]|\x41|\x{e9}|\h{2}`,
    String.raw`(?<!\S)\S|a{,2}b|{|}`,
  ];

  it.each(patterns)('%s', async (regex) => {
    const part = { type: 'Split', pattern: { Regex: regex }, behavior: 'Isolated', invert: false };
    const ours = readPreTokenizer(part);
    const rust = RustTokenizer.fromString(JSON.stringify({ ...kinds.characters!, pre_tokenizer: part }));
    const rng = new Rng(9);
    for (let i = 0; i < 200; i++) {
      const text = `${randomText(rng).replaceAll('<', '')} aab{Abc}é-x]Strasse`;
      const pieces = ours([{ text, atStart: true }]).map((piece) => piece.text);
      const characters = Array.from(text);
      const offsets = (await rust.encode(text, null, { addSpecialTokens: false })).getOffsets();
      expect(pieces).toEqual(offsets.map(([start, end]) => characters.slice(start, end).join('')));
    }
  });

  it.each([
    'a++',
    '[a&&b]',
    '[a[b]]',
    String.raw`\p{Nonsense}`,
    '(?>a)',
    '(',
    '[',
    String.raw`\y`,
    'a'.repeat(20_000),
  ])('refuses %s', (regex) => {
    const json = {
      ...kinds.characters!,
      pre_tokenizer: { type: 'Split', pattern: { Regex: regex }, behavior: 'Isolated' },
    };
    expect(() => SubwordTokenizer.fromJSON(json)).toThrow(
      /^SubwordTokenizer\.fromJSON: (the regular|a pattern)/,
    );
  });
});

describe('trainWordPiece', () => {
  const texts = [
    'Low low low low lower lowest, new new newer newest!',
    'The lowest été',
    'the newest of the new 今天',
  ];

  it.each([true, false])('gives a file that the library reads alike (lowercase: %s)', async (lowercase) => {
    const json = trainWordPiece(texts, { vocabSize: 90, lowercase });
    const comparison = new Comparison('trained', json);
    const rng = new Rng(4);
    for (const text of [...texts, ...Array.from({ length: 200 }, () => randomText(rng))])
      expect(await comparison.differences(text)).toEqual([]);
    const rust = RustTokenizer.fromString(JSON.stringify(json));
    const pair = await rust.encode('low', 'new');
    expect([pair.getTokens(), pair.getTypeIds()]).toEqual([
      ['[CLS]', 'low', '[SEP]', 'new', '[SEP]'],
      [0, 0, 0, 1, 1],
    ]);
  });

  it('merges the most frequent pairs, the same each time', () => {
    const { model } = trainWordPiece(['aba aba ab', 'ba'], { vocabSize: 9 });
    expect(Object.keys(model.vocab)).toEqual([
      '[PAD]',
      '[UNK]',
      '[CLS]',
      '[SEP]',
      '[MASK]',
      'a',
      'b',
      '##a',
      '##b',
    ]);
    const larger = trainWordPiece(['aba aba ab', 'ba'], { vocabSize: 20 });
    expect(Object.keys(larger.model.vocab).slice(9)).toEqual(['ab', 'aba']);
    expect(trainWordPiece(texts, { vocabSize: 90 })).toEqual(trainWordPiece(texts, { vocabSize: 90 }));
  });

  it('keeps the most frequent characters only', () => {
    const tokenizer = SubwordTokenizer.fromJSON(
      trainWordPiece(['aab aab c'], { vocabSize: 20, limitAlphabet: 2 }),
    );
    expect(tokenizer.encode('c')).toEqual([tokenizer.requireId('[UNK]')]);
    expect(tokenizer.decode(tokenizer.encode('aab'))).toBe('aab');
  });

  it('says what does not fit', () => {
    expect(() => trainWordPiece(['abc'], { vocabSize: 5 })).toThrow(
      'trainWordPiece: vocabSize must be an integer of at least 10 (special tokens and characters), got 5',
    );
    expect(() => trainWordPiece([], { vocabSize: 50, specialTokens: ['[UNK]'] })).toThrow(
      'specialTokens must have [CLS]',
    );
  });
});

describe('hostile files', () => {
  const with_ = (changes: object): unknown => ({ ...kinds['metaspace always']!, ...changes });
  const model = (changes: object): unknown =>
    with_({ model: { ...kinds['metaspace always']!.model, ...changes } });
  const unigram = (changes: object): unknown => ({
    ...kinds.Unigram!,
    model: { ...kinds.Unigram!.model, ...changes },
  });

  it.each([
    [with_({ normalizer: { type: 'Nonsense' } }), 'the normalizer must be one of'],
    [with_({ normalizer: { type: 'Sequence', normalizers: 7 } }), 'normalizers must be a list'],
    [with_({ normalizer: { type: 'Precompiled', precompiled_charsmap: '!' } }), 'must be base64'],
    [with_({ normalizer: { type: 'Precompiled', precompiled_charsmap: '/////w==' } }), 'is truncated'],
    [with_({ pre_tokenizer: { type: 'Nonsense' } }), 'the pre-tokenizer must be one of'],
    [with_({ pre_tokenizer: { type: 'Metaspace', replacement: 'ab' } }), 'replacement must be one character'],
    [with_({ pre_tokenizer: { type: 'Punctuation', behavior: 'x' } }), 'behavior must be one of'],
    [with_({ pre_tokenizer: { type: 'FixedLength', length: 0 } }), 'length must be a positive integer'],
    [with_({ decoder: { type: 'Nonsense' } }), 'the decoder must be one of'],
    [model({ merges: [['a', 'nowhere']] }), 'every token of a merge'],
    [model({ type: 'Nonsense' }), 'model.type must be one of'],
    [unigram({ vocab: [['a']] }), 'each piece must be a text and a score'],
    [unigram({ vocab: [['a', null]] }), 'each piece must be a text and a score'],
    [unigram({ unk_id: 9999 }), 'model.unk_id must be the place of a piece'],
  ])('are refused: case %#', (json, message) => {
    expect(() => SubwordTokenizer.fromJSON(json)).toThrow(message);
  });

  it('say when an unknown token is needed and missing', () => {
    const json = model({ type: 'WordLevel', unk_token: 'nowhere' }) as TokenizerJson;
    expect(() => SubwordTokenizer.fromJSON(json).encode('☃')).toThrow(
      'needs an unknown token in the vocabulary',
    );
    expect(() => SubwordTokenizer.fromJSON(unigram({ unk_id: null })).encode('☃')).toThrow('needs an unk_id');
  });
});

describe('items the size of the data', () => {
  it.each(Object.entries(kinds))(
    '%s takes a word of 45,000 characters and a text of 45,000 words',
    (_, json) => {
      const tokenizer = SubwordTokenizer.fromJSON(json);
      const ids = tokenizer.encode(`${'今'.repeat(45_000)} ${'word '.repeat(45_000)}`);
      expect(ids.length).toBeGreaterThan(10_000);
      expect(tokenizer.decode(ids)).toBeTypeOf('string');
    },
  );
});
