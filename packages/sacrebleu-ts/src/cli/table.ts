// Tables as Python's `tabulate` draws them: a fancy grid for terminals, booktabs for LaTeX.

import { trim, trimEnd } from '../text/whitespace.ts';
import { visibleWidth } from './colors.ts';

/** A column: its header and cells; cells may have several lines in the grid. */
export interface Column {
  header: string;
  cells: string[];
}

const HEADER_PADDING = 2;

function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - visibleWidth(text))) + text;
}

function centre(text: string, width: number): string {
  const missing = Math.max(0, width - visibleWidth(text));
  const left = Math.floor(missing / 2);
  return ' '.repeat(left) + text + ' '.repeat(missing - left);
}

const lines = (text: string): string[] => text.split('\n');

/** Columns padded to their widths: the first flush right, the others centred. */
function layOut(columns: readonly Column[]): { widths: number[]; headers: string[]; rows: string[][][] } {
  const widths = columns.map(({ header, cells }) =>
    Math.max(
      visibleWidth(header) + HEADER_PADDING,
      ...cells.flatMap(lines).map((line) => visibleWidth(trim(line))),
    ),
  );
  const pad = (text: string, column: number): string =>
    (column === 0 ? padStart : centre)(text, widths[column]!);
  const headers = columns.map(({ header }, column) => pad(header, column));
  const rows = columns[0]!.cells.map((_, row) =>
    columns.map(({ cells }, column) => lines(trim(cells[row]!)).map((line) => pad(line, column))),
  );
  return { widths, headers, rows };
}

/** The grid of box-drawing characters. */
export function fancyGrid(columns: readonly Column[]): string {
  const { widths, headers, rows } = layOut(columns);
  const rule = (begin: string, fill: string, separator: string, end: string): string =>
    begin + widths.map((width) => fill.repeat(width + 2)).join(separator) + end;
  const line = (cells: readonly string[]): string => `│${cells.map((cell) => ` ${cell} `).join('│')}│`;
  const body = rows.map((cells) => {
    const height = Math.max(...cells.map((cell) => cell.length));
    return Array.from({ length: height }, (_, i) =>
      line(cells.map((cell, column) => cell[i] ?? ' '.repeat(widths[column]!))),
    ).join('\n');
  });
  return [
    rule('╒', '═', '╤', '╕'),
    line(headers),
    rule('╞', '═', '╪', '╡'),
    body.join(`\n${rule('├', '─', '┼', '┤')}\n`),
    rule('╘', '═', '╧', '╛'),
  ].join('\n');
}

const LATEX: Record<string, string> = {
  '&': '\\&',
  '%': '\\%',
  $: '\\$',
  '#': '\\#',
  _: '\\_',
  '^': '\\^{}',
  '{': '\\{',
  '}': '\\}',
  '~': '\\textasciitilde{}',
  '\\': '\\textbackslash{}',
  '<': '\\ensuremath{<}',
  '>': '\\ensuremath{>}',
};

/** A LaTeX table for the booktabs package. */
export function latexTable(columns: readonly Column[]): string {
  const { headers, rows } = layOut(columns);
  const line = (cells: readonly string[]): string =>
    trimEnd(
      `${cells.map((cell) => ` ${cell} `.replace(/[&%$#_^{}~\\<>]/g, (c) => LATEX[c]!)).join('&')}\\\\`,
    );
  return [
    `\\begin{tabular}{r${'c'.repeat(columns.length - 1)}}`,
    '\\toprule',
    line(headers),
    '\\midrule',
    ...rows.map((cells) => line(cells.map((cell) => cell[0]!))),
    '\\bottomrule',
    '\\end{tabular}',
  ].join('\n');
}
