// Trains a byte-level BPE tokenizer and gives it as a standard Hugging Face tokenizer.json.
import { ValueError } from '@d2lts/core';
import { countPieces } from './countPieces.ts';
import { byteCharacters } from './bytes.ts';
import { learnMerges } from './learnMerges.ts';
import type { AddedTokenJson, TokenizerJson } from './tokenizerJson.ts';

/** Options of `trainBpe`. */
export interface TrainBpeOptions {
  /** Size of the vocabulary, special tokens and the 256 bytes included. */
  vocabSize: number;
  /** Tokens with the first ids; they never come out of the text. Default `<pad>`, `<bos>`, `<eos>`, `<unk>`. */
  specialTokens?: readonly string[];
  /** Pairs seen fewer times are not merged; default 2. */
  minFrequency?: number;
  /** Plain spaces for no-break ones and straight apostrophes for curly ones, before anything else; default true. */
  plainTypography?: boolean;
}

/** The special tokens of translation models, with ids 0 to 3. */
export const translationSpecialTokens = ['<pad>', '<bos>', '<eos>', '<unk>'] as const;

const typography = [
  ['\u202f', ' '],
  ['\u00a0', ' '],
  ['\u2019', "'"],
] as const;

/**
 * Byte-level byte-pair encoding (GPT-2's): every text can be encoded, none needs `<unk>`.
 * The same texts give the same tokenizer: ties go to the pair with the smaller ids, as Hugging Face's trainer.
 *
 * @param texts lines or documents; words do not cross their borders
 * @throws ValueError when the vocabulary is too small for the special tokens and the 256 bytes
 *
 * @example
 * const json = trainBpe(['low lower lowest', 'new newer newest'], { vocabSize: 300 });
 * const tokenizer = SubwordTokenizer.fromJSON(json);
 */
export function trainBpe(texts: Iterable<string>, options: TrainBpeOptions): TokenizerJson {
  const { vocabSize, specialTokens = translationSpecialTokens, minFrequency = 2 } = options;
  const first = specialTokens.length;
  if (!Number.isInteger(vocabSize) || vocabSize < first + 256 || vocabSize > 2 ** 24) {
    throw new ValueError({
      operation: 'trainBpe',
      fact: `vocabSize must be an integer of at least ${first + 256} (special tokens and bytes)`,
      value: vocabSize,
      argument: 'vocabSize',
    });
  }
  // Ids: special tokens, then the byte characters in the order of their code points, then the merges.
  const tokens = [...specialTokens, ...[...byteCharacters].sort((a, b) => a.charCodeAt(0) - b.charCodeAt(0))];
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const parts = describeParts(options.plainTypography ?? true);
  const counted = Array.from(countPieces(texts, parts), ([word, count]) => ({
    symbols: Array.from(word, (character) => ids.get(character)!),
    count,
  }));
  const merges = learnMerges(counted, {
    minFrequency,
    join(left, right) {
      if (tokens.length >= vocabSize) return undefined;
      const token = tokens[left]! + tokens[right]!;
      const known = ids.get(token);
      if (known !== undefined) return known;
      ids.set(token, tokens.length);
      return tokens.push(token) - 1;
    },
  });
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specialTokens.map((content, id) => addedToken(content, id)),
    ...parts,
    post_processor: null,
    decoder: {
      type: 'Sequence',
      decoders: [parts.pre_tokenizer, { type: 'Strip', content: ' ', start: 1, stop: 0 }],
    },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(ids),
      merges: merges.map(({ left, right }) => [tokens[left]!, tokens[right]!]),
    },
  };
}

/** A special token as a tokenizer.json writes it. */
export function addedToken(content: string, id: number): AddedTokenJson {
  return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
}

/** How a text is normalized and cut into words, in training and in use. */
function describeParts(plain: boolean) {
  const replacements = typography.map(([from, content]) => {
    return { type: 'Replace', pattern: { String: from }, content };
  });
  return {
    normalizer: plain
      ? { type: 'Sequence', normalizers: [{ type: 'NFC' }, ...replacements] }
      : { type: 'NFC' },
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
  };
}
