// The text of a language model recipe: read, cleaned, cut into a training and a held-out part, encoded.
import { DataError, type Fingerprint, dataRegistry, fingerprint, loadText, readText } from '@d2lts/core';
import {
  type TokenizerJson,
  SubwordTokenizer,
  Vocab,
  charTokenizer,
  cleanLines,
  trainBpe,
  wordTokenizer,
} from '@d2lts/rnn';
import type { LanguageModelRecipe } from '../../recipe/languageModel.ts';

/** A text as a language model trains on it. */
export interface LanguageData {
  name: string;
  licence: string;
  tokenizer: SubwordTokenizer;
  /** Token ids to train on. */
  train: Int32Array;
  /** The last part of the text, which no training sees. */
  heldOut: Int32Array;
  /** Its characters (code points). */
  heldOutCharacters: number;
  /** Of the text as it was read. */
  fingerprint: Fingerprint;
}

/** Reads and encodes what a recipe names. @throws DataError when there is nothing to train on */
export async function loadLanguageData({
  data,
  tokenizer: wanted,
}: LanguageModelRecipe): Promise<LanguageData> {
  const { name, licence, text: raw } = await read(data);
  const unit = wanted.kind === 'char' ? 'char' : 'word';
  const text = data.cleaning === 'book' ? cleanLines(raw).join(unit === 'char' ? '' : ' ') : raw;
  const cut = cutAt(text, Math.floor(text.length * (1 - data.heldOut)), unit);
  const [before, after] = [text.slice(0, cut), text.slice(cut)];
  const tokenizer = SubwordTokenizer.fromJSON(buildTokenizer(before, wanted));
  const train = Int32Array.from(tokenizer.encode(before)).subarray(0, data.maxTokens);
  if (train.length < 2) {
    throw new DataError({
      operation: 'd2l train',
      fact: `${name} must have at least two tokens to train on`,
      value: train.length,
      argument: 'data',
    });
  }
  const heldOut = Int32Array.from(tokenizer.encode(after));
  return {
    name,
    licence,
    tokenizer,
    train,
    heldOut,
    heldOutCharacters: Array.from(after).length,
    fingerprint: fingerprint(name, raw),
  };
}

async function read({ set, file, licence = 'not stated' }: LanguageModelRecipe['data']) {
  if (set === undefined) return { name: file!, licence, text: await readText(file!) };
  const { title } = dataRegistry.get(set);
  const { text, licence: known } = await loadText(set);
  return { name: `${set} (${title})`, licence: known, text };
}

/** The position itself for characters, else the next beginning of a word. Characters are never cut in two. */
function cutAt(text: string, position: number, unit: 'char' | 'word'): number {
  if (unit === 'char') return /[\uDC00-\uDFFF]/.test(text.charAt(position)) ? position + 1 : position;
  const space = text.slice(position).search(/\s/);
  return space < 0 ? text.length : position + space;
}

function buildTokenizer(text: string, tokenizer: LanguageModelRecipe['tokenizer']): TokenizerJson {
  if (tokenizer.kind === 'bpe') return trainBpe([text], tokenizer);
  const minFreq = tokenizer.minFrequency;
  if (tokenizer.kind === 'char') return charTokenizer(new Vocab(Array.from(text), { minFreq }));
  return wordTokenizer(new Vocab(text.split(/\s+/).filter(Boolean), { minFreq }));
}
