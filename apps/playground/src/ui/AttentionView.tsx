// Attention weights as a heatmap tied to the tokens on both sides, and as a table of numbers: of every kind, layer and head.
'use client';
import { useEffect, useState, type KeyboardEvent } from 'react';
import type { AttentionResult, LabelledMap, Task } from '../api/types.ts';
import { postJson } from '../chat/client.ts';
import type { Strings } from '../i18n/en.ts';
import { useStrings } from '../i18n/Strings.tsx';
import { CheckBox } from './CheckBox.tsx';
import { visiblePiece } from './format.ts';
import { Note, type WhyProps } from './WhyPanel.tsx';

/** The mean over heads: `[row][column]`. */
export function meanOverHeads(heads: number[][][]): number[][] {
  return heads[0]!.map((row, r) =>
    row.map((_, c) => heads.reduce((sum, head) => sum + head[r]![c]!, 0) / heads.length),
  );
}

/** The view for the answers of a task. */
export const attentionView = (task: Task) =>
  function Attention({ version, line }: WhyProps) {
    const strings = useStrings();
    const { result } = line;
    const [answer, setAnswer] = useState<{ maps: LabelledMap[] } | { failure: string }>();
    useEffect(() => {
      if (!result) return;
      const abort = new AbortController();
      const tokens = result.tokens.map(({ id }) => id);
      const text = task === 'translate' ? result.source : version.source;
      setAnswer(undefined);
      if (tokens.length === 0) setAnswer({ maps: [] });
      else
        postJson<AttentionResult>(
          '/api/v1/attention',
          { task, model: version.model, text, tokens },
          abort.signal,
        ).then(setAnswer, (error: Error) => {
          if (!abort.signal.aborted) setAnswer({ failure: error.message });
        });
      return () => abort.abort();
    }, [result, version.model, version.source]);
    if (!answer) return <Note>{strings.working}</Note>;
    if ('failure' in answer)
      return (
        <p role="alert" className="text-sm text-danger">
          {answer.failure}
        </p>
      );
    if (answer.maps.length === 0) return <Note>{strings.attentionNone}</Note>;
    return <Maps maps={answer.maps} />;
  };

const choice =
  'rounded-lg border border-line px-2.5 text-xs aria-pressed:border-accent aria-pressed:bg-accent-soft';

function Maps({ maps }: { maps: LabelledMap[] }) {
  const strings = useStrings();
  const [kind, setKind] = useState(maps.find((map) => map.kind === 'cross')?.kind ?? maps[0]!.kind);
  const map = maps.find((entry) => entry.kind === kind)!;
  const [chosenLayer, setLayer] = useState(map.layers.length - 1);
  const layer = Math.min(chosenLayer, map.layers.length - 1);
  const heads = map.layers[layer]!;
  const [chosenHead, setHead] = useState(-1);
  const head = Math.min(chosenHead, heads.length - 1);
  const [asTable, setAsTable] = useState(false);
  const weights = head < 0 ? meanOverHeads(heads) : heads[head]!;
  const props = { outputs: namesOf(map.rows, strings), sources: namesOf(map.columns, strings), weights };
  return (
    <>
      <Note>{strings.attentionText[kind]}</Note>
      <div className="mb-3 flex flex-wrap items-center gap-3 text-sm">
        {maps.length > 1 && (
          <div role="group" aria-label={strings.attentionOf} className="flex flex-wrap gap-1">
            {maps.map((entry) => (
              <button
                key={entry.kind}
                type="button"
                aria-pressed={entry.kind === kind}
                onClick={() => setKind(entry.kind)}
                className={`h-8 ${choice}`}
              >
                {strings.attentionKind[entry.kind]}
              </button>
            ))}
          </div>
        )}
        {map.layers.length > 1 && (
          <label className="flex items-center gap-2">
            {strings.layer}
            <select
              value={layer}
              onChange={(event) => setLayer(Number(event.target.value))}
              className="h-8 rounded-lg border border-line bg-bg px-2 text-sm"
            >
              {map.layers.map((_, index) => (
                <option key={index} value={index}>
                  {index + 1}
                </option>
              ))}
            </select>
          </label>
        )}
        <CheckBox label={strings.table} checked={asTable} onChange={setAsTable} />
      </div>
      {heads.length > 1 && (
        <div role="group" aria-label={strings.head} className="mb-3 flex flex-wrap gap-1.5">
          {[meanOverHeads(heads), ...heads].map((thumbnail, index) => (
            <button
              key={index}
              type="button"
              aria-pressed={index - 1 === head}
              onClick={() => setHead(index - 1)}
              className={`flex flex-col items-center gap-1 py-1.5 ${choice}`}
            >
              <Thumbnail weights={thumbnail} />
              {index === 0 ? strings.headMean : `${strings.head} ${index}`}
            </button>
          ))}
        </div>
      )}
      {asTable ? <WeightTable {...props} /> : <Heatmap {...props} />}
    </>
  );
}

