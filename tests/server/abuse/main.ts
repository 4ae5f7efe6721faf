// `npm run abuse -w apps/playground -- --requests 10000 --seed 1`: attacks the built server, prints what it answered.
import { parseArgs } from 'node:util';
import { runAbuse } from './abuse.ts';

const { values } = parseArgs({
  options: { requests: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
});
const { answers, failures, seconds } = await runAbuse({
  requests: Number(values.requests),
  seed: Number(values.seed),
  stalls: true,
});
for (const [kind, counts] of Object.entries(answers).sort(([a], [b]) => a.localeCompare(b)))
  console.log(
    `${kind.padEnd(16)} ${Object.entries(counts)
      .map(([status, count]) => `${count}× ${status}`)
      .join(', ')}`,
  );
for (const failure of failures.slice(0, 50)) console.error(`failed: ${failure}`);
console.log(
  `${values.requests} requests in ${seconds.toFixed(1)} s, seed ${values.seed}: ${failures.length} failure(s)`,
);
process.exitCode = failures.length === 0 ? 0 : 1;
