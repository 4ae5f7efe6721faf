// The shape of a Hugging Face tokenizer.json, as far as we write and check it.
import { FormatError } from '@d2lts/core';
import { modelType } from './models/modelType.ts';

/** A token that stands outside the model's vocabulary rules. */
export interface AddedTokenJson {
  id: number;
  content: string;
  single_word: boolean;
  lstrip: boolean;
  rstrip: boolean;
  normalized: boolean;
  special: boolean;
}

/** A tokenizer.json: the parts in the order in which a text passes them. */
export interface TokenizerJson {
  version: string;
  truncation: unknown;
  padding: unknown;
  added_tokens: AddedTokenJson[];
  normalizer: unknown;
  pre_tokenizer: unknown;
  post_processor: unknown;
  decoder: unknown;
  /** The vocabulary maps tokens to ids; a Unigram model's lists pieces with their log-probabilities. */
  model: { type?: string; vocab: Record<string, number> | [string, number][]; [key: string]: unknown };
}

const maxTokens = 2 ** 22;
const modelTypes: readonly string[] = ['BPE', 'WordPiece', 'WordLevel', 'Unigram'];

/** Checks what a file says before anything is built from it. @throws FormatError naming what is wrong */
export function checkTokenizerJson(value: unknown, operation = 'SubwordTokenizer.fromJSON'): TokenizerJson {
  const fail = (fact: string, got?: unknown): never => {
    throw new FormatError({
      operation,
      fact,
      ...(got === undefined ? {} : { value: got }),
      advice: 'use a Hugging Face tokenizer.json',
    });
  };
  if (!isObject(value)) return fail('a tokenizer.json must hold an object', value);
  const { model, added_tokens: added = [] } = value;
  if (!isObject(model)) return fail('model must be an object', model);
  const type = modelType(model);
  if (!modelTypes.includes(type)) return fail(`model.type must be one of ${modelTypes.join(', ')}`, type);
  if (type === 'Unigram') checkPieces(model, fail);
  else checkVocab(model, fail);
  if (type === 'BPE') {
    if (!Array.isArray(model.merges)) return fail('model.merges must be a list', model.merges);
    const bad = model.merges.find((merge) => !isMerge(merge));
    if (bad !== undefined) return fail('each merge must be a pair of tokens', bad);
  }
  if (!Array.isArray(added)) return fail('added_tokens must be a list', added);
  const badToken = added.find(
    (token) => !isObject(token) || typeof token.content !== 'string' || !isId(token.id),
  );
  if (badToken !== undefined) return fail('each added token must have an id and a content', badToken);
  return { ...value, added_tokens: added.map(withDefaults) } as unknown as TokenizerJson;
}

type Fail = (fact: string, got?: unknown) => never;

function checkVocab({ vocab }: Record<string, unknown>, fail: Fail): void {
  if (!isObject(vocab)) return fail('model.vocab must map tokens to ids');
  const entries = Object.entries(vocab);
  if (entries.length > maxTokens) fail(`model.vocab may hold at most ${maxTokens} tokens`, entries.length);
  for (const [token, id] of entries)
    if (!isId(id)) fail(`the id of token ${JSON.stringify(token.slice(0, 40))} must be a whole number`, id);
}

function checkPieces({ vocab, unk_id: unknown }: Record<string, unknown>, fail: Fail): void {
  if (!Array.isArray(vocab)) return fail('model.vocab must list pieces with their scores');
  if (vocab.length > maxTokens) fail(`model.vocab may hold at most ${maxTokens} pieces`, vocab.length);
  const isPiece = (entry: unknown) =>
    Array.isArray(entry) && typeof entry[0] === 'string' && Number.isFinite(entry[1]);
  const bad: unknown = vocab.find((entry) => !isPiece(entry));
  if (bad !== undefined) fail('each piece must be a text and a score', bad);
  if (unknown !== null && unknown !== undefined && !(isId(unknown) && (unknown as number) < vocab.length))
    fail('model.unk_id must be the place of a piece', unknown);
}

/** What a file may leave out of an added token. */
function withDefaults(token: AddedTokenJson): AddedTokenJson {
  const { special = false, single_word = false, lstrip = false, rstrip = false } = token;
  return { ...token, special, single_word, lstrip, rstrip, normalized: token.normalized ?? !special };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isId(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < maxTokens;
}

function isMerge(value: unknown): boolean {
  if (typeof value === 'string') return value.includes(' ');
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string');
}
