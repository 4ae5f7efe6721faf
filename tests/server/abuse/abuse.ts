// Sends attacks over raw sockets, many at a time, and checks every answer.
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { TrainList } from '../../../apps/playground/src/api/train.ts';
import { shippedModels, startServer } from '../support/startServer.ts';
import { readHealth, type Health } from '../support/usage.ts';
import { attacks, type Attack } from './requests.ts';

/** What came of an abuse. */
export interface AbuseReport {
  /** Attacks of each kind by the status that answered; `dropped` where none was waited for. */
  answers: Record<string, Record<string, number>>;
  /** Answers that must not be, with what was sent; empty when all is well. */
  failures: string[];
  seconds: number;
}

/** Stands in a file next to the models folder, and must never be read. */
const secret = 'the-secret-outside';
/** Of files of the repository and the system. */
const leaks = [secret, '"workspaces"', '"@d2lts/core":', 'root:x:0', 'd2lts-translation'];

/** Milliseconds after which an answer counts as a hang; stalled requests are given up earlier. */
const patience = 60_000;

/** Sends an attack; resolves with all that is answered, or undefined when nothing is waited for. */
function send(port: number, { pieces, drops }: Attack): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1');
    const done = () => resolve(drops ? undefined : Buffer.concat(chunks).toString('latin1'));
    socket.setTimeout(patience, () => {
      socket.destroy();
      reject(new Error(`no answer within ${patience / 1000} s`));
    });
    socket.on('data', (data: Buffer) => chunks.push(data));
    socket.on('error', () => {}); // a refused sender may be cut off; what was answered counts
    socket.on('close', done);
    socket.on('connect', async () => {
      for (const { bytes, after } of pieces) {
        if (after > 0) await wait(after);
        if (!socket.destroyed) socket.write(bytes);
      }
      if (drops) socket.destroy();
    });
  });
}

/** Says what is wrong with an answer. */
function problemOf({ allows }: Attack, answer: string): string | undefined {
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
  if (Number.isNaN(status)) return answer === '' ? 'closed without an answer' : 'not HTTP';
  if (!allows(status)) return `status ${status}`;
  const leak = leaks.find((text) => answer.includes(text));
  if (leak) return `it holds ${JSON.stringify(leak)}`;
  if (!/^x-content-type-options: nosniff\r$/im.test(answer)) return 'no nosniff header';
  const location = /^location: (.*)\r$/im.exec(answer)?.[1];
  if (location !== undefined && !/^\/(?![/\\])/.test(location)) return `it leads to ${location}`;
  const [head, body = ''] = answer.split(/\r\n\r\n(.*)/s);
  if (status < 400 || !/^content-type: application\/json/im.test(head!) || body === '') return undefined;
  if (/"code":"\w+","message":".{10,}"/.test(body)) return undefined;
  return 'no reason';
}

/** Stops and deletes the runs that attacks start, all the while; `finish` does so until there is none. */
function clearRuns(origin: string): { finish(): Promise<void> } {
  const route = `${origin}/api/v1/train`;
  const send = (path: string, method: string) =>
    fetch(route + path, { method, headers: { Connection: 'close' } });
  const sweep = async () => {
    const { runs } = (await (await send('', 'GET')).json()) as TrainList;
    for (const { id, status } of runs)
      await (status === 'running' ? send(`/${id}/stop`, 'POST') : send(`/${id}`, 'DELETE'));
    return runs.length;
  };
  const end = new AbortController();
  const sweeping = (async () => {
    for (let left = 1; !end.signal.aborted || left > 0; await wait(200)) left = await sweep();
  })();
  return {
    finish: () => {
      end.abort();
      return sweeping;
    },
  };
}

/** Starts a server whose models folder has a secret beside it, attacks it, and stops it. */
export async function runAbuse(options: {
  requests: number;
  seed: number;
  stalls: boolean;
  parallel?: number;
}): Promise<AbuseReport> {
  const { requests, seed, stalls, parallel = 32 } = options;
  const folder = await mkdtemp(join(tmpdir(), 'd2lts-abuse-'));
  await symlink(shippedModels, join(folder, 'models'));
  await mkdir(join(folder, 'outside'));
  await writeFile(join(folder, 'outside', 'config.json'), `{"name":"${secret}"}`);
  await writeFile(join(folder, 'secret.txt'), secret);
  const server = await startServer({
    D2LTS_MODELS: join(folder, 'models'),
    D2LTS_RUNS: join(folder, 'runs'),
  });
  try {
    const port = Number(new URL(server.origin).port);
    const report: AbuseReport = { answers: {}, failures: [], seconds: 0 };
    const waiting = attacks(requests, seed, { stalls }).entries();
    const started = performance.now();
    const janitor = clearRuns(server.origin);
    const attacker = async () => {
      for (const [index, attack] of waiting) {
        let outcome: string;
        try {
          const answer = await send(port, attack);
          outcome = answer === undefined ? 'dropped' : answer.slice(9, 12) || 'nothing';
          const problem = answer === undefined ? undefined : problemOf(attack, answer);
          if (problem) report.failures.push(describe(index, attack, problem));
        } catch (error) {
          outcome = 'hang';
          report.failures.push(describe(index, attack, String(error)));
        }
        const counts = (report.answers[attack.kind] ??= {});
        counts[outcome] = (counts[outcome] ?? 0) + 1;
      }
    };
    await Promise.all(Array.from({ length: parallel }, attacker));
    report.seconds = (performance.now() - started) / 1000;
    await janitor.finish();
    const left = await readdir(join(folder, 'runs')).catch(() => []);
    if (left.length > 0)
      report.failures.push(`afterwards: deleted runs must leave nothing, got ${left.join(', ')}`);
    report.failures.push(...checkAfterwards(await settled(server.origin)));
    return report;
  } finally {
    await server.stop();
    await rm(folder, { recursive: true });
  }
}

const describe = (index: number, { kind, pieces }: Attack, problem: string) =>
  `${index} (${kind}): ${problem}; sent ${JSON.stringify(
    Buffer.concat(pieces.map(({ bytes }) => bytes))
      .toString('latin1')
      .slice(0, 400),
  )}`;

/** The health once dropped requests have ended. */
async function settled(origin: string): Promise<Health> {
  for (let tries = 0; ; tries += 1) {
    const health = await readHealth(origin);
    if (health.queue.running + health.queue.waiting === 0 || tries === 50) return health;
    await wait(100);
  }
}

function checkAfterwards({ status, restarts, queue }: Health): string[] {
  const found = [status, restarts, queue.running, queue.waiting].join(' ');
  return found === 'ready 0 0 0'
    ? []
    : [`afterwards: must be ready, with no restart and an empty queue, got ${found}`];
}
