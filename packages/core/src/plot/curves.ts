// Line plots of training curves.
import { ValueError } from '../errors/index.ts';
import { drawSvg, palette } from './svg.ts';

/** A line, or points that no line joins: a name and where they are. */
export interface PlotLine {
  name: string;
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  /** `points` for measurements beside a curve (default `line`). */
  as?: 'line' | 'points';
}

export interface CurvesOptions {
  title?: string;
  xLabel?: string;
  yLabel?: string;
  xScale?: 'linear' | 'log';
  yScale?: 'linear' | 'log';
  /** Pixels (default 560 × 340). */
  width?: number;
  height?: number;
}

/**
 * Draws lines as SVG text. Points that are not finite leave a gap. Book: `plot`, `Animator`.
 *
 * @example
 * await savePlot('loss.svg', await plotCurves(history.curves('train loss', 'evaluate loss'), { xLabel: 'step' }));
 */
export function plotCurves(lines: readonly PlotLine[], options: CurvesOptions = {}): Promise<string> {
  for (const { name, x, y } of lines) {
    if (x.length === y.length) continue;
    throw new ValueError({
      operation: 'plotCurves',
      fact: `line ${JSON.stringify(name)} must have as many x as y`,
      value: [x.length, y.length],
      argument: 'lines',
    });
  }
  const { title = lines.map(({ name }) => name).join(', '), width = 560, height = 340 } = options;
  return drawSvg(title, (Plot) => ({
    width,
    height,
    marginTop: 36,
    marginLeft: 56,
    grid: true,
    x: { label: options.xLabel ?? 'x', type: options.xScale ?? 'linear' },
    y: { label: options.yLabel ?? null, type: options.yScale ?? 'linear' },
    marks: lines.flatMap(({ name, x, y, as }, i) => {
      const stroke = palette[i % palette.length]!;
      const points = Array.from(x, (value, at) => [value, y[at]!] as [number, number]);
      const shown = { x: '0', y: '1', stroke };
      const joined = points.length > 1 && as !== 'points';
      return [
        joined ? Plot.line(points, shown) : Plot.dot(points, shown),
        // The legend: names in their colours above the frame.
        Plot.text([name], {
          frameAnchor: 'top-left',
          dx: 8 + 120 * i,
          dy: -20,
          textAnchor: 'start',
          fill: stroke,
        }),
      ];
    }),
  }));
}
