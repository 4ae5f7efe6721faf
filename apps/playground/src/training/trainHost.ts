// Owns the training runs: starts one at a time in its own process, keeps what it tells, and what to do with it.
import { fork } from 'node:child_process';
import { DataError, emojiLanguages, parseTabPairs } from '@d2lts/core';
import { ApiError } from '../api/errors.ts';
import {
  applyTrainEvent,
  checkpointModel,
  learningRates,
  taskOf,
  trainLimits,
  type TrainEvent,
  type TrainRequest,
  type TrainRun,
} from '../api/train.ts';
import type { ModelCard } from '../api/types.ts';
import type { TrainCommand, TrainerMessage } from './protocol.ts';
import type { RunStore } from './runStore.ts';

/** The part of a training process that the host uses. */
export interface TrainerProcess {
  send(command: TrainCommand): unknown;
  on(event: 'message', listener: (message: TrainerMessage) => void): unknown;
  on(event: 'close', listener: (code: number | null) => void): unknown;
  kill(signal: 'SIGKILL'): unknown;
}

/** Starts `dist/trainer.js` on a run's folder. The native kernels are one a process, hence no thread. */
export const forkTrainer =
  (script: string, execArgv: string[] = []) =>
  (folder: string): TrainerProcess => {
    const child = fork(script, [folder], {
      execArgv: ['--max-old-space-size=1024', ...execArgv],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    // One that could not be started is gone; to one that has just ended nothing can be said, and nothing needs to be.
    child.on('error', () => child.pid === undefined && child.emit('close', null));
    return child;
  };

interface Active {
  id: string;
  process: TrainerProcess;
  ended: Promise<void>;
}

const conflict = (code: string, message: string) => new ApiError(409, code, message);

/** Bytes that one more run may need in the worst case. */
const roomForRun = 320e6;

/** Every run, and the one that trains. */
export class TrainHost {
  /** Resolves when earlier runs have been found. */
  readonly ready: Promise<void>;
  private runs = new Map<string, TrainRun>();
  private readonly watchers = new Map<string, Set<(event: TrainEvent) => void>>();
  private active: Active | undefined;
  private starting = false;
  private closed = false;

  constructor(
    private readonly store: RunStore,
    private readonly spawn: (folder: string) => TrainerProcess,
    private readonly limits: { runs: number; bytes: number } = trainLimits,
  ) {
    this.ready = store.load().then((runs) => {
      this.runs = new Map(runs.map((run) => [run.id, run]));
    });
  }

  /** The id of the run that trains, or null. */
  get activeId(): string | null {
    return this.active?.id ?? null;
  }

  /** All runs, newest first. */
  list(): TrainRun[] {
    return [...this.runs.values()].sort((a, b) => b.createdAt - a.createdAt);
  }

  get(id: string): TrainRun {
    const run = this.runs.get(id);
    if (run) return run;
    throw new ApiError(404, 'unknown_run', 'There is no such run; GET /api/v1/train lists them');
  }

  /** Starts a new run. */
  async start(request: TrainRequest): Promise<TrainRun> {
    return this.exclusively(async () => {
      const { pairs, text, learningRate, ...settings } = request;
      const { architecture } = settings;
      checkTarget(settings.target);
      const data = pairs?.replaceAll(/\r\n?/g, '\n') ?? text?.replaceAll(/\r\n?/g, '\n');
      const counted = pairs === undefined ? data?.length : await countPairs(data!);
      if (text !== undefined) checkCharacters(text);
      await this.checkRoom();
      const run: TrainRun = {
        id: this.store.newId(),
        status: 'running',
        task: taskOf(architecture),
        data: pairs === undefined ? (text === undefined ? 'emoji' : 'text') : 'pairs',
        dataSize: counted ?? embeddedSize,
        settings: { ...settings, learningRate: learningRate ?? learningRates[architecture] },
        createdAt: Date.now(),
        parameters: null,
        step: 0,
        elapsed: 0,
        tokensPerSecond: 0,
        train: [],
        heldOut: [],
        checkpoints: [],
      };
      await this.store.create(run, data);
      this.runs.set(run.id, run);
      this.launch(run.id);
      return run;
    });
  }

  /** Goes on with a paused run, from where it was. */
  async resume(id: string): Promise<TrainRun> {
    if (this.get(id).status !== 'paused')
      throw conflict('not_paused', 'Only a paused run can go on; start a new one');
    return this.exclusively(async () => {
      this.apply(id, { type: 'status', status: 'running' });
      await this.store.save(this.get(id));
      this.launch(id);
      return this.get(id);
    });
  }

  /** Ends the run after its current step, with a checkpoint: to go on later, or for good. */
  async end(id: string, command: TrainCommand): Promise<TrainRun> {
    const run = this.get(id);
    if (this.active?.id === id && run.status === 'running') this.active.process.send(command);
    else if (command === 'stop' && run.status === 'paused') {
      this.apply(id, { type: 'status', status: 'stopped' });
      await this.store.save(this.get(id));
    } else if (command !== 'pause' || run.status !== 'paused')
      throw conflict('not_running', `This run is ${run.status} and cannot ${command}; start a new one`);
    return this.get(id);
  }

  /** Deletes a run with all its checkpoints. */
  async remove(id: string): Promise<void> {
    if (this.get(id).status === 'running')
      throw conflict('run_is_training', 'This run is training; stop it, then delete it');
    if (this.active?.id === id) await this.active.ended; // it has said its last word, and still writes
    this.runs.delete(id);
    this.watchers.delete(id);
    await this.store.remove(id);
  }

  /** Tells the whole run, then every change. Returns how to end it. */
  watch(id: string, listener: (event: TrainEvent) => void): () => void {
    const run = this.get(id);
    const watching = [...this.watchers.values()].reduce((sum, { size }) => sum + size, 0);
    if (watching >= trainLimits.watchers)
      throw new ApiError(
        429,
        'too_many_watchers',
        'Too many pages watch already; close some, then try again',
        {
          retryAfter: 10,
        },
      );
    const listeners = this.watchers.get(id) ?? new Set();
    this.watchers.set(id, listeners.add(listener));
    listener({ type: 'run', run });
    return () => void listeners.delete(listener);
  }

  /** The newest model of every run, for the picker, and those of `included` that there are. */
  async models(included: readonly string[] = []): Promise<ModelCard[]> {
    const newest = this.list().flatMap(({ id, checkpoints }) =>
      checkpoints.slice(-1).map((step) => checkpointModel(id, step)),
    );
    const found = await Promise.all([...new Set([...newest, ...included])].map((id) => this.model(id)));
    return found.filter((card) => card !== undefined);
  }

  /** The model of one checkpoint. */
  async model(id: string): Promise<ModelCard | undefined> {
    return (await this.store.model(id).catch(() => undefined))?.card;
  }

  /** Pauses what trains; ends it by force when that takes longer than `grace` milliseconds. */
  async close(grace = 5000): Promise<void> {
    this.closed = true;
    const { active } = this;
    if (!active) return;
    if (this.get(active.id).status === 'running') active.process.send('pause');
    const timer = setTimeout(() => active.process.kill('SIGKILL'), grace);
    await active.ended;
    clearTimeout(timer);
  }

  private async exclusively(begin: () => Promise<TrainRun>): Promise<TrainRun> {
    if (this.closed) throw new ApiError(503, 'closing', 'The server is being stopped; start it again');
    const { active } = this;
    if (this.starting || (active && this.get(active.id).status === 'running'))
      throw conflict('training_busy', 'A run is training already; pause or stop it, then start this one');
    this.starting = true;
    try {
      await active?.ended; // a run that has said its last word may still be ending
      return await begin();
    } finally {
      this.starting = false;
    }
  }

  private async checkRoom(): Promise<void> {
    if (this.runs.size >= this.limits.runs)
      throw conflict(
        'too_many_runs',
        `${this.limits.runs} runs are kept already; delete one, then start again`,
      );
    if ((await this.store.bytes()) + roomForRun > this.limits.bytes)
      throw conflict(
        'disk_full',
        'The runs that are kept take all the room there is for them; delete one, then start again',
      );
  }

  private launch(id: string): void {
    const process = this.spawn(this.store.folder(id));
    const ended = new Promise<void>((resolve) => {
      process.on('close', (code) => {
        if (this.get(id).status === 'running')
          this.apply(id, {
            type: 'status',
            status: 'paused',
            error: {
              code: 'interrupted',
              message: `The training process ended with code ${code}; resume to go on from the last checkpoint`,
            },
          });
        void this.store
          .save(this.get(id))
          .catch(() => {})
          .then(() => {
            this.active = undefined;
            resolve();
          });
      });
    });
    this.active = { id, process, ended };
    process.on('message', (message) => this.apply(id, message));
  }

  private apply(id: string, event: TrainEvent): void {
    const run = this.runs.get(id);
    if (!run) return;
    this.runs.set(id, applyTrainEvent(run, event));
    for (const listener of this.watchers.get(id) ?? []) listener(event);
  }
}

/** About how many names of emoji there are; what a run says of its size. */
const embeddedSize = 1900;

function checkTarget(target: string): void {
  if (target !== 'en' && emojiLanguages.includes(target)) return;
  const known = emojiLanguages.filter((language) => language !== 'en').join(', ');
  throw new ApiError(400, 'invalid_request', `target: the names of emoji are there in ${known}; choose one`);
}

function checkCharacters(text: string): void {
  const { size } = new Set(text);
  if (size <= trainLimits.characters) return;
  throw new ApiError(
    400,
    'too_many_characters',
    `text: there may be at most ${trainLimits.characters} different characters, got ${size}; choose a text in one language`,
  );
}

/** How many pairs the text holds; names a line that is none. */
async function countPairs(text: string): Promise<number> {
  const refused = (code: string, message: string) => new ApiError(400, code, message);
  const pairs = await parseTabPairs(text.split('\n'), 'the pairs').catch((error: unknown) => {
    throw error instanceof DataError ? refused('bad_pair', error.message.replace(/^\w+: /, '')) : error;
  });
  const [fewest, most] = trainLimits.pairs;
  const different = new Set(pairs.map(({ source }) => source)).size;
  if (different < fewest)
    throw refused(
      'too_few_pairs',
      `pairs: there must be at least ${fewest} different sentences, got ${different}; add some`,
    );
  if (pairs.length > most)
    throw refused(
      'too_many_pairs',
      `pairs: there may be at most ${most}, got ${pairs.length}; leave some out`,
    );
  return pairs.length;
}
