// Matrices as coloured cells, for instance attention weights.
import { ValueError } from '../errors/index.ts';
import { drawSvg } from './svg.ts';

export interface HeatmapOptions {
  title?: string;
  /** One a row, from the top. */
  rowLabels?: readonly string[];
  /** One a column. */
  columnLabels?: readonly string[];
  xLabel?: string;
  yLabel?: string;
  /** Range of the colours; by default that of the values. */
  range?: [low: number, high: number];
  /** Write the values into the cells (default: up to 12 × 12 cells). */
  numbers?: boolean;
  /** Pixels of a cell (default 32). */
  cell?: number;
}

/** Draws a matrix, `values[row][column]`, as SVG text. Book: `show_heatmaps`. */
export function plotHeatmap(
  values: readonly ArrayLike<number>[],
  options: HeatmapOptions = {},
): Promise<string> {
  const rows = values.length;
  const columns = values[0]?.length ?? 0;
  check('values', values.every((row) => row.length === columns) && rows > 0 && columns > 0, [rows, columns]);
  const rowLabels = labels('rowLabels', options.rowLabels, rows);
  const columnLabels = labels('columnLabels', options.columnLabels, columns);
  const cells = values.flatMap((row, i) => Array.from(row, (value, j) => ({ i, j, value })));
  const low = options.range?.[0] ?? cells.reduce((least, { value }) => Math.min(least, value), Infinity);
  const high = options.range?.[1] ?? cells.reduce((most, { value }) => Math.max(most, value), -Infinity);
  const numbers = options.numbers ?? (rows <= 12 && columns <= 12);
  const { cell = 32, title = 'heatmap' } = options;
  const longest = (texts: readonly string[]) => texts.reduce((most, text) => Math.max(most, text.length), 0);
  const [marginLeft, marginTop] = [36 + 7 * longest(rowLabels), 36 + 6 * longest(columnLabels)];

  return drawSvg(title, (Plot) => ({
    width: marginLeft + columns * cell + 20,
    height: marginTop + rows * cell + 20,
    marginLeft,
    marginTop,
    marginBottom: 20,
    padding: 0.04,
    x: {
      axis: 'top',
      label: options.xLabel ?? null,
      tickFormat: (j: number) => columnLabels[j]!,
      tickRotate: -45,
    },
    y: { label: options.yLabel ?? null, tickFormat: (i: number) => rowLabels[i]! },
    color: { type: 'linear', scheme: 'viridis', domain: [low, high === low ? low + 1 : high] },
    marks: [
      Plot.cell(cells, {
        x: 'j',
        y: 'i',
        fill: 'value',
        title: ({ value }: { value: number }) => String(value),
      }),
      ...(numbers
        ? [
            Plot.text(cells, {
              x: 'j',
              y: 'i',
              text: ({ value }: { value: number }) => value.toFixed(2),
              fill: ({ value }: { value: number }) => (value > (low + high) / 2 ? 'black' : 'white'),
              fontSize: 9,
            }),
          ]
        : []),
    ],
  }));
}

function labels(argument: string, given: readonly string[] | undefined, count: number): readonly string[] {
  const result = given ?? Array.from({ length: count }, (_, i) => String(i));
  check(argument, result.length === count, result.length);
  return result;
}

function check(argument: string, valid: boolean, value: unknown): void {
  if (valid) return;
  throw new ValueError({
    operation: 'plotHeatmap',
    fact: `${argument} must fit a matrix of at least one row and column`,
    value,
    argument,
  });
}
