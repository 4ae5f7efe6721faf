// Text to subword ids and back, by any Hugging Face tokenizer.json.
import { FormatError, ValueError } from '@d2lts/core';
import { Tokenizer } from '@huggingface/tokenizers';
import { ByteBpeEncoder } from './byteBpeEncoder.ts';
import { type TokenizerJson, checkTokenizerJson } from './tokenizerJson.ts';

/**
 * A tokenizer read from a tokenizer.json; works in Node and in browsers.
 *
 * Special tokens written in a text are never taken for the real ones: `encode('<eos>')` is plain text
 * to the model's eyes or nothing, not the end of the sentence.
 *
 * @example
 * const tokenizer = SubwordTokenizer.fromJSON(trainBpe(['go .', 'va !'], { vocabSize: 300 }));
 * const ids = tokenizer.encode('va !');
 * tokenizer.decode(ids); // 'va !'
 */
export class SubwordTokenizer {
  /** Number of ids, special tokens included: one more than the largest id. */
  readonly vocabSize: number;
  private readonly ids: ReadonlyMap<string, number>;
  private readonly tokensById: (string | undefined)[] = [];
  private readonly special: ReadonlySet<number>;
  private readonly addedTokens: readonly string[];
  private readonly fast: ByteBpeEncoder | undefined;
  /** The id of the model's unknown token, if it has one. */
  private readonly unknown: number | undefined;

  private constructor(
    private readonly json: TokenizerJson,
    private readonly tokenizer: Tokenizer,
  ) {
    const ids = new Map(Object.entries(json.model.vocab));
    for (const { content, id } of json.added_tokens) ids.set(content, id);
    this.ids = ids;
    for (const [token, id] of ids) this.tokensById[id] = token;
    this.vocabSize = this.tokensById.length;
    this.special = new Set(json.added_tokens.filter((token) => token.special).map((token) => token.id));
    this.addedTokens = json.added_tokens.map((token) => token.content);
    this.fast = ByteBpeEncoder.from(json);
    const { unk_token: unknown } = json.model;
    this.unknown = typeof unknown === 'string' ? ids.get(unknown) : undefined;
  }

  /** Builds the tokenizer. @throws FormatError when the JSON is no tokenizer.json that can be used */
  static fromJSON(json: unknown): SubwordTokenizer {
    const checked = checkTokenizerJson(json);
    try {
      return new SubwordTokenizer(checked, new Tokenizer(checked, {}));
    } catch (error) {
      throw new FormatError({
        operation: 'SubwordTokenizer.fromJSON',
        fact: `the tokenizer cannot be built: ${error instanceof Error ? error.message : String(error)}`,
        cause: error,
      });
    }
  }

  /** The tokenizer.json it was built from. */
  toJSON(): TokenizerJson {
    return this.json;
  }

  /** A text's ids, without any special token. */
  encode(text: string): number[] {
    const plain = !this.addedTokens.some((token) => text.includes(token));
    if (plain && this.fast !== undefined) return this.fast.encode(text);
    const { ids } = this.tokenizer.encode(text, { add_special_tokens: false });
    // The library gives undefined where a word-level model has no token; `<unk>` is what Hugging Face's gives.
    const known = (ids as (number | undefined)[]).flatMap((id) => id ?? this.unknown ?? []);
    return known.filter((id) => !this.special.has(id));
  }

  /** The text of ids; special tokens are left out. @throws ValueError for an id outside the vocabulary */
  decode(ids: Iterable<number>): string {
    const known = Array.from(ids, (id) => {
      this.token(id);
      return id;
    }).filter((id) => !this.special.has(id));
    if (known.length === 0) return '';
    return this.tokenizer.decode(known, { skip_special_tokens: true, clean_up_tokenization_spaces: false });
  }

  /** The token with this id, as the vocabulary writes it. */
  token(id: number): string {
    const token = this.tokensById[id];
    if (token === undefined) {
      throw new ValueError({
        operation: 'SubwordTokenizer.token',
        fact: `id must be one of the vocabulary's, 0 to ${this.vocabSize - 1}`,
        value: id,
        argument: 'id',
      });
    }
    return token;
  }

  /** The id of a token as the vocabulary writes it, special ones included. */
  id(token: string): number | undefined {
    return this.ids.get(token);
  }

  /** The id of a token that must be there. @throws ValueError when it is not */
  requireId(token: string): number {
    const id = this.ids.get(token);
    if (id !== undefined) return id;
    throw new ValueError({
      operation: 'SubwordTokenizer.requireId',
      fact: 'token must be in the vocabulary',
      value: token,
      argument: 'token',
    });
  }
}
