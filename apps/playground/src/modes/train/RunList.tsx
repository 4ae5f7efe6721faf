// All runs that are kept: open one, or delete it.
'use client';
import { useState } from 'react';
import { type TrainRun, taskOf } from '../../api/train.ts';
import { useLocale } from '../../i18n/Strings.tsx';
import { Button, IconButton } from '../../ui/buttons.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { type TrainStrings, useTrainStrings } from './strings.ts';

/** What a run is called: its model and what it learns from. */
export function runName(
  { settings: { architecture, target }, data }: TrainRun,
  strings: TrainStrings,
): string {
  const emoji = taskOf(architecture) === 'translate' ? `${strings.emoji} (en → ${target})` : strings.emoji;
  return `${strings[architecture]} · ${data === 'emoji' ? emoji : strings[data]}`;
}

/** A run's status in words. */
export const statusName = (run: TrainRun, strings: TrainStrings): string =>
  run.status === 'failed' ? strings.failedRun : strings[run.status];

interface RunListProps {
  runs: readonly TrainRun[];
  shown: string | undefined;
  onChoose(id: string): void;
  onRemove(id: string): Promise<void>;
}

export function RunList({ runs, shown, onChoose, onRemove }: RunListProps) {
  const strings = useTrainStrings();
  const { locale } = useLocale();
  const [doomed, setDoomed] = useState<string>();
  const time = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'short' });
  return (
    <section aria-label={strings.runs}>
      <h2 className="mb-2 text-sm font-semibold">{strings.runs}</h2>
      <ul className="divide-y divide-line rounded-2xl border border-line bg-surface">
        {runs.map((run) => (
          <li key={run.id} className="flex items-center gap-1 pr-2">
            <button
              type="button"
              aria-current={run.id === shown ? 'true' : undefined}
              onClick={() => onChoose(run.id)}
              className="min-w-0 flex-1 px-4 py-3 text-left text-sm -outline-offset-2 hover:underline aria-[current=true]:font-medium"
            >
              <span className="block truncate">{runName(run, strings)}</span>
              <span className="block text-xs font-normal text-muted">
                {statusName(run, strings)} · {strings.ofSteps(String(run.step), String(run.settings.steps))} ·{' '}
                {time.format(run.createdAt)}
              </span>
            </button>
            <IconButton
              icon="trash"
              label={`${strings.remove}: ${runName(run, strings)}`}
              disabled={run.status === 'running'}
              onClick={() => setDoomed(run.id)}
            />
          </li>
        ))}
      </ul>
      <Dialog open={doomed !== undefined} onClose={() => setDoomed(undefined)} title={strings.removeQuestion}>
        <div className="flex flex-col gap-4 p-5">
          <p className="text-sm text-muted">{strings.removeNote}</p>
          <div className="flex justify-end gap-2">
            <Button onClick={() => setDoomed(undefined)}>{strings.cancel}</Button>
            <Button
              look="danger"
              onClick={() => {
                if (doomed) void onRemove(doomed);
                setDoomed(undefined);
              }}
            >
              {strings.remove}
            </Button>
          </div>
        </div>
      </Dialog>
    </section>
  );
}
