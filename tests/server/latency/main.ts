// `npm run latency -w apps/playground`: from `npm start` to the first token, then of a server that is warm.
import { Agent } from 'node:http';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { createTally, runJob } from '../load/client.ts';
import { formatTimes, summarize, type Times } from '../support/percentiles.ts';
import { startServer, type RunningServer } from '../support/startServer.ts';

const { values } = parseArgs({
  options: { starts: { type: 'string', default: '3' }, rounds: { type: 'string', default: '5' } },
});

/** Ten words each. */
const sentences = [
  'My brother is going to buy a new car next week.',
  'She told me that she was very happy with it.',
  'We have to finish our work before the evening comes.',
  'I would like to know what you think about this.',
  'Nobody knows why he left the house so early today.',
];

const agent = new Agent({ keepAlive: true });

/** Milliseconds to the first token and to the end of one translation. */
async function translate(server: RunningServer, text: string, strategy: string) {
  const tally = createTally();
  const job = { path: '/api/v1/translate', body: { text, strategy } };
  await runJob(server.origin, 'latency', job, agent, tally);
  if (tally.problems.length > 0) throw new Error(tally.problems.join('; '));
  return { first: tally.firstToken[0]!, total: tally.total[0]! };
}

// The first start builds what is missing, and does not count.
await (await startServer({}, ['npm', 'start', '--'])).stop();
const addresses: number[] = [];
const colds: number[] = [];
for (let start = 0; start < Number(values.starts); start += 1) {
  const started = performance.now();
  const server = await startServer({}, ['npm', 'start', '--']);
  const address = performance.now() - started;
  const { first } = await translate(server, 'I love you.', 'beam');
  addresses.push(address);
  colds.push(address + first);
  await server.stop();
}

const firsts: Record<string, number[]> = { beam: [], greedy: [] };
const totals: Record<string, number[]> = { beam: [], greedy: [] };
const server = await startServer();
try {
  for (let round = -1; round < Number(values.rounds); round += 1)
    for (const text of sentences)
      for (const strategy of ['beam', 'greedy']) {
        const { first, total } = await translate(server, text, strategy);
        if (round < 0) continue; // the first round warms up
        firsts[strategy]!.push(first);
        totals[strategy]!.push(total);
      }
} finally {
  agent.destroy();
  await server.stop();
}

console.log(`${cpus()[0]!.model}, ${availableParallelism()} cores, Node ${process.version}`);
const failures: string[] = [];
const report = (name: string, times: Times, bar = Infinity) => {
  console.log(`${formatTimes(name, times)}${bar < Infinity ? `   wanted ≤ ${bar} ms` : ''}`);
  if (times.p50 > bar) failures.push(name);
};
report('npm start: address', summarize(addresses));
report('npm start: first token', summarize(colds), 5000);
for (const [strategy, name] of [
  ['beam', 'beam 4'],
  ['greedy', 'greedy'],
] as const) {
  report(`${name}: first token`, summarize(firsts[strategy]!), 150);
  report(`${name}: ten words`, summarize(totals[strategy]!), 400);
}
console.log(failures.length === 0 ? 'All within their bars.' : `Beyond their bars: ${failures.join(', ')}`);
process.exitCode = failures.length === 0 ? 0 : 1;
