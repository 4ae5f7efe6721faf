// The model as it was at each checkpoint, on the same text: a slider through training time.
'use client';
import { useEffect, useId, useRef, useState } from 'react';
import { checkpointModel, type TrainRun } from '../../api/train.ts';
import { streamAnswer } from '../../chat/client.ts';
import { Button } from '../../ui/buttons.tsx';
import { useChatStore } from '../../ui/chatContext.tsx';
import { contractOf } from '../contract.ts';
import { useTrainStrings } from './strings.ts';

const firstText = { emoji: { translate: 'smiling cat face', generate: 'smiling ' } } as const;

interface TryModelProps {
  run: TrainRun;
  /** The step of the checkpoint shown; undefined before the first. */
  chosen: number | undefined;
  /** Whether that is the newest one, whichever it is. */
  following: boolean;
  onChoose(step: number): void;
}

export function TryModel({ run, chosen, following, onChoose }: TryModelProps) {
  const strings = useTrainStrings();
  const store = useChatStore();
  const id = useId();
  const [text, setText] = useState<string>(run.data === 'emoji' ? firstText.emoji[run.task] : '');
  const { checkpoints, task } = run;
  const { output, pending, failure } = useAnswer(run, chosen, text);
  return (
    <section
      aria-label={strings.tryIt}
      className="flex flex-col gap-3 rounded-2xl border border-line bg-surface p-4"
    >
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-sm font-semibold">{strings.tryIt}</h2>
        <Button
          disabled={chosen === undefined}
          onClick={() => chosen !== undefined && void store.openModel(checkpointModel(run.id, chosen))}
        >
          {chosen === undefined ? strings.chat : strings.chatAt(String(chosen))}
        </Button>
      </div>
      {chosen === undefined ? (
        <p className="text-sm text-muted">{strings.noCheckpoint}</p>
      ) : (
        <>
          <p className="text-sm text-muted">{strings.tryText}</p>
          <input
            type="text"
            value={text}
            onChange={(event) => setText(event.target.value)}
            aria-label={task === 'translate' ? strings.sentence : strings.prompt}
            placeholder={task === 'translate' ? strings.sentence : strings.prompt}
            maxLength={500}
            dir="auto"
            className="h-10 w-full rounded-lg border border-line bg-bg px-3"
          />
          <div className="grid gap-1">
            <label htmlFor={id} className="flex justify-between gap-3 text-sm">
              {strings.checkpoint}
              <span className="text-muted tabular-nums">
                {strings.ofSteps(String(chosen), String(run.settings.steps))}
              </span>
            </label>
            <input
              id={id}
              type="range"
              min={0}
              max={checkpoints.length - 1}
              step={1}
              value={checkpoints.indexOf(chosen)}
              aria-valuetext={strings.ofSteps(String(chosen), String(run.settings.steps))}
              onChange={(event) => onChoose(checkpoints[Number(event.target.value)]!)}
              className="w-full"
            />
          </div>
          <p
            role="status"
            // What comes by itself is not read out.
            aria-live={following && run.status === 'running' ? 'off' : 'polite'}
            aria-label={strings.output}
            data-testid="checkpoint-output"
            data-step={pending ? undefined : chosen}
            dir="auto"
            className="min-h-9 text-xl break-words whitespace-pre-line"
          >
            {failure !== '' ? (
              <span className="text-base text-danger">{failure}</span>
            ) : output !== '' ? (
              output
            ) : (
              <span className="text-base text-muted">
                {pending ? strings.working : text === '' ? '' : strings.emptyOutput}
              </span>
            )}
          </p>
        </>
      )}
    </section>
  );
}

/** What the model of a checkpoint makes of a text; answers that were given once are kept. */
function useAnswer(run: TrainRun, step: number | undefined, text: string) {
  const [answer, setAnswer] = useState({ key: '', output: '', failure: '' });
  const known = useRef(new Map<string, string>());
  const { id, task } = run;
  const model = step === undefined ? '' : checkpointModel(id, step);
  const key = `${model}\n${text}`;
  const empty = model === '' || text.trim() === '';
  useEffect(() => {
    if (empty) return;
    const told = known.current.get(key);
    if (told !== undefined) {
      setAnswer({ key, output: told, failure: '' });
      return;
    }
    const controller = new AbortController();
    const run = async () => {
      const { defaults, outputOf } = contractOf(task);
      const settings =
        task === 'translate'
          ? { ...defaults, strategy: 'greedy' as const, maxLength: 64 }
          : { ...defaults, temperature: 0.8, maxLength: 160 };
      try {
        for await (const event of streamAnswer(task, { text, model, settings }, controller.signal)) {
          if (event.type !== 'done') continue;
          const output = (task === 'translate' ? '' : text) + outputOf(event);
          known.current.set(key, output);
          setAnswer({ key, output, failure: '' });
        }
      } catch (error) {
        if (!controller.signal.aborted) setAnswer({ key, output: '', failure: (error as Error).message });
      }
    };
    const timer = setTimeout(() => void run(), 200);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [empty, key, model, task, text]);
  if (empty) return { output: '', failure: '', pending: false };
  return {
    output: answer.output,
    failure: answer.key === key ? answer.failure : '',
    pending: answer.key !== key,
  };
}
