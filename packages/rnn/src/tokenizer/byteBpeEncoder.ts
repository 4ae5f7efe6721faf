// A fast encoder for tokenizers of the form that trainBpe writes; a test holds it to the general reader's ids.
import { toByteCharacters } from './bytes.ts';
import type { TokenizerJson } from './tokenizerJson.ts';

/** How GPT-2 cuts a text into words; a leading space belongs to its word. */
export const byteLevelWords = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

const maxCached = 100_000;

/** Encodes with each distinct word merged once and then remembered. */
export class ByteBpeEncoder {
  private readonly cache = new Map<string, readonly number[]>();

  private constructor(
    private readonly vocab: ReadonlyMap<string, number>,
    private readonly ranks: ReadonlyMap<string, number>,
    private readonly replacements: readonly (readonly [string, string])[],
  ) {}

  /** The encoder, or undefined when the tokenizer has parts that this class does not know. */
  static from(json: TokenizerJson): ByteBpeEncoder | undefined {
    const replacements = readNormalizer(json.normalizer);
    const pre = json.pre_tokenizer as Record<string, unknown> | null;
    const { model } = json;
    const known =
      replacements !== undefined &&
      pre?.type === 'ByteLevel' &&
      pre.add_prefix_space === true &&
      pre.use_regex !== false &&
      json.post_processor === null &&
      model.type === 'BPE' &&
      !['dropout', 'unk_token', 'continuing_subword_prefix', 'end_of_word_suffix'].some(
        (key) => model[key],
      ) &&
      !['byte_fallback', 'ignore_merges'].some((key) => model[key]);
    if (!known) return undefined;
    const ranks = new Map<string, number>();
    for (const merge of model.merges as (string | [string, string])[]) {
      ranks.set(typeof merge === 'string' ? merge : merge.join(' '), ranks.size);
    }
    return new ByteBpeEncoder(new Map(Object.entries(model.vocab)), ranks, replacements);
  }

  /** The ids of a text that holds no added token. */
  encode(text: string): number[] {
    let clean = text.normalize('NFC');
    for (const [from, to] of this.replacements) clean = clean.replaceAll(from, to);
    if (clean === '') return [];
    const spaced = /^\s/u.test(clean) ? clean : ` ${clean}`;
    const ids: number[] = [];
    for (const [word] of spaced.matchAll(byteLevelWords)) ids.push(...this.encodeWord(word));
    return ids;
  }

  private encodeWord(word: string): readonly number[] {
    const cached = this.cache.get(word);
    if (cached !== undefined) return cached;
    const ids = this.merge(Array.from(toByteCharacters(word))).map((token) => this.vocab.get(token) ?? -1);
    if (this.cache.size >= maxCached) this.cache.clear();
    this.cache.set(word, ids);
    return ids;
  }

  /** Joins the pair that was learned first, wherever it stands, until none is left. */
  private merge(symbols: string[]): string[] {
    while (symbols.length > 1) {
      let best = Infinity;
      for (let i = 1; i < symbols.length; i++) {
        best = Math.min(best, this.ranks.get(`${symbols[i - 1]} ${symbols[i]}`) ?? Infinity);
      }
      if (best === Infinity) return symbols;
      const joined: string[] = [];
      for (let i = 0; i < symbols.length; i++) {
        const here = i + 1 < symbols.length && this.ranks.get(`${symbols[i]} ${symbols[i + 1]}`) === best;
        joined.push(here ? symbols[i]! + symbols[++i]! : symbols[i]!);
      }
      symbols = joined;
    }
    return symbols;
  }
}

/** NFC alone, or NFC followed by replacements of plain strings; undefined for anything else. */
function readNormalizer(normalizer: unknown): [string, string][] | undefined {
  const parts = normalizer as { type?: string; normalizers?: Record<string, unknown>[] } | null;
  if (parts?.type === 'NFC') return [];
  const [first, ...rest] = parts?.type === 'Sequence' ? (parts.normalizers ?? []) : [];
  if (first?.type !== 'NFC') return undefined;
  const replacements: [string, string][] = [];
  for (const part of rest) {
    const from = (part.pattern as { String?: unknown } | undefined)?.String;
    if (part.type !== 'Replace' || typeof from !== 'string' || from === '') return undefined;
    if (typeof part.content !== 'string') return undefined;
    replacements.push([from, part.content]);
  }
  return replacements;
}
