// BERT's vocab.txt as a tokenizer.json, as Hugging Face's BertTokenizerFast makes it.
import { FormatError } from '@d2lts/core';
import type { TokenizerJson } from '@d2lts/rnn';

/** What tokenizer_config.json may say. */
export interface VocabularyOptions {
  /** true by default. */
  lowercase?: boolean;
  /** Whether Chinese characters are words of their own; true by default. */
  splitChinese?: boolean;
  /** Whether accents are taken off; by default when text is lower-cased. */
  stripAccents?: boolean | null;
}

const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'] as const;

/**
 * A WordPiece tokenizer of a vocabulary with one token a line.
 *
 * @throws FormatError when a special token of BERT is missing
 *
 * @example
 * const tokenizer = SubwordTokenizer.fromJSON(vocabularyTokenizer(await readText('vocab.txt')));
 */
export function vocabularyTokenizer(text: string, options: VocabularyOptions = {}): TokenizerJson {
  const { lowercase = true, splitChinese = true, stripAccents = null } = options;
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  const vocab = new Map(lines.map((token, id) => [token, id]));
  const idOf = (token: string): number => {
    const id = vocab.get(token);
    if (id !== undefined) return id;
    throw new FormatError({
      operation: 'vocabularyTokenizer',
      fact: `vocab.txt must hold the token ${token}`,
      value: `${vocab.size} others`,
    });
  };
  const at = (token: string, type_id: number) => ({ SpecialToken: { id: token, type_id } });
  const first = [at('[CLS]', 0), { Sequence: { id: 'A', type_id: 0 } }, at('[SEP]', 0)];
  const own = (token: string) => [token, { id: token, ids: [idOf(token)], tokens: [token] }] as const;
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special.map((content) => ({
      id: idOf(content),
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: splitChinese,
      strip_accents: stripAccents,
      lowercase,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: first,
      pair: [...first, { Sequence: { id: 'B', type_id: 1 } }, at('[SEP]', 1)],
      special_tokens: Object.fromEntries([own('[CLS]'), own('[SEP]')]),
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocab),
    },
  };
}
