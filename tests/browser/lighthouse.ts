// `npm run lighthouse -w apps/playground`: audits the built page as a phone and as a desktop, the median of some runs.
// The package is fetched by npx when asked for: with what it depends on it is larger than all else that tests need.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findChromium } from '../../scripts/bootstrap.mjs';
import { root, startServer } from '../server/support/startServer.ts';

/** The last version for Node 20. */
const version = '12.8.2';
const wanted = 0.95;
const categories = ['performance', 'accessibility', 'best-practices'] as const;

interface Result {
  categories: Record<(typeof categories)[number], { score: number }>;
  environment: { benchmarkIndex: number };
  audits: Record<string, { title: string; score: number | null; displayValue?: string }>;
}

const { values } = parseArgs({ options: { runs: { type: 'string', default: '3' } } });
const chromium = findChromium();
if (!chromium) throw new Error('lighthouse: no Chromium found; set CHROMIUM to its path');
const folder = await mkdtemp(join(tmpdir(), 'd2lts-lighthouse-'));

/** One audit; `preset` is a desktop's, or none for a phone with a slow processor and network. */
async function audit(address: string, preset?: 'desktop'): Promise<Result> {
  const file = join(folder, 'report.json');
  const args = [
    `lighthouse@${version}`,
    address,
    '--quiet',
    `--only-categories=${categories.join(',')}`,
    '--chrome-flags=--headless=new --no-sandbox --disable-gpu',
    '--output=json',
    `--output-path=${file}`,
    ...(preset ? [`--preset=${preset}`] : []),
  ];
  const env = { ...process.env, CHROME_PATH: chromium };
  // On a busy machine a trace may miss its beginning, so it is tried twice.
  for (let tries = 0; tries < 2; tries += 1) {
    const child = spawn('npx', ['--yes', ...args], {
      cwd: root,
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code === 0) return JSON.parse(await readFile(file, 'utf8')) as Result;
  }
  throw new Error('lighthouse: it failed twice, for the reason above; npx must reach the npm registry once');
}

const median = (numbers: number[]) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

const server = await startServer();
try {
  // What a first visit loads into the server is not the page's speed.
  for (let i = 0; i < 5; i += 1) await (await fetch(server.origin)).text();
  for (const preset of [undefined, 'desktop'] as const) {
    const results: Result[] = [];
    for (let run = 0; run < Number(values.runs); run += 1) results.push(await audit(server.origin, preset));
    const scores = categories.map((name) => median(results.map(({ categories }) => categories[name].score)));
    const shown = categories.map((name, i) => `${name} ${Math.round(scores[i]! * 100)}`).join(', ');
    const speed = median(results.map(({ environment }) => environment.benchmarkIndex));
    console.log(
      `${preset ?? 'phone'}: ${shown} (benchmark index ${Math.round(speed)}; below 1000, try a quieter machine)`,
    );
    if (scores.every((score) => score >= wanted)) continue;
    process.exitCode = 1;
    for (const { title, score, displayValue = '' } of Object.values(results.at(-1)!.audits))
      if (score !== null && score < 0.9) console.log(`  ${score.toFixed(2)} ${title} ${displayValue}`);
  }
} finally {
  await server.stop();
  await rm(folder, { recursive: true });
}
