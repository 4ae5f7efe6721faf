// BPE segmentation: merges neighbours, best-scored pair first (Sennrich et al. 2016, https://aclanthology.org/P16-1162).

import { PieceType, type SpmModel } from './model.ts';
import { protectedPrefix } from './normalizer.ts';
import type { Segment } from './unigram.ts';

interface Symbol {
  text: string;
  previous: number;
  next: number;
  /** User-defined: never merged. */
  frozen: boolean;
}

interface Pair {
  left: number;
  right: number;
  score: number;
  length: number;
}

// Highest score first; of equal scores the leftmost.
function before(a: Pair, b: Pair): boolean {
  return a.score > b.score || (a.score === b.score && a.left < b.left);
}

/** A binary heap of pairs. */
class Agenda {
  readonly #heap: Pair[] = [];

  push(pair: Pair): void {
    const heap = this.#heap;
    let at = heap.push(pair) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(pair, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = pair;
  }

  pop(): Pair | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || !last) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (child >= heap.length || !before(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}

/** The segmenter of a BPE model. */
export function createBpe(model: SpmModel): (text: string) => Segment[] {
  const ids = new Map<string, number>();
  model.pieces.forEach(({ text, type }, id) => {
    if (type === PieceType.Normal || type === PieceType.UserDefined || type === PieceType.Unused)
      ids.set(text, id);
  });
  const isProtected = protectedPrefix(model);
  const typeOf = (text: string): number | undefined => {
    const id = ids.get(text);
    return id === undefined ? undefined : model.pieces[id]!.type;
  };

  return (text) => {
    const symbols: Symbol[] = [];
    for (let i = 0; i < text.length;) {
      const kept = isProtected(text, i);
      const length = kept || (text.codePointAt(i)! > 0xffff ? 2 : 1);
      symbols.push({
        text: text.slice(i, i + length),
        previous: symbols.length - 1,
        next: symbols.length + 1,
        frozen: kept > 0,
      });
      i += length;
    }
    if (symbols.length === 0) return [];
    symbols.at(-1)!.next = -1;

    const agenda = new Agenda();
    // How unused pieces were made, to take them apart again.
    const origins = new Map<string, [string, string]>();
    const consider = (left: number, right: number): void => {
      if (left < 0 || right < 0 || symbols[left]!.frozen || symbols[right]!.frozen) return;
      const merged = symbols[left]!.text + symbols[right]!.text;
      const id = ids.get(merged);
      if (id === undefined) return;
      agenda.push({ left, right, score: model.pieces[id]!.score, length: merged.length });
      if (model.pieces[id]!.type === PieceType.Unused)
        origins.set(merged, [symbols[left]!.text, symbols[right]!.text]);
    };
    for (let i = 1; i < symbols.length; i++) consider(i - 1, i);
    for (let pair = agenda.pop(); pair; pair = agenda.pop()) {
      const left = symbols[pair.left]!;
      const right = symbols[pair.right]!;
      if (left.text === '' || right.text === '' || left.text.length + right.text.length !== pair.length)
        continue;
      left.text += right.text;
      left.next = right.next;
      if (right.next >= 0) symbols[right.next]!.previous = pair.left;
      right.text = '';
      consider(left.previous, pair.left);
      consider(pair.left, left.next);
    }

    const segments: Segment[] = [];
    const emit = (piece: string): void => {
      const origin = typeOf(piece) === PieceType.Unused ? origins.get(piece) : undefined;
      if (origin) origin.forEach(emit);
      else segments.push({ text: piece, unknown: typeOf(piece) === undefined });
    };
    for (let at = 0; at >= 0; at = symbols[at]!.next) emit(symbols[at]!.text);
    return segments;
  };
}
