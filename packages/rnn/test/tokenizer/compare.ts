// Our reader of tokenizer.json beside Hugging Face's Rust library, on one text.
import { readFileSync } from 'node:fs';
import { Tokenizer as RustTokenizer } from 'tokenizers';
import { SubwordTokenizer, type TokenizerJson } from '../../src/tokenizer/index.ts';

/** The sixteen kinds of tokenizer.json (src/tokenizer/golden/kinds.py). */
export const kinds = JSON.parse(
  readFileSync(new URL('../../src/tokenizer/golden/kinds.json', import.meta.url), 'utf8'),
) as Record<string, TokenizerJson>;

/** What differs: what was done, and both results. */
export interface Difference {
  kind: string;
  what: 'ids' | 'ids of plain text' | 'decoded text';
  text: string;
  ours: unknown;
  theirs: unknown;
}

/** Compares ids (special tokens in the text taken for real, and not) and decoded texts. */
export class Comparison {
  readonly #ours: SubwordTokenizer;
  readonly #rust: RustTokenizer;
  /** Without its special tokens: how the library reads a text in which they are plain text. */
  readonly #plainRust: RustTokenizer;
  readonly #dropped: ReadonlySet<number>;

  constructor(
    readonly kind: string,
    json: TokenizerJson,
  ) {
    this.#ours = SubwordTokenizer.fromJSON(json);
    this.#rust = RustTokenizer.fromString(JSON.stringify(json));
    const added = json.added_tokens.filter(({ special }) => !special);
    this.#plainRust = RustTokenizer.fromString(JSON.stringify({ ...json, added_tokens: added }));
    const { unk_token: unknown, unk_id: unknownId } = json.model;
    const special = json.added_tokens.filter((token) => token.special);
    this.#dropped = new Set(
      special.filter(({ content, id }) => content !== unknown && id !== unknownId).map(({ id }) => id),
    );
  }

  async differences(text: string): Promise<Difference[]> {
    const found: Difference[] = [];
    const compare = (what: Difference['what'], ours: unknown, theirs: unknown) => {
      if (JSON.stringify(ours) !== JSON.stringify(theirs))
        found.push({ kind: this.kind, what, text, ours, theirs });
    };
    const ids = await idsOf(this.#rust, text);
    compare('ids', this.#ours.encode(text, { specialTokens: true }), ids);
    const plain = (await idsOf(this.#plainRust, text)).filter((id) => !this.#dropped.has(id));
    compare('ids of plain text', this.#ours.encode(text), plain);
    compare(
      'decoded text',
      this.#ours.decode(ids),
      ids.length === 0 ? '' : await this.#rust.decode(ids, true),
    );
    return found;
  }
}

async function idsOf(tokenizer: RustTokenizer, text: string): Promise<number[]> {
  const encoding = await tokenizer.encode(text, null, { addSpecialTokens: false });
  return Array.from(encoding.getIds());
}
