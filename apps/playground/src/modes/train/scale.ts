// The vertical scale of a chart: linear, or logarithmic for what falls by orders of magnitude.

/** From values to places. */
export interface Scale {
  low: number;
  high: number;
  log: boolean;
  at(value: number): number;
}

/** A scale over the values; `[from, to]` are the places of the lowest and the highest. A linear one begins at 0 where it can. */
export function scaleOf(
  values: readonly number[],
  [from, to]: readonly [number, number],
  log = false,
): Scale {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const low = log ? least : Math.min(0, least);
  const shape = log ? Math.log : (value: number) => value;
  const high = shape(most) > shape(low) ? most : low + 1; // neighbours may have the same logarithm
  const share = (value: number) => (shape(value) - shape(low)) / (shape(high) - shape(low));
  return { low, high, log, at: (value) => from + share(value) * (to - from) };
}

/** Round values within a scale, about four. */
export function ticksOf({ low, high, log }: Scale): number[] {
  if (log) {
    const all = [-1, 0, 1, 2, 3, 4, 5, 6].flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power));
    const inside = all.filter((value) => value >= low && value <= high);
    const every = Math.ceil(inside.length / 5);
    return inside.length < 2 ? [low, high] : inside.filter((_, i) => i % every === 0);
  }
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((value) => value >= rough)!;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
}
