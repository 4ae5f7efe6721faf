// Trains a byte-level BPE tokenizer and gives it as a standard Hugging Face tokenizer.json.
import { ValueError } from '@d2lts/core';
import { byteLevelWords } from './byteBpeEncoder.ts';
import { byteCharacters, toByteCharacters } from './bytes.ts';
import { type CountedWord, learnMerges } from './learnMerges.ts';
import type { TokenizerJson } from './tokenizerJson.ts';

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
  const counted = countWords(texts, ids, options.plainTypography ?? true);
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
  return describeBpe(
    Object.fromEntries(ids),
    merges.map(({ left, right }) => [tokens[left]!, tokens[right]!]),
    specialTokens,
    options.plainTypography ?? true,
  );
}

function countWords(
  texts: Iterable<string>,
  ids: ReadonlyMap<string, number>,
  plain: boolean,
): CountedWord[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    let clean = text.normalize('NFC');
    if (plain) for (const [from, to] of typography) clean = clean.replaceAll(from, to);
    // Before the first word a space stands, so that it is the same token as inside a sentence.
    const spaced = clean === '' || /^\s/u.test(clean) ? clean : ` ${clean}`;
    for (const [word] of spaced.matchAll(byteLevelWords)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return Array.from(counts, ([word, count]) => ({
    symbols: Array.from(toByteCharacters(word), (character) => ids.get(character)!),
    count,
  }));
}

function describeBpe(
  vocab: Record<string, number>,
  merges: [string, string][],
  specialTokens: readonly string[],
  plain: boolean,
): TokenizerJson {
  const replacements = typography.map(([from, content]) => ({
    type: 'Replace',
    pattern: { String: from },
    content,
  }));
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specialTokens.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: plain
      ? { type: 'Sequence', normalizers: [{ type: 'NFC' }, ...replacements] }
      : { type: 'NFC' },
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
        { type: 'Strip', content: ' ', start: 1, stop: 0 },
      ],
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
      vocab,
      merges,
    },
  };
}
