// Byte-pair encoding: a word's characters are merged in the order in which merges were learned.
import { FormatError } from '@d2lts/core';
import { type TokenModel, cached } from './model.ts';

/** The model part of a tokenizer.json. */
export interface BpeJson {
  vocab: Record<string, number>;
  merges: (string | [string, string])[];
  unk_token?: string | null;
  continuing_subword_prefix?: string | null;
  end_of_word_suffix?: string | null;
  fuse_unk?: boolean;
  byte_fallback?: boolean;
  ignore_merges?: boolean;
}

const maxIds = 2 ** 22;
const maxLength = 2 ** 30;
const encoder = new TextEncoder();

/**
 * R. Sennrich et al. (https://arxiv.org/abs/1508.07909), as Hugging Face's library: an unknown character becomes its bytes
 * (`byte_fallback`), the unknown token, or nothing.
 *
 * @throws FormatError when a merge's tokens are not in the vocabulary
 */
export class BpeModel implements TokenModel {
  readonly encode: TokenModel['encode'];
  readonly #json: BpeJson;
  readonly #vocab: ReadonlyMap<string, number>;
  /** By left · maxIds + right: the rank, and the id of both together. */
  readonly #merges = new Map<number, [rank: number, id: number]>();

  constructor(json: BpeJson, vocab: ReadonlyMap<string, number>) {
    this.#json = json;
    this.#vocab = vocab;
    const prefix = json.continuing_subword_prefix ?? '';
    json.merges.forEach((merge, rank) => {
      const [left, right] = typeof merge === 'string' ? cutMerge(merge) : merge;
      const id = (token: string) => vocab.get(token) ?? missing(token);
      this.#merges.set(id(left) * maxIds + id(right), [rank, id(left + right.slice(prefix.length))]);
    });
    this.encode = cached((piece) => this.#encodeWord(piece));
  }

  #encodeWord(word: string): number[] {
    const whole = this.#json.ignore_merges ? this.#vocab.get(word) : undefined;
    return whole === undefined ? this.#merge(this.#characters(word)) : [whole];
  }

  /** The ids of a word's characters before any merge. */
  #characters(word: string): number[] {
    const { unk_token: unknown, fuse_unk: fuse } = this.#json;
    const prefix = this.#json.continuing_subword_prefix ?? '';
    const suffix = this.#json.end_of_word_suffix ?? '';
    const characters = Array.from(word);
    const ids: number[] = [];
    let pending: number | undefined; // an unknown token that others may join
    characters.forEach((character, i) => {
      const text = (i > 0 ? prefix : '') + character + (i === characters.length - 1 ? suffix : '');
      const id = this.#vocab.get(text);
      if (id !== undefined) {
        if (pending !== undefined) ids.push(pending);
        pending = undefined;
        ids.push(id);
        return;
      }
      const bytes = this.#json.byte_fallback ? this.#bytes(text) : undefined;
      if (bytes !== undefined) {
        for (const byte of bytes) ids.push(byte);
      } else if (unknown) {
        if (pending !== undefined && !fuse) ids.push(pending);
        pending = this.#vocab.get(unknown) ?? missing(unknown);
      }
    });
    if (pending !== undefined) ids.push(pending);
    return ids;
  }

  #bytes(text: string): number[] | undefined {
    const ids = Array.from(encoder.encode(text), (byte) =>
      this.#vocab.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`),
    );
    return ids.includes(undefined) ? undefined : (ids as number[]);
  }

  /** Merges the pair that was learned first, the leftmost of equals, until none is left. */
  #merge(ids: number[]): number[] {
    const next = ids.map((_, i) => i + 1);
    const before = ids.map((_, i) => i - 1);
    const queue: number[] = []; // a heap of rank · maxLength + position
    const offer = (left: number) => {
      const right = next[left]!;
      if (left < 0 || right >= ids.length) return;
      const merge = this.#merges.get(ids[left]! * maxIds + ids[right]!);
      if (merge !== undefined) push(queue, merge[0] * maxLength + left);
    };
    for (let i = 0; i + 1 < ids.length; i++) offer(i);
    for (let top = pop(queue); top !== undefined; top = pop(queue)) {
      const left = top % maxLength;
      const right = next[left]!;
      if (ids[left]! < 0 || right >= ids.length) continue; // merged away
      const merge = this.#merges.get(ids[left]! * maxIds + ids[right]!);
      if (merge === undefined || merge[0] !== Math.floor(top / maxLength)) continue; // no longer this pair
      ids[left] = merge[1];
      ids[right] = -1;
      next[left] = next[right]!;
      if (next[left]! < ids.length) before[next[left]!] = left;
      if (before[left]! >= 0) offer(before[left]!);
      offer(left);
    }
    return ids.filter((id) => id >= 0);
  }
}

function cutMerge(merge: string): [string, string] {
  const at = merge.indexOf(' ');
  return [merge.slice(0, at), merge.slice(at + 1)];
}

function missing(token: string): never {
  throw new FormatError({
    operation: 'SubwordTokenizer.fromJSON',
    fact: 'every token of a merge, and the unknown token, must be in the vocabulary',
    value: token.slice(0, 40),
  });
}

function push(heap: number[], item: number): void {
  let child = heap.length;
  while (child > 0) {
    const parent = (child - 1) >> 1;
    if (heap[parent]! <= item) break;
    heap[child] = heap[parent]!;
    child = parent;
  }
  heap[child] = item;
}

function pop(heap: number[]): number | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (top === undefined || last === undefined || heap.length === 0) return top;
  let parent = 0;
  for (;;) {
    let child = 2 * parent + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child++;
    if (heap[child]! >= last) break;
    heap[parent] = heap[child]!;
    parent = child;
  }
  heap[parent] = last;
  return top;
}