function namesOf(tokens: readonly string[], strings: Strings): string[] {
  return tokens.map((token, index) => {
    if (token === '') return strings.endOfSentence;
    return token === '<s>' && index === 0 ? strings.startOfSentence : visiblePiece(token);
  });
}

/** A head at a glance; of large maps only every second or third cell and so on. */
function Thumbnail({ weights }: { weights: number[][] }) {
  const step = Math.ceil(Math.max(weights.length, weights[0]!.length) / 20);
  const some = <T,>(items: readonly T[]) => items.filter((_, index) => index % step === 0);
  const cells = some(weights).map(some);
  return (
    <svg
      aria-hidden
      viewBox={`0 0 ${cells[0]!.length} ${cells.length}`}
      preserveAspectRatio="none"
      className="h-9 w-12 rounded-sm bg-raised"
    >
      {cells.flatMap((row, y) =>
        row.map((weight, x) => (
          <rect
            key={`${y}.${x}`}
            x={x}
            y={y}
            width="1"
            height="1"
            fill="var(--heat)"
            opacity={weight.toFixed(2)}
          />
        )),
      )}
    </svg>
  );
}

interface WeightProps {
  outputs: string[];
  sources: string[];
  weights: number[][];
}

function Heatmap({ outputs, sources, weights }: WeightProps) {
  const strings = useStrings();
  const [at, setAt] = useState<{ row: number; column: number } | null>(null);
  const label = (row: number, column: number) =>
    strings.cell(outputs[row]!, sources[column]!, weights[row]![column]!.toFixed(2));
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!move) return;
    event.preventDefault();
    const { row, column } = at ?? { row: 0, column: 0 };
    const next = {
      row: Math.min(outputs.length - 1, Math.max(0, row + move[0]!)),
      column: Math.min(sources.length - 1, Math.max(0, column + move[1]!)),
    };
    setAt(next);
    event.currentTarget.querySelector<HTMLElement>(`[data-cell="${next.row}.${next.column}"]`)?.focus();
  };
  return (
    <>
      <div className="overflow-x-auto pb-2 scroll-thin">
        <div
          role="grid"
          aria-label={`${strings.attention}. ${strings.heatmapHint}`}
          onKeyDown={onKeyDown}
          onPointerLeave={() => setAt(null)}
          className="grid w-max gap-px text-xs"
          style={{ gridTemplateColumns: `auto repeat(${sources.length}, minmax(2.25rem, auto))` }}
        >
          <div role="row" className="contents">
            <span role="columnheader">
              <span className="sr-only">{strings.answer}</span>
            </span>
            {sources.map((source, column) => (
              <span
                key={column}
                role="columnheader"

                onPointerEnter={() => setAt({ row: -1, column })}
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

                onPointerEnter={() => setAt({ row, column: -1 })}
                className={`rounded px-2 py-1.5 text-right whitespace-nowrap ${at?.row === row ? 'bg-accent-soft font-medium text-accent' : 'text-muted'}`}
              >
                {output}
              </span>
              {sources.map((_, column) => {
                const weight = weights[row]![column]!;
                const dim = at !== null && at.row !== row && at.column !== column;
                return (
                  <span
                    key={column}
                    role="gridcell"
                    data-cell={`${row}.${column}`}
                    tabIndex={
                      (at?.row === row && at.column === column) || (at === null && row === 0 && column === 0)
                        ? 0
                        : -1
                    }
                    aria-label={label(row, column)}
                    title={label(row, column)}
                    onPointerEnter={() => setAt({ row, column })}
                    onFocus={() => setAt({ row, column })}
                    className="min-h-7 rounded-sm"
                    style={{
                      backgroundColor: `color-mix(in srgb, var(--heat) ${Math.round(weight * 100)}%, var(--raised))`,
                      opacity: dim ? 0.35 : 1,
                    }}
                  />
                );
              })}
            </div>
          ))}
        </div>
      </div>
      <p className="min-h-5 text-xs text-muted" data-testid="cell-label">
        {at && at.row >= 0 && at.column >= 0 ? label(at.row, at.column) : strings.heatmapHint}
      </p>
    </>
  );
}

function WeightTable({ outputs, sources, weights }: WeightProps) {
  const strings = useStrings();
  return (
    <div className="overflow-x-auto scroll-thin" tabIndex={0} role="region" aria-label={strings.table}>
      <table className="text-xs tabular-nums">
        <thead>
          <tr>
            <td />
            {sources.map((source, column) => (
              <th key={column} scope="col" className="px-2 py-1 font-medium text-muted">
                {source}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {outputs.map((output, row) => (
            <tr key={row} className="border-t border-line">
              <th scope="row" className="px-2 py-1 text-right font-medium text-muted">
                {output}
              </th>
              {sources.map((_, column) => (
                <td key={column} className="px-2 py-1 text-right">
                  {weights[row]![column]!.toFixed(2)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
