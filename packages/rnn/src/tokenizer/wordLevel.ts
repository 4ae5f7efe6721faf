// Character and word vocabularies as standard Hugging Face tokenizer.json files.
import type { Vocab } from '../text/vocab.ts';
import type { TokenizerJson } from './tokenizerJson.ts';

/**
 * A tokenizer of single characters (code points), white space included; characters outside the vocabulary are
 * `<unk>`. Decoding joins without anything between.
 *
 * @example
 * const json = charTokenizer(new Vocab(Array.from('the time machine')));
 * SubwordTokenizer.fromJSON(json).encode('tie'); // [3, 2, 1] or the like
 */
export function charTokenizer(vocab: Vocab): TokenizerJson {
  return describe(vocab, {
    pre_tokenizer: {
      type: 'Split',
      pattern: { Regex: String.raw`[\s\S]` },
      behavior: 'Isolated',
      invert: false,
    },
    decoder: { type: 'Fuse' },
  });
}

/** A tokenizer of words at white space; words outside the vocabulary are `<unk>`. Decoding joins with single spaces. */
export function wordTokenizer(vocab: Vocab): TokenizerJson {
  return describe(vocab, { pre_tokenizer: { type: 'WhitespaceSplit' }, decoder: null });
}

function describe(vocab: Vocab, parts: Pick<TokenizerJson, 'pre_tokenizer' | 'decoder'>): TokenizerJson {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: null,
    ...parts,
    post_processor: null,
    model: {
      type: 'WordLevel',
      vocab: Object.fromEntries(vocab.toJSON().map((token, id) => [token, id])),
      unk_token: vocab.token(vocab.unk),
    },
  };
}
