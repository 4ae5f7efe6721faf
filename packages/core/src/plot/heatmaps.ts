// A grid of small heatmaps, for instance the attention of every layer and head.
import { ShapeError, ValueError } from '../errors/index.ts';
import type { HeatmapOptions } from './heatmap.ts';
import { type Cell, type Rows, cellsOf, colorOf, labelsOf, longest, rangeOf, sizeOf } from './matrix.ts';
import { drawSvg } from './svg.ts';

/** As for one heatmap, without numbers in the cells; labels, axes and colours are those of all. */
export interface HeatmapsOptions extends Omit<HeatmapOptions, 'numbers'> {
  /** One a heatmap, row by row; by default its index in the grid. */
  titles?: readonly string[];
  /** Pixels of a cell (default 12). */
  cell?: number;
}

/** Pixels between heatmaps. */
const [gapX, gapY] = [16, 24];

/**
 * Draws matrices of one size, `grid[row][column]`, side by side as SVG text, with one range of colours. Book:
 * `show_heatmaps`.
 *
 * @throws ShapeError when the grid has holes or its matrices differ in size, ValueError for labels that do not fit
 */
export function plotHeatmaps(
  grid: readonly (readonly Rows[])[],
  options: HeatmapsOptions = {},
): Promise<string> {
  const [gridRows, gridColumns] = [grid.length, grid[0]?.length ?? 0];
  const [rows, columns] = sizeOf('plotHeatmaps', grid[0]?.[0] ?? []);
  checkGrid(grid, [gridColumns, rows, columns]);
  const rowLabels = labelsOf('plotHeatmaps', 'rowLabels', options.rowLabels, rows);
  const columnLabels = labelsOf('plotHeatmaps', 'columnLabels', options.columnLabels, columns);
  const titles = titlesOf(options.titles, gridRows, gridColumns);
  const cells = grid.flatMap((maps, row) =>
    maps.flatMap((values, column) =>
      cellsOf(values).map(({ i, j, value }) => ({ i, j, value, row, column })),
    ),
  );
  const range = rangeOf(cells, options.range);
  const { cell = 12, title = 'heatmaps' } = options;
  const [width, height] = [columns * cell, rows * cell];
  const every = Math.ceil(12 / cell); // ticks that do not touch
  const ticks = (count: number) => Array.from({ length: Math.ceil(count / every) }, (_, i) => i * every);
  const turned = options.columnLabels === undefined ? 0 : 5 * longest(columnLabels);
  const [marginLeft, marginBottom] = [40 + 7 * longest(rowLabels), 40 + turned];
  // A single facet would lose the gap that it does not have.
  const facets = (count: number, size: number, gap: number) =>
    ({ axis: null, padding: 0, paddingInner: count > 1 ? gap / (size + gap) : 0, round: false }) as const;

  return drawSvg(title, (Plot) => ({
    width: marginLeft + gridColumns * (width + gapX) - gapX + 20,
    height: 52 + gridRows * (height + gapY) - gapY + marginBottom,
    marginLeft,
    marginTop: 52,
    marginBottom,
    marginRight: 20,
    padding: 0,
    fx: facets(gridColumns, width, gapX),
    fy: facets(gridRows, height, gapY),
    x: {
      label: options.xLabel ?? null,
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: ticks(columns),
      tickFormat: (j: number) => columnLabels[j]!,
      tickRotate: turned > 0 ? -45 : 0,
    },
    y: {
      label: options.yLabel ?? null,
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: ticks(rows),
      tickFormat: (i: number) => rowLabels[i]!,
    },
    color: colorOf(range),
    marks: [
      Plot.cell(cells, {
        fx: 'column',
        fy: 'row',
        x: 'j',
        y: 'i',
        fill: 'value',
        title: ({ value }: Cell) => String(value),
      }),
      Plot.text(titles, {
        fx: 'column',
        fy: 'row',
        text: 'text',
        frameAnchor: 'top',
        lineAnchor: 'bottom',
        dy: -4,
      }),
      Plot.text([`dark ${shown(range[0])}, light ${shown(range[1])}`], {
        facet: 'super',
        frameAnchor: 'top-left',
        textAnchor: 'start',
        dy: -34,
      }),
    ],
  }));
}

function titlesOf(given: readonly string[] | undefined, rows: number, columns: number) {
  const count = rows * columns;
  if (given !== undefined && given.length !== count) {
    throw new ValueError({
      operation: 'plotHeatmaps',
      fact: `titles must be one a heatmap, ${count} in all`,
      value: given.length,
      argument: 'titles',
    });
  }
  return Array.from({ length: count }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    return { row, column, text: given?.[i] ?? (rows > 1 ? `[${row}, ${column}]` : `[${column}]`) };
  });
}

function checkGrid(grid: readonly (readonly Rows[])[], expected: readonly number[]): void {
  const [gridColumns, rows, columns] = expected;
  for (const maps of grid) {
    const size = (values: Rows) => sizeOf('plotHeatmaps', values);
    const other = maps.map(size).find(([r, c]) => r !== rows || c !== columns);
    if (maps.length === gridColumns && other === undefined) continue;
    throw new ShapeError({
      operation: 'plotHeatmaps',
      fact: `every row of the grid must have ${gridColumns} matrices of [${rows}, ${columns}]`,
      value: other ?? maps.length,
      argument: 'grid',
    });
  }
}

/** A limit of the colours, short. */
function shown(value: number): string {
  return String(Number(value.toPrecision(3)));
}
