// Character and word tokenizers: round trips, unknown tokens, and the same ids as Hugging Face's Rust library.
import { Tokenizer as RustTokenizer } from 'tokenizers';
import { describe, expect, it } from 'vitest';
import { Vocab } from '../text/vocab.ts';
import { SubwordTokenizer, charTokenizer, wordTokenizer } from './index.ts';

const text = 'To be,\n  or not\tto be?\n';

async function rustIds(json: object, value: string): Promise<number[]> {
  const encoding = await RustTokenizer.fromString(JSON.stringify(json)).encode(value);
  return Array.from(encoding.getIds());
}

describe('charTokenizer', () => {
  const json = charTokenizer(new Vocab(Array.from(text)));
  const tokenizer = SubwordTokenizer.fromJSON(json);

  it('keeps every character of a text', () => {
    const ids = tokenizer.encode(text);
    expect(ids).toHaveLength(text.length);
    expect(tokenizer.decode(ids)).toBe(text);
    expect(tokenizer.decode([])).toBe('');
  });

  it('has one <unk> for each character that it does not know', async () => {
    expect(tokenizer.encode('b😀éb')).toEqual([tokenizer.id('b'), 0, 0, tokenizer.id('b')]);
    for (const value of [text, 'b😀éb', ' ']) {
      expect(tokenizer.encode(value)).toEqual(await rustIds(json, value));
    }
  });
});

describe('wordTokenizer', () => {
  it('splits at white space and joins with spaces', async () => {
    const json = wordTokenizer(new Vocab(text.split(/\s+/).filter(Boolean)));
    const tokenizer = SubwordTokenizer.fromJSON(json);
    expect(tokenizer.decode(tokenizer.encode(text))).toBe('To be, or not to be?');
    expect(tokenizer.encode('or  nay')).toEqual([tokenizer.id('or'), 0]);
    expect(tokenizer.encode(text)).toEqual(await rustIds(json, text));
  });
});
