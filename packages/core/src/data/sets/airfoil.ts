// NASA airfoil self-noise: the small regression set of the optimizer chapter.
import { DataError } from '../../errors/index.ts';
import { readText } from '../../files/json.ts';
import type { LocateOptions } from '../registry/locate.ts';
import { dataRegistry } from './known.ts';

/** A table of numbers, row-major. */
export interface AirfoilData {
  /** [rows, 5] */
  features: Float32Array;
  /** [rows]: sound pressure level in decibels, standardised with `standardise`. */
  targets: Float32Array;
  rows: number;
}

const columns = 6;

/** Loads the 1,503 rows; `standardise` gives every column mean 0 and standard deviation 1, as the book does. */
export async function loadAirfoil(
  options: LocateOptions & { standardise?: boolean } = {},
): Promise<AirfoilData> {
  const { path } = await dataRegistry.locate('airfoil', ['airfoil_self_noise.dat'], options);
  const lines = (await readText(path)).trimEnd().split(/\r?\n/);
  const table = lines.map((line, index) => {
    const row = line.split('\t').map(Number);
    if (row.length === columns && row.every(Number.isFinite)) return row;
    throw new DataError({
      operation: 'loadAirfoil',
      fact: `line ${index + 1} of ${path} must have 6 numbers`,
      value: line,
    });
  });
  if (options.standardise) for (let column = 0; column < columns; column++) standardise(table, column);
  return {
    features: Float32Array.from(table.flatMap((row) => row.slice(0, -1))),
    targets: Float32Array.from(table, (row) => row.at(-1)!),
    rows: table.length,
  };
}

function standardise(table: number[][], column: number): void {
  const mean = table.reduce((sum, row) => sum + row[column]!, 0) / table.length;
  const variance = table.reduce((sum, row) => sum + (row[column]! - mean) ** 2, 0) / table.length;
  const scale = variance > 0 ? 1 / Math.sqrt(variance) : 0;
  for (const row of table) row[column] = (row[column]! - mean) * scale;
}
