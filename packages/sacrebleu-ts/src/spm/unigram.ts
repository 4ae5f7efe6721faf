// Unigram segmentation: the most probable split into pieces (Kudo 2018, https://aclanthology.org/P18-1007).

import { PieceType, type SpmModel } from './model.ts';

/** How much less likely than the worst piece an unknown character is, in natural log. */
const UNKNOWN_PENALTY = 10;

/** Pieces of a segmentation; unknown ones have no entry in the vocabulary. */
export interface Segment {
  text: string;
  unknown: boolean;
}

interface TrieNode {
  next: Map<string, TrieNode>;
  piece: number;
}

interface Cell {
  score: number;
  /** Where the last piece begins; -1 when the position was not reached. */
  start: number;
  unknown: boolean;
}

/** The segmenter of a unigram model. */
export function createUnigram({ pieces }: SpmModel): (text: string) => Segment[] {
  const root: TrieNode = { next: new Map(), piece: -1 };
  let lowest = Infinity;
  let highest = -Infinity;
  pieces.forEach(({ text, type, score }, id) => {
    if (type === PieceType.Normal) {
      lowest = Math.min(lowest, score);
      highest = Math.max(highest, score);
    }
    if (type !== PieceType.Normal && type !== PieceType.UserDefined) return;
    let node = root;
    for (const character of text) {
      let child = node.next.get(character);
      if (!child) node.next.set(character, (child = { next: new Map(), piece: -1 }));
      node = child;
    }
    node.piece = id;
  });
  // The original works in float32, and so do ties.
  const unknownScore = Math.fround(lowest - UNKNOWN_PENALTY);
  const encoder = new TextEncoder();
  const bytes = (text: string): number => encoder.encode(text).length;

  return (text) => {
    const characters = Array.from(text);
    const cells: Cell[] = Array.from({ length: characters.length + 1 }, () => ({
      score: 0,
      start: -1,
      unknown: false,
    }));
    const offer = (end: number, piece: number, start: number, unknown: boolean): void => {
      const cell = cells[end]!;
      const score = Math.fround(piece + cells[start]!.score);
      if (cell.start === -1 || score > cell.score) cells[end] = { score, start, unknown };
    };
    for (let start = 0; start < characters.length; start++) {
      let single = false;
      let node: TrieNode | undefined = root;
      for (let end = start; end < characters.length;) {
        node = node.next.get(characters[end]!);
        if (!node) break;
        end++;
        if (node.piece < 0) continue;
        const piece = pieces[node.piece]!;
        // User-defined pieces always win.
        const score =
          piece.type === PieceType.UserDefined
            ? Math.fround(Math.fround(bytes(piece.text) * highest) - 0.1)
            : piece.score;
        offer(end, score, start, false);
        if (end === start + 1) single = true;
      }
      if (!single) offer(start + 1, unknownScore, start, true);
    }
    const segments: Segment[] = [];
    for (let end = characters.length; end > 0; end = cells[end]!.start) {
      const { start, unknown } = cells[end]!;
      segments.push({ text: characters.slice(start, end).join(''), unknown });
    }
    return segments.reverse();
  };
}
