// Unigram: the most probable way to cut a piece into known ones.
import { FormatError } from '@d2lts/core';
import { type TokenModel, cached } from './model.ts';

/** The model part of a tokenizer.json. */
export interface UnigramJson {
  vocab: [piece: string, score: number][];
  unk_id?: number | null;
  byte_fallback?: boolean;
}

interface Node {
  /** The id of the piece that ends here. */
  id: number | undefined;
  children: Map<string, Node>;
}

const unknownPenalty = 10;
const encoder = new TextEncoder();

/** T. Kudo (https://arxiv.org/abs/1804.10959), as Hugging Face's library: Viterbi; neighbouring unknown characters are one. */
export class UnigramModel implements TokenModel {
  readonly encode: TokenModel['encode'];
  readonly #json: UnigramJson;
  readonly #vocab: ReadonlyMap<string, number>;
  readonly #trie: Node = { id: undefined, children: new Map() };
  readonly #unknownScore: number;

  constructor(json: UnigramJson, vocab: ReadonlyMap<string, number>) {
    this.#json = json;
    this.#vocab = vocab;
    let least = Infinity;
    for (const [piece, score] of json.vocab) {
      least = Math.min(least, score);
      let node = this.#trie;
      for (const character of piece) {
        let child = node.children.get(character);
        if (child === undefined) node.children.set(character, (child = { id: undefined, children: new Map() }));
        node = child;
      }
      if (piece !== '') node.id = vocab.get(piece);
    }
    this.#unknownScore = least - unknownPenalty;
    this.encode = cached((piece) => this.#pieces(piece).flatMap((part) => this.#ids(part)));
  }

  /** The best cut; neighbouring unknown characters together. */
  #pieces(text: string): string[] {
    const characters = Array.from(text);
    const size = characters.length;
    const scores = new Float64Array(size + 1);
    const starts = new Int32Array(size + 1).fill(-1);
    const ids = new Int32Array(size + 1);
    const offer = (start: number, end: number, id: number, score: number) => {
      const total = score + scores[start]!;
      if (starts[end]! >= 0 && total <= scores[end]!) return;
      scores[end] = total;
      starts[end] = start;
      ids[end] = id;
    };
    for (let start = 0; start < size; start++) {
      let single = false;
      let node = this.#trie.children.get(characters[start]!);
      for (let end = start + 1; node !== undefined; end++) {
        if (node.id !== undefined) {
          offer(start, end, node.id, this.#json.vocab[node.id]![1]);
          single ||= end === start + 1;
        }
        node = end < size ? node.children.get(characters[end]!) : undefined;
      }
      if (!single) offer(start, start + 1, this.#unknownId(), this.#unknownScore);
    }
    const pieces: string[] = [];
    let unknown = false;
    for (let end = size; end > 0; end = starts[end]!) {
      const piece = characters.slice(starts[end], end).join('');
      const isUnknown = ids[end] === this.#json.unk_id;
      if (isUnknown && unknown) pieces.push(piece + pieces.pop()!);
      else pieces.push(piece);
      unknown = isUnknown;
    }
    return pieces.reverse();
  }

  #ids(piece: string): number[] {
    const id = this.#vocab.get(piece);
    if (id !== undefined) return [id];
    if (this.#json.byte_fallback) {
      const bytes = Array.from(encoder.encode(piece), (byte) =>
        this.#vocab.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`),
      );
      if (!bytes.includes(undefined)) return bytes as number[];
    }
    return [this.#unknownId()];
  }

  #unknownId(): number {
    const { unk_id: id } = this.#json;
    if (typeof id === 'number') return id;
    throw new FormatError({
      operation: 'SubwordTokenizer.encode',
      fact: 'a text with an unknown part needs an unk_id',
      value: id,
      advice: "set it in the tokenizer.json's model",
    });
  }
}
