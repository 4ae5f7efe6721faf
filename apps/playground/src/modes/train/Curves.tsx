// The curves of a run, of training and of held-out data, as a chart and as a table.
'use client';
import { useEffect, useRef, useState, type RefObject } from 'react';
import type { TrainPoint, TrainRun } from '../../api/train.ts';
import { CheckBox } from '../../ui/CheckBox.tsx';
import { useTrainStrings } from './strings.ts';
import { short } from './numbers.ts';
import { scaleOf, ticksOf, type Scale } from './scale.ts';

type Metric = 'loss' | 'perplexity' | 'bleu';

interface Series {
  name: string;
  colour: string;
  dashed: boolean;
  points: { x: number; y: number }[];
}

const valueOf = (metric: Metric, { loss, bleu }: TrainPoint) =>
  metric === 'loss' ? loss : metric === 'bleu' ? bleu : Math.exp(loss);

function pointsOf(points: readonly TrainPoint[], metric: Metric): Series['points'] {
  return points.flatMap((point) => {
    const y = valueOf(metric, point);
    return y === undefined || !Number.isFinite(y) ? [] : [{ x: point.step, y }];
  });
}

/** `mark` is the step of the checkpoint that is being tried. */
export function Curves({ run, mark }: { run: TrainRun; mark: number | undefined }) {
  const strings = useTrainStrings();
  const [metric, setMetric] = useState<Metric>('loss');
  const [asTable, setAsTable] = useState(false);
  const metrics: Metric[] =
    run.task === 'translate' ? ['loss', 'perplexity', 'bleu'] : ['loss', 'perplexity'];
  const series: Series[] = [
    { name: strings.training, colour: 'var(--accent)', dashed: false, points: pointsOf(run.train, metric) },
    { name: strings.heldOut, colour: 'var(--contrast)', dashed: true, points: pointsOf(run.heldOut, metric) },
  ].filter(({ points }) => points.length > 0);
  return (
    <section aria-label={strings.curves} className="rounded-2xl border border-line bg-surface p-4">
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <h2 className="mr-2 text-sm font-semibold">{strings.curves}</h2>
        {metrics.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === metric}
            onClick={() => setMetric(name)}
            className="h-8 rounded-lg border border-line px-2.5 text-xs aria-pressed:border-accent aria-pressed:bg-accent-soft"
          >
            {strings[name]}
          </button>
        ))}
        <CheckBox label={strings.table} checked={asTable} onChange={setAsTable} className="ml-auto text-sm" />
      </div>
      {series.length === 0 ? (
        <p className="py-10 text-center text-sm text-muted">{strings.noCurve}</p>
      ) : asTable ? (
        <Table series={series} />
      ) : (
        <Chart
          name={strings[metric]}
          series={series}
          steps={run.settings.steps}
          log={metric === 'perplexity'}
          mark={mark}
        />
      )}
      {metric === 'bleu' && run.signature && (
        <p className="mt-2 text-xs break-words text-muted">{strings.signature(run.signature)}</p>
      )}
    </section>
  );
}

const size = { height: 190, left: 44, right: 12, top: 8, bottom: 24 };

interface ChartProps {
  name: string;
  series: Series[];
  steps: number;
  log: boolean;
  mark: number | undefined;
}

function Chart({ name, series, steps, log, mark }: ChartProps) {
  const strings = useTrainStrings();
  const [frame, width] = useWidth();
  const ys = series.flatMap(({ points }) => points.map(({ y }) => y));
  const y: Scale = scaleOf(ys, [size.height - size.bottom, size.top], log);
  const x = (step: number) => size.left + (step / steps) * (width - size.left - size.right);
  const words = series.map(({ name: which, points }) =>
    strings.series(which, short(points[0]!.y), short(points.at(-1)!.y)),
  );
  return (
    <>
      <svg
        ref={frame}
        viewBox={`0 0 ${width} ${size.height}`}
        role="img"
        aria-label={strings.chart(name, words.join(' '))}
        className="block h-[190px] w-full text-muted"
        data-testid="curves"
      >
        {ticksOf(y).map((tick) => (
          <g key={tick}>
            <line
              x1={size.left}
              x2={width - size.right}
              y1={y.at(tick)}
              y2={y.at(tick)}
              stroke="var(--line)"
            />
            <text x={size.left - 6} y={y.at(tick) + 4} textAnchor="end" fontSize="12" fill="currentColor">
              {Number(tick.toPrecision(3))}
            </text>
          </g>
        ))}
        {mark !== undefined && (
          <line
            x1={x(mark)}
            x2={x(mark)}
            y1={size.top}
            y2={size.height - size.bottom}
            stroke="currentColor"
            strokeDasharray="2 3"
          />
        )}
        {[0, 0.25, 0.5, 0.75, 1].map((share) => (
          <text
            key={share}
            x={x(share * steps)}
            y={size.height - 6}
            textAnchor={share === 0 ? 'start' : share === 1 ? 'end' : 'middle'}
            fontSize="12"
            fill="currentColor"
          >
            {Math.round(share * steps)}
          </text>
        ))}
        {series.map(({ name: which, colour, dashed, points }) => (
          <g key={which} stroke={colour} fill={colour}>
            <polyline
              points={points.map((point) => `${x(point.x)},${y.at(point.y)}`).join(' ')}
              fill="none"
              strokeWidth="2"
              strokeLinejoin="round"
              strokeDasharray={dashed ? '6 4' : undefined}
            />
            {(dashed || points.length === 1) &&
              points.map((point) => (
                <circle key={point.x} cx={x(point.x)} cy={y.at(point.y)} r="2.5" stroke="none" />
              ))}
          </g>
        ))}
      </svg>
      <ul className="mt-1 flex flex-wrap gap-x-5 gap-y-1 text-xs" aria-hidden="true">
        {series.map(({ name: which, colour, dashed }) => (
          <li key={which} className="flex items-center gap-2">
            <svg width="28" height="8">
              <line
                x1="0"
                x2="28"
                y1="4"
                y2="4"
                stroke={colour}
                strokeWidth="2"
                strokeDasharray={dashed ? '6 4' : undefined}
              />
            </svg>
            {which}
          </li>
        ))}
      </ul>
    </>
  );
}

/** The width of what the ref is given to, in pixels, so that letters keep their size on every screen. */
function useWidth(): [RefObject<SVGSVGElement | null>, number] {
  const ref = useRef<SVGSVGElement>(null);
  const [width, setWidth] = useState(640);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.max(200, entry!.contentRect.width)));
    observer.observe(ref.current!);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}

function Table({ series }: { series: Series[] }) {
  const strings = useTrainStrings();
  const steps = [...new Set(series.flatMap(({ points }) => points.map((point) => point.x)))].sort(
    (a, b) => a - b,
  );
  return (
    <div
      className="max-h-64 overflow-y-auto scroll-thin"
      tabIndex={0}
      role="region"
      aria-label={`${strings.curves}: ${strings.table}`}
    >
      <table className="w-full text-sm tabular-nums">
        <thead>
          <tr className="text-left text-xs text-muted">
            <th scope="col" className="font-normal">
              {strings.step}
            </th>
            {series.map(({ name }) => (
              <th key={name} scope="col" className="font-normal">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr key={step} className="border-t border-line">
              <th scope="row" className="py-1 text-left font-normal">
                {step}
              </th>
              {series.map(({ name, points }) => (
                <td key={name}>{short(points.find((point) => point.x === step)?.y)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
