// Attention weights as a heatmap tied to the tokens on both sides, and as a table of numbers.
'use client';
import { useState, type KeyboardEvent } from 'react';
import { useStrings } from '../../../i18n/Strings.tsx';
import { CheckBox } from '../../../ui/CheckBox.tsx';
import { visiblePiece } from '../../../ui/format.ts';
import { Note, type WhyProps } from '../../../ui/WhyPanel.tsx';

/** The mean over heads: `[output][source]`. */
export function meanOverHeads(heads: number[][][]): number[][] {
  return heads[0]!.map((row, r) =>
    row.map((_, c) => heads.reduce((sum, head) => sum + head[r]![c]!, 0) / heads.length),
  );
}

export function Attention({ line }: WhyProps) {
  const strings = useStrings();
  const attention = line.result?.attention;
  const [layer, setLayer] = useState((attention?.layers.length ?? 1) - 1);
  const [head, setHead] = useState(-1);
  const [asTable, setAsTable] = useState(false);
  if (!line.result) return <Note>{strings.working}</Note>;
  if (!attention) return <Note>{strings.attentionNone}</Note>;
  const heads = attention.layers[layer]!;
  const weights = head < 0 ? meanOverHeads(heads) : heads[head]!;
  const outputs = weights.map((_, index) => {
    const token = line.result!.tokens[index];
    return token?.text ? visiblePiece(token.text) : strings.endOfSentence;
  });
  const sources = weights[0]!.map((_, index) => {
    const piece = line.sourceTokens[index];
    return piece ? visiblePiece(piece) : strings.endOfSentence;
  });
  const select = 'h-8 rounded-lg border border-line bg-bg px-2 text-sm';
  return (
    <>
      <Note>{strings.attentionText}</Note>
      <div className="mb-3 flex flex-wrap items-center gap-3 text-sm">
        {attention.layers.length > 1 && (
          <label className="flex items-center gap-2">
            {strings.layer}
            <select
              value={layer}
              onChange={(event) => setLayer(Number(event.target.value))}
              className={select}
            >
              {attention.layers.map((_, index) => (
                <option key={index} value={index}>
                  {index + 1}
                </option>
              ))}
            </select>
          </label>
        )}
        {heads.length > 1 && (
          <label className="flex items-center gap-2">
            {strings.head}
            <select value={head} onChange={(event) => setHead(Number(event.target.value))} className={select}>
              <option value={-1}>{strings.headMean}</option>
              {heads.map((_, index) => (
                <option key={index} value={index}>
                  {index + 1}
                </option>
              ))}
            </select>
          </label>
        )}
        <CheckBox label={strings.table} checked={asTable} onChange={setAsTable} />
      </div>
      {asTable ? (
        <WeightTable outputs={outputs} sources={sources} weights={weights} />
      ) : (
        <Heatmap outputs={outputs} sources={sources} weights={weights} />
      )}
    </>
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
                lang="en"
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
                lang="fr"
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
              <th key={column} scope="col" lang="en" className="px-2 py-1 font-medium text-muted">
                {source}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {outputs.map((output, row) => (
            <tr key={row} className="border-t border-line">
              <th scope="row" lang="fr" className="px-2 py-1 text-right font-medium text-muted">
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
