// The training runs as the server has them: read once, followed live, changed by commands.
'use client';
import { useCallback, useEffect, useState } from 'react';
import {
  applyTrainEvent,
  type TrainEvent,
  type TrainList,
  type TrainRequest,
  type TrainRun,
} from '../../api/train.ts';
import { postJson, request } from '../../chat/client.ts';

const path = '/api/v1/train';
const eventNames: readonly TrainEvent['type'][] = [
  'run',
  'start',
  'progress',
  'train',
  'heldOut',
  'checkpoints',
  'status',
];

/** What the page knows of training, and can do. */
export interface Training {
  /** Newest first; undefined until they are known. */
  runs: TrainRun[] | undefined;
  /** Why the last thing asked for did not work. */
  failure: string;
  reload(): Promise<void>;
  start(request: TrainRequest): Promise<TrainRun | undefined>;
  command(id: string, verb: 'pause' | 'resume' | 'stop'): Promise<void>;
  remove(id: string): Promise<void>;
}

export function useTraining(): Training {
  const [runs, setRuns] = useState<TrainRun[]>();
  const [failure, setFailure] = useState('');
  const put = useCallback((id: string, change: (run: TrainRun) => TrainRun) => {
    setRuns((all) => all?.map((run) => (run.id === id ? change(run) : run)));
  }, []);
  const attempt = useCallback(async <T>(action: () => Promise<T>): Promise<T | undefined> => {
    setFailure('');
    try {
      return await action();
    } catch (error) {
      setFailure((error as Error).message);
      return undefined;
    }
  }, []);
  const reload = useCallback(async () => {
    const list = await attempt(async () => (await request(path)).json() as Promise<TrainList>);
    if (list) setRuns(list.runs);
  }, [attempt]);
  useEffect(() => void reload(), [reload]);

  const live = runs?.find(({ status }) => status === 'running')?.id;
  useEffect(() => {
    if (live === undefined) return;
    const source = new EventSource(`${path}/${live}/events`);
    const listen = ({ data }: MessageEvent<string>) => {
      const event = JSON.parse(data) as TrainEvent;
      put(live, (run) => applyTrainEvent(run, event));
    };
    for (const name of eventNames) source.addEventListener(name, listen);
    return () => source.close();
  }, [live, put]);

  return {
    runs,
    failure,
    reload,
    start: (wanted) =>
      attempt(async () => {
        const run = await postJson<TrainRun>(path, wanted);
        setRuns((all = []) => [run, ...all]);
        return run;
      }),
    command: async (id, verb) => {
      const run = await attempt(() => postJson<TrainRun>(`${path}/${id}/${verb}`, {}));
      // What a run under way does is told by its events, which may be ahead of this answer.
      if (run && (verb === 'resume' || run.status !== 'running')) put(id, () => run);
    },
    remove: async (id) => {
      const done = await attempt(() => request(`${path}/${id}`, { method: 'DELETE' }));
      if (done) setRuns((all) => all?.filter((run) => run.id !== id));
    },
  };
}
