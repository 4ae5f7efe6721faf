// Text to subword ids and back, by any Hugging Face tokenizer.json.
import { FormatError, ValueError } from '@d2lts/core';
import { type TokenModel, buildModel, vocabulary } from './models/index.ts';
import { AddedTokens } from './pipeline/addedTokens.ts';
import { type Decoder, readDecoder } from './pipeline/decoders.ts';
import { readNormalizer } from './pipeline/normalizers.ts';
import { type PreTokenizer, readPreTokenizer } from './pipeline/preTokenizers.ts';
import { type TokenizerJson, checkTokenizerJson } from './tokenizerJson.ts';

/** Options of `SubwordTokenizer.encode`. */
export interface EncodeOptions {
  /** Take special tokens that are written in the text for the real ones, as Hugging Face does by default; false by default. */
  specialTokens?: boolean;
}

/**
 * A tokenizer read from a tokenizer.json: the ids and texts of Hugging Face's library, in Node and in browsers.
 *
 * Special tokens written in a text are never taken for the real ones unless one asks for it: `encode('<eos>')` is plain
 * text to the model's eyes or nothing, not the end of the sentence. What the model does not know is its unknown token,
 * special or not.
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
  /** By id: 1 for special tokens but the unknown one, which must not come of plain text. */
  private readonly dropped: Uint8Array;
  private readonly model: TokenModel;
  private readonly preTokenize: PreTokenizer;
  private readonly decoder: Decoder;
  /** Finds added tokens in texts: all of them, and those that are not special. */
  private readonly added: { all: AddedTokens; plain: AddedTokens };

  private constructor(private readonly json: TokenizerJson) {
    const vocab = vocabulary(json.model);
    this.model = buildModel(json, vocab);
    // An added token that the model knows has the model's id, whatever the file says beside it.
    const tokens = json.added_tokens.map((token) => ({ ...token, id: vocab.get(token.content) ?? token.id }));
    const ids = new Map(vocab);
    for (const { content, id } of tokens) ids.set(content, id);
    this.ids = ids;
    for (const [token, id] of ids) this.tokensById[id] = token;
    this.vocabSize = this.tokensById.length;
    this.special = new Set(tokens.filter(({ special }) => special).map(({ id }) => id));
    const { unk_token: unknown, unk_id: unknownId } = json.model;
    this.dropped = new Uint8Array(this.vocabSize);
    for (const id of this.special) this.dropped[id] = 1;
    const unknownOf = typeof unknown === 'string' ? ids.get(unknown) : unknownId;
    if (typeof unknownOf === 'number') this.dropped[unknownOf] = 0;
    const normalizer = readNormalizer(json.normalizer);
    const all = new AddedTokens(tokens, normalizer);
    const plain = tokens.filter(({ special }) => !special);
    this.added = { all, plain: plain.length === tokens.length ? all : new AddedTokens(plain, normalizer) };
    this.preTokenize = readPreTokenizer(json.pre_tokenizer);
    this.decoder = readDecoder(json.decoder);
  }

  /** Builds the tokenizer. @throws FormatError when the JSON is no tokenizer.json that can be used */
  static fromJSON(json: unknown): SubwordTokenizer {
    const checked = checkTokenizerJson(json);
    try {
      return new SubwordTokenizer(checked);
    } catch (error) {
      if (error instanceof FormatError) throw error;
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

  /** A text's ids; none are added around it. */
  encode(text: string, { specialTokens = false }: EncodeOptions = {}): number[] {
    const ids: number[] = [];
    const added = specialTokens ? this.added.all : this.added.plain;
    for (const { text: piece, id } of this.preTokenize(added.extract(wellFormed(text)))) {
      if (id === undefined) this.model.encode(piece, ids);
      else ids.push(id);
    }
    // A word-level vocabulary may hold special tokens.
    const { dropped } = this;
    return specialTokens || !ids.some((id) => dropped[id] === 1)
      ? ids
      : ids.filter((id) => dropped[id] === 0);
  }

  /** The text of ids; special tokens are left out. @throws ValueError for an id outside the vocabulary */
  decode(ids: Iterable<number>): string {
    const tokens: string[] = [];
    for (const id of ids) {
      const token = this.token(id);
      if (!this.special.has(id)) tokens.push(this.added.all.texts.get(id) ?? token);
    }
    return tokens.length === 0 ? '' : this.decoder(tokens).join('');
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

/** A text with U+FFFD for halves of surrogate pairs, which have no UTF-8. */
function wellFormed(text: string): string {
  return /[\ud800-\udfff]/.test(text) ? text.replace(/\p{Surrogate}/gu, '\ufffd') : text;
}
