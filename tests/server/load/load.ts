// The load test: many streaming visitors, a burst beyond the queue's bound, probes of the page; then all must be as before.
import { Agent } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { Rng } from '@d2lts/core';
import { trainLimits, type TrainRun } from '../../../apps/playground/src/api/train.ts';
import type { ModelList } from '../../../apps/playground/src/api/types.ts';
import { summarize, type Times } from '../support/percentiles.ts';
import type { RunningServer } from '../support/startServer.ts';
import { readHealth, readUsage, type Usage } from '../support/usage.ts';
import { createTally, open, runJob, type Job, type Tally } from './client.ts';

/** How hard, how long. */
export interface LoadOptions {
  clients: number;
  seconds: number;
  /** Seconds of the same load before memory is measured first. */
  warmSeconds: number;
  seed: number;
  /** Whether a run trains on the server meanwhile. */
  training?: boolean;
}

/** What came of it. */
export interface LoadReport {
  /** What the visitors saw, and what those saw who asked for more than may wait. */
  tally: Tally;
  crowded: Tally;
  firstToken: Times;
  total: Times;
  page: Times;
  health: Times;
  before: Usage;
  after: Usage;
  /** Steps that were trained meanwhile. */
  trained?: number;
  /** What is not as it must be; empty when all is well. */
  failures: string[];
}

const sentences = [
  'I love you.',
  'Where is the train station?',
  'She is reading a book.',
  'Could you help me, please?',
  'It has been raining since yesterday and nobody wants to go out.',
];
const prompts = ['ROMEO:', 'The time traveller', 'To be, or not to be'];

const pick = <T>(rng: Rng, values: readonly T[]) => values[rng.integer(0, values.length)]!;

/** Jobs of every model and every way to decode, in a random order that the seed fixes. */
function jobsOf({ models }: ModelList): ((rng: Rng) => Job)[] {
  const score = { hypothesis: 'Le chat est sur la table.', reference: 'Le chat dort sur la table.' };
  const scoring = () => ({ path: '/api/v1/score', body: score, whole: true });
  const attending = models.map(({ id: model, task }) => (rng: Rng): Job => ({
    path: '/api/v1/attention',
    body: { model, task, text: pick(rng, sentences), tokens: [5, 6, 7, 8] },
    whole: true,
  }));
  const asking = models.flatMap(({ id, task }) =>
    task === 'generate'
      ? [
          (rng: Rng): Job => ({
            path: '/api/v1/generate',
            body: { model: id, prompt: pick(rng, prompts), maxTokens: 40, seed: rng.integer(0, 1e6) },
          }),
        ]
      : (['greedy', 'beam', 'sampling'] as const).map((strategy) => (rng: Rng): Job => ({
          path: '/api/v1/translate',
          body: { model: id, strategy, text: pick(rng, sentences), attention: strategy === 'beam' },
        })),
  );
  return [...asking, ...attending, scoring];
}

/** Starts a training run that lasts longer than the load; `end` says what became of it. */
async function train(origin: string): Promise<{ events: string; end(): Promise<TrainRun> }> {
  const route = `${origin}/api/v1/train`;
  const send = async (path: string, method: string, body?: object) => {
    const headers = { 'Content-Type': 'application/json', Connection: 'close' };
    const response = await fetch(route + path, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`load: ${method} ${path} answered ${await response.text()}`);
    return (await response.json()) as TrainRun;
  };
  const { id } = await send('', 'POST', { size: 'large', steps: trainLimits.steps[1] });
  const get = () => send(`/${id}`, 'GET');
  while ((await get()).step === 0) await wait(200);
  return {
    events: `/api/v1/train/${id}/events`,
    end: async () => {
      const run = await get();
      if (run.status === 'running') await send(`/${id}/stop`, 'POST');
      while ((await get()).status === 'running') await wait(200);
      await send(`/${id}`, 'DELETE');
      return run;
    },
  };
}

