// The page of the train mode: the form of a new run, or a run with its curves and its models.
'use client';
import { useState } from 'react';
import { Button } from '../../ui/buttons.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Spinner } from '../../ui/ModelLine.tsx';
import { NewRun } from './NewRun.tsx';
import { RunList } from './RunList.tsx';
import { RunView } from './RunView.tsx';
import { useTrainStrings } from './strings.ts';
import { useTraining } from './useTraining.ts';

export default function Page() {
  const strings = useTrainStrings();
  const training = useTraining();
  const { runs, failure } = training;
  /** A run, the form (null), or not known yet (undefined). */
  const [chosen, setChosen] = useState<string | null>();
  const busy = runs?.find(({ status }) => status === 'running');
  // After a reload, what is under way is found again.
  if (runs && chosen === undefined)
    setChosen((busy ?? runs.find(({ status }) => status === 'paused'))?.id ?? null);
  const shown = runs?.find(({ id }) => id === chosen);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto scroll-thin">
      <div className="mx-auto flex max-w-4xl flex-col gap-6 px-4 py-6 sm:px-6">
        {!runs && <h1 className="sr-only">{strings.title}</h1>}
        {failure !== '' && (
          <div
            role="alert"
            className="flex flex-wrap items-center gap-3 rounded-xl bg-danger-soft px-4 py-3 text-sm"
          >
            <Icon name="alert" className="text-danger" />
            <p className="min-w-0 flex-1 break-words">
              <strong className="font-semibold">{strings.failed}.</strong> {failure}
            </p>
            {(!runs || training.lost) && (
              <Button icon="refresh" onClick={() => void training.reload()}>
                {strings.retry}
              </Button>
            )}
          </div>
        )}
        {!runs && failure === '' && (
          <p role="status" className="flex items-center gap-2 text-sm text-muted">
            <Spinner />
            {strings.loading}
          </p>
        )}
        {runs && shown && (
          <RunView key={shown.id} run={shown} training={training} onNew={() => setChosen(null)} />
        )}
        {runs && !shown && (
          <NewRun
            busy={busy !== undefined}
            onStart={async (request) => {
              const run = await training.start(request);
              if (run) setChosen(run.id);
            }}
          />
        )}
        {runs && runs.length > 0 && (
          <RunList runs={runs} shown={shown?.id} onChoose={setChosen} onRemove={training.remove} />
        )}
      </div>
    </div>
  );
}
