// One run: how far it is, its numbers, its curves, and the model to try.
'use client';
import { useState } from 'react';
import type { TrainRun } from '../../api/train.ts';
import { explainError } from '../../i18n/errors.ts';
import { useLocale } from '../../i18n/Strings.tsx';
import { Button } from '../../ui/buttons.tsx';
import { formatCount } from '../../ui/format.ts';
import { Icon } from '../../ui/Icon.tsx';
import { Spinner } from '../../ui/ModelLine.tsx';
import { Curves } from './Curves.tsx';
import { clock, short } from './numbers.ts';
import { runName, statusName } from './RunList.tsx';
import { TryModel } from './TryModel.tsx';
import { useTrainStrings } from './strings.ts';
import type { Training } from './useTraining.ts';

interface RunViewProps {
  run: TrainRun;
  training: Training;
  onNew(): void;
}

export function RunView({ run, training, onNew }: RunViewProps) {
  const strings = useTrainStrings();
  const { locale } = useLocale();
  const { id, status, settings, step, error, checkpoints } = run;
  const [wished, setWished] = useState<number>();
  const newest = checkpoints.at(-1);
  const chosen = wished !== undefined && checkpoints.includes(wished) ? wished : newest;
  const count = (value: number) => value.toLocaleString(locale);
  const facts = [
    run.data === 'text'
      ? strings.characterCount(count(run.dataSize))
      : run.data === 'pairs'
        ? strings.pairCount(count(run.dataSize))
        : '',
    strings[settings.size],
    run.parameters === null ? '' : strings.parameters(formatCount(run.parameters)),
    `${strings.learningRate} ${settings.learningRate}`,
    `${strings.seed} ${settings.seed}`,
  ].filter(Boolean);
  const command = (verb: 'pause' | 'resume' | 'stop') => void training.command(id, verb);
  return (
    <>
      <header className="flex flex-wrap items-start gap-3">
        <div className="min-w-0 flex-1 basis-64">
          <h1 className="text-2xl font-semibold tracking-tight">{runName(run, strings)}</h1>
          <p className="mt-1 text-sm text-muted">{facts.join(' · ')}</p>
        </div>
        <Button icon="plus" onClick={onNew}>
          {strings.newRun}
        </Button>
      </header>
      {error && (
        <div role="alert" className="flex items-center gap-3 rounded-xl bg-danger-soft px-4 py-3 text-sm">
          <Icon name="alert" className="text-danger" />
          <p className="min-w-0 break-words">
            {explainError(error.code, error.message, locale)}{' '}
            <code className="font-mono text-xs text-muted">{error.code}</code>
          </p>
        </div>
      )}
      <section
        aria-label={strings.progress}
        className="flex flex-col gap-4 rounded-2xl border border-line bg-surface p-4"
      >
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <p
            role="status"
            data-testid="train-status"
            data-status={status}
            className="flex items-center gap-2 text-sm font-medium"
          >
            {status === 'running' && !training.lost && <Spinner />}
            {status === 'running' && training.lost ? strings.lost : statusName(run, strings)}
          </p>
          <p className="text-sm text-muted tabular-nums">
            {status === 'running' && step === 0
              ? strings.preparing
              : strings.ofSteps(count(step), count(settings.steps))}
          </p>
          <span className="ml-auto flex gap-2">
            {status === 'running' && (
              <Button disabled={training.lost} onClick={() => command('pause')}>
                {strings.pause}
              </Button>
            )}
            {status === 'paused' && (
              <Button look="primary" onClick={() => command('resume')}>
                {strings.resume}
              </Button>
            )}
            {(status === 'running' || status === 'paused') && (
              <Button icon="stop" onClick={() => command('stop')}>
                {strings.stop}
              </Button>
            )}
          </span>
        </div>
        <progress
          max={settings.steps}
          value={step}
          aria-label={strings.ofSteps(String(step), String(settings.steps))}
          className="h-2 w-full appearance-none overflow-hidden rounded-full bg-raised [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-raised [&::-webkit-progress-value]:bg-accent"
        />
        <Numbers run={run} />
      </section>
      <Curves run={run} mark={chosen} />
      <TryModel run={run} chosen={chosen} following={chosen === newest} onChoose={setWished} />
    </>
  );
}

function Numbers({ run }: { run: TrainRun }) {
  const strings = useTrainStrings();
  const { locale } = useLocale();
  const { step, settings, elapsed, tokensPerSecond, status } = run;
  const [train, heldOut] = [run.train.at(-1), run.heldOut.at(-1)];
  const perplexity = (point: { loss: number } | undefined) => short(point && Math.exp(point.loss));
  const numbers: [string, string][] = [
    [`${strings.loss} · ${strings.training}`, short(train?.loss)],
    [`${strings.loss} · ${strings.heldOut}`, short(heldOut?.loss)],
    [`${strings.perplexity} · ${strings.training}`, perplexity(train)],
    [`${strings.perplexity} · ${strings.heldOut}`, perplexity(heldOut)],
    ...(run.task === 'translate'
      ? [[`${strings.bleu} · ${strings.heldOut}`, short(heldOut?.bleu)] as [string, string]]
      : []),
    [
      strings.tokensPerSecond,
      status === 'running' ? Math.round(tokensPerSecond).toLocaleString(locale) : '–',
    ],
    [strings.elapsed, clock(elapsed)],
    [
      strings.remaining,
      status === 'running' && step > 0 ? clock((elapsed / step) * (settings.steps - step)) : '–',
    ],
  ];
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-3 sm:grid-cols-4">
      {numbers.map(([name, value]) => (
        <div key={name}>
          <dt className="text-xs text-muted">{name}</dt>
          <dd className="text-lg font-medium tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
