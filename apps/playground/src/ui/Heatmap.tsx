// Attention weights as a grid of cells, tied to the tokens on both sides, with the scale of its colours.
'use client';
import { useId, useState, type KeyboardEvent } from 'react';
import { useStrings } from '../i18n/Strings.tsx';
import { TokenSides } from './TokenSides.tsx';
import { heat, type Place, type WeightProps } from './weights.ts';

export function Heatmap(props: WeightProps) {
  const { outputs, sources, weights } = props;
  const strings = useStrings();
  const labelId = useId();
  const [at, setAt] = useState<Place | null>(null);
  /** Where Tab enters the grid. */
  const [stop, setStop] = useState<Place>({ row: 0, column: 0 });
  const tell = ({ row, column }: Place) =>
    strings.cell(outputs[row]!, sources[column]!, weights[row]![column]!.toFixed(2));
  /** Of a whole row or column, its strongest cell. */
  const about = ({ row, column }: Place) => {
    if (column < 0) return tell({ row, column: strongest(weights[row]!) });
    if (row < 0) return tell({ row: strongest(weights.map((line) => line[column]!)), column });
    return tell({ row, column });
  };
  const place = (row: number, column: number) => ({
    'data-cell': `${row}.${column}`,
    tabIndex: isAt(stop, row, column) ? 0 : -1,
    onPointerEnter: () => setAt({ row, column }),
    onFocus: () => {
      setAt({ row, column });
      setStop({ row, column });
    },
  });
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!move) return;
    event.preventDefault();
    const row = Math.min(outputs.length - 1, Math.max(-1, stop.row + move[0]!));
    const column = Math.min(sources.length - 1, Math.max(-1, stop.column + move[1]!));
    event.currentTarget.querySelector<HTMLElement>(`[data-cell="${row}.${column}"]`)?.focus();
  };
  return (
    <>
      <TokenSides {...props} at={at} onPlace={setAt} describedBy={labelId} />
      <div className="overflow-x-auto pb-2 scroll-thin">
        <div
          role="grid"
          aria-label={`${strings.attention}. ${strings.heatmapHint}`}
          onKeyDown={onKeyDown}
          onPointerLeave={() => setAt(null)}
          className="grid w-max gap-px p-0.5 text-xs"
          style={{ gridTemplateColumns: `auto repeat(${sources.length}, minmax(2.25rem, auto))` }}
        >
          <div role="row" className="contents">
            <span role="columnheader">
              <span className="sr-only">{strings.lookingTokens}</span>
            </span>
            {sources.map((source, column) => (
              <span
                key={column}
                role="columnheader"
                {...place(-1, column)}
                className={`rounded px-1 py-1 text-center whitespace-nowrap ${at?.column === column ? 'bg-accent-soft font-medium text-accent' : 'text-muted'}`}
              >
                {source}
              </span>
            ))}
          </div>
          {outputs.map((output, row) => (
            <div role="row" key={row} className="contents">
              <span
                role="rowheader"
                {...place(row, -1)}
                className={`rounded px-2 py-1.5 text-right whitespace-nowrap ${at?.row === row ? 'bg-accent-soft font-medium text-accent' : 'text-muted'}`}
              >
                {output}
              </span>
              {sources.map((_, column) => (
                <span
                  key={column}
                  role="gridcell"
                  {...place(row, column)}
                  aria-label={tell({ row, column })}
                  title={tell({ row, column })}
                  className="min-h-7 rounded-sm"
                  style={{
                    backgroundColor: heat(weights[row]![column]!),
                    opacity: at !== null && at.row !== row && at.column !== column ? 0.35 : 1,
                  }}
                />
              ))}
            </div>
          ))}
        </div>
      </div>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 text-xs text-muted">
        <p id={labelId} className="min-h-5" data-testid="cell-label">
          {at ? about(at) : `${strings.sidesHint} ${strings.heatmapHint}`}
        </p>
        <Scale />
      </div>
    </>
  );
}

/** What the colours mean. */
function Scale() {
  const strings = useStrings();
  return (
    <p className="flex items-center gap-1.5 tabular-nums">
      {strings.weightScale} 0
      <span
        aria-hidden="true"
        className="h-2.5 w-24 rounded-sm"
        style={{ background: `linear-gradient(to right, ${heat(0)}, ${heat(1)})` }}
      />
      1
    </p>
  );
}

const isAt = (place: Place, row: number, column: number) => place.row === row && place.column === column;

const strongest = (values: readonly number[]): number => values.indexOf(Math.max(...values));
