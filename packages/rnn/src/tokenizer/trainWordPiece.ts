// Trains a WordPiece tokenizer, BERT's, and gives it as a standard Hugging Face tokenizer.json.
import { ValueError } from '@d2lts/core';
import { countPieces } from './countPieces.ts';
import { learnMerges } from './learnMerges.ts';
import type { TokenizerJson } from './tokenizerJson.ts';
import { addedToken } from './trainBpe.ts';

/** Options of `trainWordPiece`. */
export interface TrainWordPieceOptions {
  /** Size of the vocabulary, special tokens and characters included. */
  vocabSize: number;
  /** Lower-case the text and leave accents out, in training and in use; default true. */
  lowercase?: boolean;
  /** Tokens with the first ids; `[UNK]`, `[CLS]` and `[SEP]` must be among them. Default BERT's five. */
  specialTokens?: readonly string[];
  /** Pairs seen fewer times are not merged; default 2. */
  minFrequency?: number;
  /** Keep only so many of the most frequent characters; rarer ones are `[UNK]`. Default 1,000. */
  limitAlphabet?: number;
}

/** BERT's special tokens, with ids 0 to 4. */
export const bertSpecialTokens = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'] as const;

const prefix = '##';

/**
 * WordPiece (https://arxiv.org/abs/1609.08144) as Hugging Face trains it: pairs are merged by frequency, as in byte-pair
 * encoding, and only the vocabulary is kept; texts are cut into the longest known pieces from the left. Unlike Hugging
 * Face's trainer, whose ids depend on the order of a hash table, the same texts give the same tokenizer.
 *
 * @param texts lines or documents
 * @throws ValueError when the vocabulary has no room for special tokens and characters, or a special token is missing
 *
 * @example
 * const json = trainWordPiece(['low lower lowest', 'new newer newest'], { vocabSize: 60 });
 * const tokenizer = SubwordTokenizer.fromJSON(json);
 */
export function trainWordPiece(texts: Iterable<string>, options: TrainWordPieceOptions): TokenizerJson {
  const { vocabSize, specialTokens = bertSpecialTokens, minFrequency = 2, limitAlphabet = 1000 } = options;
  for (const token of ['[UNK]', '[CLS]', '[SEP]'])
    if (!specialTokens.includes(token))
      fail(`specialTokens must have ${token}`, specialTokens, 'specialTokens');
  const parts = describeParts(options.lowercase ?? true);
  const counts = countPieces(texts, parts);
  const alphabet = frequentCharacters(counts, limitAlphabet);
  const words = Array.from(counts, ([word, count]) => {
    return { characters: Array.from(word).filter((c) => alphabet.has(c)), count };
  });

  // Ids: special tokens, characters, characters inside of words, then what merges give.
  const inside = new Set(words.flatMap(({ characters }) => characters.slice(1)));
  const tokens = [
    ...specialTokens,
    ...[...alphabet].sort(byCodePoint),
    ...[...inside].sort(byCodePoint).map((c) => prefix + c),
  ];
  if (!Number.isInteger(vocabSize) || vocabSize < tokens.length || vocabSize > 2 ** 22)
    fail(
      `vocabSize must be an integer of at least ${tokens.length} (special tokens and characters)`,
      vocabSize,
      'vocabSize',
    );
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const counted = words.map(({ characters, count }) => {
    return { symbols: characters.map((c, i) => ids.get(i > 0 ? prefix + c : c)!), count };
  });
  learnMerges(counted, {
    minFrequency,
    join(left, right) {
      if (tokens.length >= vocabSize) return undefined;
      const token = tokens[left]! + tokens[right]!.slice(prefix.length);
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
    post_processor: bertTemplate(ids),
    decoder: { type: 'WordPiece', prefix, cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: prefix,
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(ids),
    },
  };
}

/** How a text is normalized and cut into words, in training and in use: as BERT does. */
function describeParts(lowercase: boolean) {
  return {
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
  };
}

/** `[CLS] a [SEP]` and `[CLS] a [SEP] b [SEP]`, for those who read the file elsewhere. */
function bertTemplate(ids: ReadonlyMap<string, number>) {
  const special = (id: string, type: number) => ({ SpecialToken: { id, type_id: type } });
  const text = (id: 'A' | 'B', type: number) => ({ Sequence: { id, type_id: type } });
  const single = [special('[CLS]', 0), text('A', 0), special('[SEP]', 0)];
  const describe = (token: string) => [token, { id: token, ids: [ids.get(token)], tokens: [token] }];
  return {
    type: 'TemplateProcessing',
    single,
    pair: [...single, text('B', 1), special('[SEP]', 1)],
    special_tokens: Object.fromEntries(['[CLS]', '[SEP]'].map(describe)),
  };
}

/** The most frequent characters; of equals, those with the smaller code points. */
function frequentCharacters(counts: ReadonlyMap<string, number>, limit: number): Set<string> {
  const found = new Map<string, number>();
  for (const [word, count] of counts)
    for (const character of word) found.set(character, (found.get(character) ?? 0) + count);
  const ranked = [...found].sort((a, b) => b[1] - a[1] || byCodePoint(a[0], b[0]));
  return new Set(ranked.slice(0, limit).map(([character]) => character));
}

function byCodePoint(a: string, b: string): number {
  return a.codePointAt(0)! - b.codePointAt(0)!;
}

function fail(fact: string, value: unknown, argument: string): never {
  throw new ValueError({ operation: 'trainWordPiece', fact, value, argument });
}
