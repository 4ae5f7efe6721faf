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

/** How a page is audited: as on a desktop, or on a phone with a slow network and a processor `slowdown` times as slow as here. */
type Device = { name: string; preset: 'desktop' } | { name: string; slowdown: number };

/**
 * How many times slower than this machine a phone is, by Lighthouse's CPU slowdown calculator
 * (https://lighthouse-cpu-throttling-calculator.vercel.app); its default of 4 fits an index of 1533.
 */
const slowdownFor = (index: number): number =>
  index >= 1300
    ? 3 + (index - 1300) / 233
    : index >= 800
      ? 2 + (index - 800) / 500
      : 1 + Math.max(0, index - 150) / 650;

/** One audit. */
async function audit(address: string, device: Device): Promise<Result> {
  const file = join(folder, 'report.json');
  const args = [
    `lighthouse@${version}`,
    address,
    '--quiet',
    `--only-categories=${categories.join(',')}`,
    '--chrome-flags=--headless=new --no-sandbox --disable-gpu',
    '--output=json',
    `--output-path=${file}`,
    'preset' in device
      ? `--preset=${device.preset}`
      : `--throttling.cpuSlowdownMultiplier=${device.slowdown.toFixed(2)}`,
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
  /** Prints the scores of a device and what is wrong; answers this machine's speed and whether all scores are good. */
  const report = async (device: Device) => {
    const results: Result[] = [];
    for (let run = 0; run < Number(values.runs); run += 1) results.push(await audit(server.origin, device));
    const scores = categories.map((name) => median(results.map(({ categories }) => categories[name].score)));
    const shown = categories.map((name, i) => `${name} ${Math.round(scores[i]! * 100)}`).join(', ');
    const index = median(results.map(({ environment }) => environment.benchmarkIndex));
    console.log(`${device.name}: ${shown} (benchmark index of this machine: ${Math.round(index)})`);
    const isGood = scores.every((score) => score >= wanted);
    if (!isGood)
      for (const { title, score, displayValue = '' } of Object.values(results.at(-1)!.audits))
        if (score !== null && score < 0.9) console.log(`  ${score.toFixed(2)} ${title} ${displayValue}`);
    return { index, isGood };
  };
  const phone = await report({ name: 'phone, processor 4 times as slow as here', slowdown: 4 });
  const slowdown = slowdownFor(phone.index);
  const calibrated =
    slowdown < 4 &&
    (await report({ name: `phone, processor ${slowdown.toFixed(1)} times as slow as here`, slowdown }))
      .isGood;
  const desktop = await report({ name: 'desktop', preset: 'desktop' });
  if (!(phone.isGood || calibrated) || !desktop.isGood) process.exitCode = 1;
} finally {
  await server.stop();
  await rm(folder, { recursive: true });
}
