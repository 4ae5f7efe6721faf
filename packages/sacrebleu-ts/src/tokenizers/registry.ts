// Tokenizers by sacreBLEU's names; the ones that need a model or a dictionary say what to provide.

import { SacreBleuError } from '../errors.ts';
import { tokenize13a } from './13a.ts';
import { tokenizeChar } from './char.ts';
import { tokenizeIntl } from './intl.ts';
import { tokenizeNone } from './none.ts';
import type { Tokenizer } from './types.ts';
import { tokenizeZh } from './zh.ts';

const BUILT_IN = {
  none: tokenizeNone,
  zh: tokenizeZh,
  '13a': tokenize13a,
  intl: tokenizeIntl,
  char: tokenizeChar,
};

/** Tokenizers that work out of the box. */
export type BuiltInTokenizerName = keyof typeof BUILT_IN;

/** Every name that sacreBLEU's `tokenize` accepts, in its order. */
export const TOKENIZER_NAMES = [
  'none',
  'zh',
  '13a',
  'intl',
  'char',
  'ja-mecab',
  'ko-mecab',
  'spm',
  'flores101',
  'flores200',
  'spBLEU-1K',
] as const;

/** A tokenizer name; those outside {@link BuiltInTokenizerName} need an add-on. */
export type TokenizerName = (typeof TOKENIZER_NAMES)[number];

function addOnHelp(name: string): string {
  if (name === 'ja-mecab' || name === 'ko-mecab') {
    const [language, dictionary] = name === 'ja-mecab' ? ['ja', 'IPA'] : ['ko', 'mecab-ko-dic'];
    return `a MeCab segmenter with the ${dictionary} dictionary; pass tokenize: mecabTokenizer({ language: '${language}', segment, version })`;
  }
  return `a SentencePiece model file; pass tokenize: await loadSentencePiece(path, '${name}') from 'sacrebleu-ts/node' (or sentencePieceTokenizer(bytes, '${name}') from 'sacrebleu-ts/spm'); on the command line --tokenizer-model PATH`;
}

/**
 * The tokenizer of that name.
 *
 * @throws SacreBleuError `TOKENIZER_NEEDS_ADDON` for `ja-mecab`, `ko-mecab` and the SentencePiece
 * ones, `UNKNOWN_TOKENIZER` for any other name.
 */
export function getTokenizer(name: TokenizerName): Tokenizer {
  if (Object.hasOwn(BUILT_IN, name)) return BUILT_IN[name as BuiltInTokenizerName];
  if ((TOKENIZER_NAMES as readonly string[]).includes(name)) {
    throw new SacreBleuError(
      'TOKENIZER_NEEDS_ADDON',
      `tokenize: '${name}' needs ${addOnHelp(name)}`,
      'tokenize',
      name,
    );
  }
  throw new SacreBleuError(
    'UNKNOWN_TOKENIZER',
    `tokenize: no such tokenizer, got '${String(name)}'; use one of ${TOKENIZER_NAMES.join(', ')}, or a function with a signature`,
    'tokenize',
    name,
  );
}
