// Owns the worker thread: starts it, hands it one job at a time from a fair queue, replaces it when it dies.
import { ApiError } from '../api/errors.ts';
import type { JobRequest, ModelCard, Segment } from '../api/types.ts';
import type { BackendInfo, EngineEvent, EngineMemory } from './engine.ts';
import { FairQueue } from './fairQueue.ts';
import type { JobMessage, WorkerMessage } from './protocol.ts';

/** The part of a worker thread that the host uses. */
export interface WorkerLike {
  postMessage(message: JobMessage, transfer: readonly never[]): void;
  on(event: 'message', listener: (message: WorkerMessage) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  terminate(): Promise<unknown>;
}

/** What a submitted job calls back. */
export interface JobListener {
  /** Told while waiting, whenever it changes: how many jobs are before this one. */
  queued?(position: number): void;
  /** Told when the worker takes it. */
  started?(): void;
  event(event: EngineEvent): void;
}

interface Job {
  id: number;
  request: JobRequest;
  listener: JobListener;
  cancel: Int32Array;
  resolve(segments: Segment[]): void;
  reject(error: Error): void;
  /** What `queued` was told last. */
  position?: number;
  deadline?: NodeJS.Timeout;
}

/** Bounds of an EngineHost. */
export interface HostOptions {
  /** Requests that may wait altogether. */
  queueLimit?: number;
  /** Requests of one client that may wait. */
  perClient?: number;
  /** Milliseconds a job may run before it is stopped. */
  timeLimit?: number;
  /** Milliseconds a stopped job has to end before its worker is replaced. */
  grace?: number;
}

/** `aborted`: the client went away or pressed stop. */
export const aborted = () =>
  new ApiError(499, 'cancelled', 'The client cancelled the request; send it again');

/** The worker could not start, and will not before the server does. */
export const engineFailed = (reason: string | undefined) =>
  new ApiError(
    503,
    'engine_failed',
    `The models could not be loaded: ${reason}; mend that, then start again`,
    {
      retryAfter: 60,
    },
  );

const timedOut = (seconds: number) =>
  new ApiError(
    503,
    'too_slow',
    `The answer took longer than ${seconds} s and was stopped; ask for less text`,
    {
      retryAfter: 5,
    },
  );

/** Runs requests on a worker thread. */
export class EngineHost {
  private readonly options: Required<HostOptions>;
  private readonly spawn: () => WorkerLike;
  private readonly queue: FairQueue<Job>;
  private worker: WorkerLike | undefined;
  private running: Job | undefined;
  private nextId = 1;
  private failure: string | undefined;
  private closed = false;
  private settle!: () => void;
  /** Resolves when the models are loaded or cannot be. */
  readonly settled = new Promise<void>((resolve) => {
    this.settle = resolve;
  });
  /** Set once the worker has loaded its models. */
  info: { backend: BackendInfo; models: ModelCard[]; milliseconds: number } | undefined;
  /** What the worker held when it last told. */
  memory: EngineMemory = { tensors: 0, tensorBytes: 0 };
  /** How many times a worker had to be replaced. */
  restarts = 0;

  constructor(spawn: () => WorkerLike, options: HostOptions = {}) {
    this.options = { queueLimit: 128, perClient: 64, timeLimit: 60_000, grace: 5_000, ...options };
    this.spawn = spawn;
    this.queue = new FairQueue(this.options.queueLimit, this.options.perClient);
    this.start();
  }

  /** `starting` until the models are loaded, `failed` when they cannot be. */
  get status(): 'starting' | 'ready' | 'failed' {
    if (this.info) return 'ready';
    return this.failure === undefined ? 'starting' : 'failed';
  }

  /** Why loading failed, for people. */
  get reason(): string | undefined {
    return this.failure;
  }

  get load(): { running: number; waiting: number; limit: number } {
    return { running: this.running ? 1 : 0, waiting: this.queue.size, limit: this.options.queueLimit };
  }

