// What heatmaps share: checked sizes and labels, the range of colours, the cells.
import { ValueError } from '../errors/index.ts';

/** A matrix as rows of values. */
export type Rows = readonly ArrayLike<number>[];

/** [rows, columns]. @throws ValueError when the rows differ in length or there is no cell */
export function sizeOf(operation: string, values: Rows): [rows: number, columns: number] {
  const [rows, columns] = [values.length, values[0]?.length ?? 0];
  const valid = values.every((row) => row.length === columns) && rows > 0 && columns > 0;
  check(operation, 'values', valid, [rows, columns]);
  return [rows, columns];
}

/** The labels that were given, or 0, 1, … */
export function labelsOf(
  operation: string,
  argument: string,
  given: readonly string[] | undefined,
  count: number,
): readonly string[] {
  const result = given ?? Array.from({ length: count }, (_, i) => String(i));
  check(operation, argument, result.length === count, result.length);
  return result;
}

/** A cell of a heatmap: row i, column j. */
export interface Cell {
  i: number;
  j: number;
  value: number;
}

/** All cells, row by row. */
export function cellsOf(values: Rows): Cell[] {
  return values.flatMap((row, i) => Array.from(row, (value, j) => ({ i, j, value })));
}

/** The range that was given, or that of the values. */
export function rangeOf(
  cells: readonly Cell[],
  given?: readonly [low: number, high: number],
): [low: number, high: number] {
  const low = given?.[0] ?? cells.reduce((least, { value }) => Math.min(least, value), Infinity);
  const high = given?.[1] ?? cells.reduce((most, { value }) => Math.max(most, value), -Infinity);
  return [low, high];
}

/** The colour scale of a range; one value alone gets the lowest colour. */
export function colorOf([low, high]: readonly [low: number, high: number]) {
  return { type: 'linear', scheme: 'viridis', domain: [low, high === low ? low + 1 : high] } as const;
}

/** The length of the longest text. */
export function longest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, text.length), 0);
}

function check(operation: string, argument: string, valid: boolean, value: unknown): void {
  if (valid) return;
  throw new ValueError({
    operation,
    fact: `${argument} must fit a matrix of at least one row and column`,
    value,
    argument,
  });
}
