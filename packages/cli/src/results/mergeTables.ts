// Rows that are replaced or added, run by run, in tables that are already on a page.

/**
 * Old tables with the rows of new ones: in place of the rows of the same run, else at the end.
 *
 * @param old Markdown tables as `resultTables` writes them; the first cell of a row is the run
 */
export function mergeTables(old: string, fresh: string): string {
  const tables = new Map(parse(old).map((table) => [table.head, table]));
  for (const { head, rule, rows } of parse(fresh)) {
    let merged = tables.get(head)?.rows ?? [];
    for (const run of new Set(rows.map(runOf))) {
      const first = merged.findIndex((row) => runOf(row) === run);
      const others = merged.filter((row) => runOf(row) !== run);
      const place = first < 0 ? others.length : first;
      merged = others.toSpliced(place, 0, ...rows.filter((row) => runOf(row) === run));
    }
    tables.set(head, { head, rule, rows: merged });
  }
  return [...tables.values()].map(({ head, rule, rows }) => [head, rule, ...rows].join('\n')).join('\n\n');
}

/** Tables with their cells trimmed: formatters align the columns of a page. */
function parse(text: string): { head: string; rule: string; rows: string[] }[] {
  return text
    .split(/\n\s*\n/)
    .map((block) => block.split('\n').filter((line) => line.startsWith('|')))
    .filter((lines) => lines.length > 2)
    .map((lines) => {
      const [head, , ...rows] = lines.map(trimmed);
      return { head: head!, rule: head!.replaceAll(/[^|]+/g, ' --- '), rows };
    });
}

function trimmed(line: string): string {
  return cells(line).join(' | ').replace(/^ \| /, '| ').replace(/ \| $/, ' |');
}

function runOf(row: string): string {
  return cells(row)[1]!;
}

/** Cells of a row with the empty ones before the first and after the last bar; `\|` stands in a cell. */
function cells(line: string): string[] {
  return line
    .trim()
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}