/** Loads a server that nobody else uses. */
export async function runLoad(
  server: RunningServer,
  { clients, seconds, warmSeconds, seed, training = false }: LoadOptions,
): Promise<LoadReport> {
  const { origin } = server;
  const run = training ? await train(origin) : undefined;
  const models = (await (await fetch(`${origin}/api/v1/models`)).json()) as ModelList;
  const kinds = jobsOf(models);
  const rng = new Rng(seed);
  const { limit } = (await readHealth(origin)).queue;

  const visit = async (name: string, until: number, tally: Tally) => {
    const agent = new Agent({ keepAlive: true });
    const own = rng.split();
    while (performance.now() < until) {
      const job = pick(own, kinds)(own);
      const seconds = await runJob(origin, name, { ...job, stops: own.bernoulli(0.1) }, agent, tally);
      if (seconds > 0) await wait(Math.max(0, Math.min(seconds * 1000, until - performance.now())));
    }
    agent.destroy();
  };
  const crowd = (until: number, tally: Tally) =>
    Promise.all(Array.from({ length: clients }, (_, i) => visit(`visitor-${i}`, until, tally)));

  /** More requests at once than may wait, from two who ask for too much. */
  const burst = async () => {
    const agent = new Agent();
    const tally = createTally();
    const body = { text: 'Hello.', strategy: 'greedy', maxLength: 1 };
    await Promise.all(
      Array.from({ length: 2 * limit }, (_, i) =>
        runJob(origin, `burst-${i % 2}`, { path: '/api/v1/translate', body }, agent, tally),
      ),
    );
    return tally;
  };

  const probe = async (path: string, until: number, problems: string[]) => {
    const agent = new Agent({ keepAlive: true });
    const times: number[] = [];
    while (performance.now() < until) {
      const started = performance.now();
      const response = await open(origin, path, agent);
      for await (const _ of response);
      times.push(performance.now() - started);
      if (response.statusCode !== 200) problems.push(`${path} answered ${response.statusCode}`);
      await wait(200);
    }
    agent.destroy();
    return times;
  };

  /** Watches the run that trains, now and then anew; gives back how many events came. */
  const watch = async (until: number, problems: string[]) => {
    if (!run) return 0;
    const agent = new Agent();
    let events = 0;
    while (performance.now() < until) {
      const response = await open(origin, run.events, agent);
      if (response.statusCode !== 200) problems.push(`${run.events} answered ${response.statusCode}`);
      response.setEncoding('utf8').on('data', (text: string) => (events += text.split('event: ').length - 1));
      response.on('error', () => {}); // it ends when we do
      await wait(Math.max(0, Math.min(2000, until - performance.now())));
      response.destroy();
    }
    agent.destroy();
    return events;
  };

  /** Waits until nothing runs and the connections are closed. */
  const quiet = async () => {
    for (let tries = 0; tries < 100; tries += 1) {
      const { running, waiting } = (await readHealth(origin)).queue;
      if (running + waiting === 0) break;
      await wait(100);
    }
    await wait(500);
    return readUsage(server);
  };

  const warm = createTally();
  const visitor = new Agent();
  for (const kind of kinds) await runJob(origin, 'first', kind(rng), visitor, warm);
  await Promise.all([crowd(performance.now() + warmSeconds * 1000, warm), burst()]);
  const before = await quiet();

  const tally = createTally();
  let watched = 0;
  const until = performance.now() + seconds * 1000;
  const [page, health, , crowded] = await Promise.all([
    probe('/', until, tally.problems),
    probe('/api/health', until, tally.problems),
    crowd(until, tally),
    wait(seconds * 500).then(burst),
    ...Array.from({ length: watchers }, () =>
      watch(until, tally.problems).then((events) => void (watched += events)),
    ),
  ]);
  const after = await quiet();
  const trained = await run?.end();

  const failures = [...new Set([...warm.problems, ...tally.problems, ...crowded.problems])];
  for (const key of ['tensors', 'tensorBytes', 'restarts'] as const)
    if (after[key] !== before[key])
      failures.push(`${key} must be ${before[key]} as before, got ${after[key]}`);
  // Fewer are no leak: a kept-alive connection of the first measurement may have been closed since.
  for (const key of ['threads', 'sockets'] as const)
    if ((after[key] ?? 0) > (before[key] ?? 0))
      failures.push(`${key} must be at most ${before[key]} as before, got ${after[key]}`);
  const grown = after.residentBytes - before.residentBytes;
  if (grown > residentTolerance)
    failures.push(`the resident memory grew by ${(grown / 1e6).toFixed(0)} MB; look for what is kept`);
  if (trained && trained.status !== 'running')
    failures.push(`the training run must still train, but it is ${trained.status} at step ${trained.step}`);
  if (run && watched <= watchers) failures.push(`${watchers} watchers were told only ${watched} events`);
  for (const [path, times] of [
    ['/', page],
    ['/api/health', health],
  ] as const)
    if (!(summarize(times).p95 <= patience))
      failures.push(
        `GET ${path} must take at most ${patience} ms (p95), got ${summarize(times).p95.toFixed(0)}`,
      );
  if (tally.done === 0) failures.push('no request was answered');
  if (Object.keys(crowded.refused).length === 0)
    failures.push('a burst beyond the queue’s bound was not refused');
  const { firstToken, total } = tally;
  return {
    tally,
    crowded,
    firstToken: summarize(firstToken),
    total: summarize(total),
    page: summarize(page),
    health: summarize(health),
    before,
    after,
    ...(trained ? { trained: trained.step } : {}),
    failures,
  };
}

/** Who watches the run that trains. */
const watchers = 10;

/** Milliseconds that one of twenty may wait for the page while all others ask for answers; generous, machines differ. */
const patience = 2000;

/** What the resident memory may differ by: V8 gives memory back when it likes. */
const residentTolerance = 64e6;
