// The shape of a Hugging Face tokenizer.json, as far as we write and check it.
import { FormatError } from '@d2lts/core';

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
  model: { type: string; vocab: Record<string, number>; [key: string]: unknown };
}

const maxTokens = 2 ** 22;

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
  const { model, added_tokens: added } = value;
  if (!isObject(model) || !isObject(model.vocab)) return fail('model.vocab must map tokens to ids');
  const size = Object.keys(model.vocab).length;
  if (size > maxTokens) return fail(`model.vocab may hold at most ${maxTokens} tokens`, size);
  for (const [token, id] of Object.entries(model.vocab)) {
    if (!isId(id))
      return fail(`the id of token ${JSON.stringify(token.slice(0, 40))} must be a whole number`, id);
  }
  if (model.type === 'BPE') {
    if (!Array.isArray(model.merges)) return fail('model.merges must be a list', model.merges);
    const bad = model.merges.find((merge) => !isMerge(merge));
    if (bad !== undefined) return fail('each merge must be a pair of tokens', bad);
  }
  if (!Array.isArray(added)) return fail('added_tokens must be a list', added);
  const badToken = added.find(
    (token) => !isObject(token) || typeof token.content !== 'string' || !isId(token.id),
  );
  if (badToken !== undefined) return fail('each added token must have an id and a content', badToken);
  return value as unknown as TokenizerJson;
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
