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

/** Milliseconds until a stream that ended is opened again, if the server still answers. */
const pauseBeforeRetry = 3000;

/** What the page knows of training, and can do. */
export interface Training {
  /** Newest first; undefined until they are known. */
  runs: TrainRun[] | undefined;
  /** Why the last thing asked for did not work. */
  failure: string;
  /** Whether the server is gone, so that what is shown of a run under way is its last known state. */
  lost: boolean;
  reload(): Promise<void>;
  start(request: TrainRequest): Promise<TrainRun | undefined>;
  command(id: string, verb: 'pause' | 'resume' | 'stop'): Promise<void>;
  remove(id: string): Promise<void>;
}

export function useTraining(): Training {
  const [runs, setRuns] = useState<TrainRun[]>();
  const [failure, setFailure] = useState('');
  const [lost, setLost] = useState(false);
  /** Counts the lists that were read: after each the stream is opened anew, as its first event is newer than the list. */
  const [lists, setLists] = useState(0);
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
    setLost(!list);
    if (!list) return;
    setRuns(list.runs);
    setLists((count) => count + 1);
  }, [attempt]);
  // Runs may be started and deleted elsewhere.
  useEffect(() => {
    void reload();
    const again = () => void reload();
    window.addEventListener('focus', again);
    return () => window.removeEventListener('focus', again);
  }, [reload]);

  const live = runs?.find(({ status }) => status === 'running')?.id;
  useEffect(() => {
    if (live === undefined || lost) return;
    let retry: number;
    const source = new EventSource(`${path}/${live}/events`);
    const listen = ({ data }: MessageEvent<string>) => {
      const event = JSON.parse(data) as TrainEvent;
      put(live, (run) => applyTrainEvent(run, event));
    };
    for (const name of eventNames) source.addEventListener(name, listen);
    source.addEventListener('error', () => {
      source.close();
      retry = window.setTimeout(() => void reload(), pauseBeforeRetry);
    });
    return () => {
      source.close();
      clearTimeout(retry);
    };
  }, [live, lost, lists, put, reload]);

  return {
    runs,
    failure,
    lost,
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
