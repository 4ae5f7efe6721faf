// Attention weights of every kind, layer and head, as a heatmap and as a table of numbers.
'use client';
import { useEffect, useMemo, useState } from 'react';
import { maxAttentionTokens } from '../api/limits.ts';
import type { AttentionResult, LabelledMap, Task } from '../api/types.ts';
import { postJson } from '../chat/client.ts';
import { isPending } from '../chat/conversations.ts';
import type { Strings } from '../i18n/en.ts';
import { useStrings } from '../i18n/Strings.tsx';
import { CheckBox } from './CheckBox.tsx';
import { visiblePiece } from './format.ts';
import { Heatmap } from './Heatmap.tsx';
import { RequestDetails } from './RequestView.tsx';
import { WeightTable } from './WeightTable.tsx';
import { Note, type WhyProps } from './WhyPanel.tsx';

/** The mean over heads: `[row][column]`. */
export function meanOverHeads(heads: number[][][]): number[][] {
  return heads[0]!.map((row, r) =>
    row.map((_, c) => heads.reduce((sum, head) => sum + head[r]![c]!, 0) / heads.length),
  );
}

const path = '/api/v1/attention';

type Answer = { maps: LabelledMap[] } | { failure: string };

/** What of the maps is drawn; where nothing was chosen, the last layer of the attention to the source. */
interface Choice {
  kind?: LabelledMap['kind'];
  layer?: number;
  /** From 0; -1 is the mean. */
  head: number;
  asTable: boolean;
}

/** A choice that outlives the maps: another window, line or version is shown in the same way. */
interface Chosen {
  choice: Choice;
  onChoose(change: Partial<Choice>): void;
}

/** The view for the answers of a task; `windowed` where of long lines a window is told. */
export const attentionView = (task: Task, windowed = false) =>
  function Attention({ version, line }: WhyProps) {
    const strings = useStrings();
    const { result } = line;
    const [answer, setAnswer] = useState<Answer>();
    const longest = windowed && result ? Math.max(result.tokens.length, line.sourceTokens.length) : 0;
    const [chosenFrom, setFrom] = useState(0);
    const [choice, setChoice] = useState<Choice>({ head: -1, asTable: false });
    const from = chosenFrom < longest ? chosenFrom : 0;
    const { model } = version;
    const body = useMemo(() => {
      const tokens = result?.tokens.map(({ id }) => id) ?? [];
      return result && { task, model, text: result.source, tokens, from };
    }, [result, from, model]);
    useEffect(() => {
      if (!body) return;
      const abort = new AbortController();
      setAnswer(undefined);
      if (body.tokens.length === 0) setAnswer({ maps: [] });
      else
        postJson<AttentionResult>(path, body, abort.signal).then(setAnswer, (error: Error) => {
          if (!abort.signal.aborted) setAnswer({ failure: error.message });
        });
      return () => abort.abort();
    }, [body]);
    if (!body) return <Note>{isPending(version) ? strings.working : strings.stopped}</Note>;
    return (
      <>
        <Window from={from} longest={longest} onChoose={setFrom} />
        <Told
          answer={answer}
          choice={choice}
          onChoose={(change) => setChoice((before) => ({ ...before, ...change }))}
        />
        {body.tokens.length > 0 && <RequestDetails path={path} body={body} className="mt-4" />}
      </>
    );
  };

/** What the server told, once it did. */
function Told({ answer, ...chosen }: Chosen & { answer: Answer | undefined }) {
  const strings = useStrings();
  if (!answer) return <Note>{strings.working}</Note>;
  if ('failure' in answer)
    return (
      <p role="alert" className="text-sm text-danger">
        {answer.failure}
      </p>
    );
  if (answer.maps.length === 0) return <Note>{strings.attentionNone}</Note>;
  return <Maps maps={answer.maps} {...chosen} />;
}

/** Chooses which tokens of a long line are drawn. */
function Window({
  from,
  longest,
  onChoose,
}: {
  from: number;
  longest: number;
  onChoose(from: number): void;
}) {
  const strings = useStrings();
  if (longest <= maxAttentionTokens) return null;
  const begins = Array.from(
    { length: Math.ceil(longest / maxAttentionTokens) },
    (_, i) => i * maxAttentionTokens,
  );
  return (
    <label className="mb-3 flex items-center gap-2 text-sm">
      {strings.tokenWindow}
      <select
        value={from}
        onChange={(event) => onChoose(Number(event.target.value))}
        className="h-8 rounded-lg border border-line bg-bg px-2 text-sm"
      >
        {begins.map((begin) => (
          <option key={begin} value={begin}>
            {strings.tokensFromTo(begin + 1, Math.min(begin + maxAttentionTokens, longest))}
          </option>
        ))}
      </select>
    </label>
  );
}

const toggle =
  'rounded-lg border border-line px-2.5 text-xs aria-pressed:border-accent aria-pressed:bg-accent-soft';

function Maps({ maps, choice, onChoose }: Chosen & { maps: LabelledMap[] }) {
  const strings = useStrings();
  const of = (wanted: Choice['kind']) => maps.find((entry) => entry.kind === wanted);
  const map = of(choice.kind) ?? of('cross') ?? maps[0]!;
  const { kind } = map;
  const last = map.layers.length - 1;
  const layer = Math.min(choice.layer ?? last, last);
  const heads = map.layers[layer]!;
  const head = Math.min(choice.head, heads.length - 1);
  const { asTable } = choice;
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
                onClick={() => onChoose({ kind: entry.kind })}
                className={`h-8 ${toggle}`}
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
              onChange={(event) => onChoose({ layer: Number(event.target.value) })}
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
        <CheckBox label={strings.table} checked={asTable} onChange={(asTable) => onChoose({ asTable })} />
      </div>
      {heads.length > 1 && (
        <div role="group" aria-label={strings.head} className="mb-3 flex flex-wrap gap-1.5">
          {[meanOverHeads(heads), ...heads].map((thumbnail, index) => (
            <button
              key={index}
              type="button"
              aria-pressed={index - 1 === head}
              onClick={() => onChoose({ head: index - 1 })}
              className={`flex flex-col items-center gap-1 py-1.5 ${toggle}`}
            >
              <Thumbnail weights={thumbnail} />
              {index === 0 ? strings.headMean : `${strings.head} ${index}`}
            </button>
          ))}
        </div>
      )}
      {asTable ? (
        <WeightTable {...props} />
      ) : (
        <Heatmap key={`${kind} ${props.outputs.length} ${props.sources.length}`} {...props} />
      )}
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
