// Cutting pieces where a pattern matches, in the ways that tokenizer.json files name.
import { FormatError } from '@d2lts/core';
import type { Piece } from './piece.ts';

/** What becomes of the matches: they go, stand alone, or join what is before, after, or of their kind. */
export type SplitBehavior = 'Removed' | 'Isolated' | 'MergedWithPrevious' | 'MergedWithNext' | 'Contiguous';

const behaviors: readonly string[] = [
  'Removed',
  'Isolated',
  'MergedWithPrevious',
  'MergedWithNext',
  'Contiguous',
];

/** Checks a behaviour that a file names. */
export function readBehavior(operation: string, value: unknown): SplitBehavior {
  if (behaviors.includes(value as string)) return value as SplitBehavior;
  throw new FormatError({ operation, fact: `behavior must be one of ${behaviors.join(', ')}`, value });
}

interface Span {
  start: number;
  end: number;
  match: boolean;
}

/** Cuts every piece that is no added token; with `invert` what lies between matches counts as the matches. */
export function splitPieces(
  pieces: readonly Piece[],
  pattern: RegExp,
  behavior: SplitBehavior,
  invert = false,
): Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    if (piece.id !== undefined) {
      result.push(piece);
      continue;
    }
    if (behavior === 'Isolated') {
      isolate(piece, pattern, result);
      continue;
    }
    for (const { start, end } of arrange(spans(piece.text, pattern, invert), behavior)) {
      if (start === end) continue;
      result.push({ text: piece.text.slice(start, end), atStart: piece.atStart && start === 0 });
    }
  }
  return result;
}

/** Matches and what lies between them, as the pieces they are: the common case, without spans. */
function isolate({ text, atStart }: Piece, pattern: RegExp, result: Piece[]): void {
  let before = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const start = match.index;
    if (start > before) result.push({ text: text.slice(before, start), atStart: atStart && before === 0 });
    before = start + match[0].length;
    if (before > start) result.push({ text: match[0], atStart: atStart && start === 0 });
    else pattern.lastIndex += (text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1;
  }
  if (before < text.length) result.push({ text: text.slice(before), atStart: atStart && before === 0 });
}

/** The whole text as matches and what lies between them. */
function spans(text: string, pattern: RegExp, invert: boolean): Span[] {
  const found: Span[] = [];
  let before = 0;
  for (const match of text.matchAll(pattern)) {
    const { index } = match;
    if (index > before) found.push({ start: before, end: index, match: invert });
    before = index + match[0].length;
    found.push({ start: index, end: before, match: !invert });
  }
  if (before < text.length) found.push({ start: before, end: text.length, match: invert });
  return found;
}

function arrange(found: Span[], behavior: Exclude<SplitBehavior, 'Isolated'>): Span[] {
  switch (behavior) {
    case 'Removed':
      return found.filter(({ match }) => !match);
    case 'Contiguous':
      return join(found, (span, before) => span.match === before);
    case 'MergedWithPrevious':
      return join(found, (span, before) => span.match && !before);
    case 'MergedWithNext': {
      const mirrored = found
        .toReversed()
        .map(({ start, end, match }) => ({ start: -end, end: -start, match }));
      return join(mirrored, (span, before) => span.match && !before)
        .reverse()
        .map(({ start, end, match }) => ({ start: -end, end: -start, match }));
    }
  }
}

/** Joins a span to the one before where `joins` says so; it is told whether the one before was a match. */
function join(found: readonly Span[], joins: (span: Span, matchBefore: boolean) => boolean): Span[] {
  const result: Span[] = [];
  let matchBefore = false;
  for (const span of found) {
    const last = result.at(-1);
    if (last !== undefined && joins(span, matchBefore)) last.end = span.end;
    else result.push({ ...span });
    matchBefore = span.match;
  }
  return result;
}