  /** Queues a request; resolves with its segments. Aborting the signal stops it wherever it is. */
  submit(
    client: string,
    request: JobRequest,
    listener: JobListener,
    signal: AbortSignal,
  ): Promise<Segment[]> {
    if (this.status === 'failed') return Promise.reject(engineFailed(this.failure));
    if (signal.aborted) return Promise.reject(aborted());
    return new Promise((resolve, reject) => {
      const cancel = new Int32Array(new SharedArrayBuffer(4));
      const job: Job = { id: this.nextId++, request, listener, cancel, resolve, reject };
      try {
        this.queue.push(client, job);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
        return;
      }
      const abort = () => this.cancel(job, aborted());
      signal.addEventListener('abort', abort, { once: true });
      const settle = () => signal.removeEventListener('abort', abort);
      job.resolve = (segments) => (settle(), resolve(segments));
      job.reject = (error) => (settle(), reject(error));
      this.advance();
    });
  }

  /** Stops the worker and every job. */
  async close(): Promise<void> {
    this.closed = true;
    for (let job = this.queue.shift(); job; job = this.queue.shift()) job.reject(aborted());
    this.finish()?.reject(aborted());
    await this.worker?.terminate();
  }

  private start(): void {
    const worker = this.spawn();
    this.worker = worker;
    worker.on('message', (message) => {
      if (worker === this.worker) this.receive(message);
    });
    let died = false;
    const replace = (why: string) => {
      if (died || worker !== this.worker || this.closed) return;
      died = true;
      this.replace(why);
    };
    worker.on('error', (error) => {
      console.error('The worker thread broke:', error);
      replace('the worker thread broke');
    });
    worker.on('exit', (code) => replace(`the worker thread ended with code ${code}`));
  }

  private replace(why: string): void {
    const neverWorked = this.info === undefined;
    this.info = undefined;
    this.restarts += 1;
    const job = this.finish();
    job?.reject(
      new ApiError(
        503,
        'engine_restarted',
        `The model stopped unexpectedly (${why}); send the request again`,
        { retryAfter: 2 },
      ),
    );
    void this.worker?.terminate();
    if (neverWorked) this.fail(why);
    else this.start();
  }

  private fail(why: string): void {
    this.failure = why;
    this.settle();
    for (let job = this.queue.shift(); job; job = this.queue.shift()) job.reject(engineFailed(why));
  }

  private receive(message: WorkerMessage): void {
    if ('memory' in message) this.memory = message.memory;
    if (message.type === 'ready') {
      this.info = message;
      this.settle();
      this.advance();
      return;
    }
    if (message.type === 'failed') {
      this.fail(message.message);
      return;
    }
    const job = this.running;
    if (!job || job.id !== message.id) return;
    if (message.type === 'event') {
      if (Atomics.load(job.cancel, 0) === 0) job.listener.event(message.event);
      return;
    }
    this.finish();
    if (message.type === 'result') job.resolve(message.segments);
    else if (message.type === 'cancelled') job.reject(aborted());
    else job.reject(new ApiError(message.status, message.code, message.message));
    this.advance();
  }

  /** Gives the next waiting job to an idle worker, and tells the others where they are. */
  private advance(): void {
    this.startNext();
    const before = this.running ? 1 : 0;
    for (const [index, job] of this.queue.inOrder().entries()) {
      if (job.position === index + before) continue;
      job.position = index + before;
      job.listener.queued?.(job.position);
    }
  }

  private startNext(): void {
    if (!this.info || this.running || !this.worker) return;
    const job = this.queue.shift();
    if (!job) return;
    this.running = job;
    job.deadline = setTimeout(
      () => this.cancel(job, timedOut(this.options.timeLimit / 1000)),
      this.options.timeLimit,
    );
    job.listener.started?.();
    this.worker.postMessage({ type: 'job', id: job.id, request: job.request, cancel: job.cancel }, []);
  }

  /** Takes the running job off the books. */
  private finish(): Job | undefined {
    const job = this.running;
    this.running = undefined;
    clearTimeout(job?.deadline);
    return job;
  }

  private cancel(job: Job, error: ApiError): void {
    if (this.queue.remove(job)) {
      job.reject(error);
      this.advance();
      return;
    }
    if (this.running !== job || Atomics.load(job.cancel, 0) !== 0) return;
    Atomics.store(job.cancel, 0, 1);
    job.reject(error);
    clearTimeout(job.deadline);
    job.deadline = setTimeout(() => {
      if (this.running === job) this.replace('it did not stop when told to');
    }, this.options.grace);
  }
}
