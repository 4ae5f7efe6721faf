// Matrices as coloured cells, for instance attention weights.
import { type Cell, type Rows, cellsOf, colorOf, labelsOf, longest, rangeOf, sizeOf } from './matrix.ts';
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

/** Draws a matrix, `values[row][column]`, as SVG text. For a grid of them: `plotHeatmaps`. */
export function plotHeatmap(values: Rows, options: HeatmapOptions = {}): Promise<string> {
  const [rows, columns] = sizeOf('plotHeatmap', values);
  const rowLabels = labelsOf('plotHeatmap', 'rowLabels', options.rowLabels, rows);
  const columnLabels = labelsOf('plotHeatmap', 'columnLabels', options.columnLabels, columns);
  const cells = cellsOf(values);
  const [low, high] = rangeOf(cells, options.range);
  const numbers = options.numbers ?? (rows <= 12 && columns <= 12);
  const { cell = 32, title = 'heatmap' } = options;
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
    color: colorOf([low, high]),
    marks: [
      Plot.cell(cells, { x: 'j', y: 'i', fill: 'value', title: ({ value }: Cell) => String(value) }),
      ...(numbers
        ? [
            Plot.text(cells, {
              x: 'j',
              y: 'i',
              text: ({ value }: Cell) => value.toFixed(2),
              fill: ({ value }: Cell) => (value > (low + high) / 2 ? 'black' : 'white'),
              fontSize: 9,
            }),
          ]
        : []),
    ],
  }));
}
