// d2l bench: choice of workloads, one measurement, twins' records, the table and where it is written.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selectWorkloads, writeBetweenMarkers } from './command.ts';
import { type Comparison, median } from './compare.ts';
import { measureFor } from './record.ts';
import { markdownTable } from './table.ts';
import { measureTfjs } from './tfjs.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'd2l-bench-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const row: Comparison = {
  workload: 'W2_gru_lm',
  backend: 'wasm',
  threads: 1,
  median_ms: 50,
  p10: 49,
  p90: 52,
  tokens_per_s: 22400,
  peak_rss_mb: 100,
  gflops: 25,
  first_step_ms: 312,
  rounds: 1,
};

describe('workloads', () => {
  it('are chosen by name or by the beginning of one, each once', () => {
    expect(selectWorkloads(['W2', 'W15', 'W2_gru_lm'])).toEqual([
      'W2_gru_lm',
      'W15_greedy_kv',
      'W15_beam5_kv',
    ]);
    expect(selectWorkloads([]).length).toBeGreaterThan(20);
    expect(() => selectWorkloads(['W1_rnm_lm'])).toThrow(/did you mean "W1_rnn_lm"/);
  });

  it('are measured, synchronous or not', async () => {
    for (const name of ['M_matmul_64', 'W15_greedy_kv', 'G_char_lstm_generate']) {
      const options = { name, backend: 'auto', seconds: 0.001, warmUp: 0 };
      const record = await measureFor(JSON.stringify(options));
      expect(record.workload).toBe(name);
      expect(record.median_ms).toBeGreaterThan(0);
      expect(record.p10).toBeLessThanOrEqual(record.p90);
    }
  });
});

describe('TensorFlow.js twins', () => {
  const twin = (print: string) =>
    writeFile(join(folder, 'bench.mjs'), `console.log(${JSON.stringify(print)})`);
  const measured = () => measureTfjs('W2_gru_lm', 'wasm', folder, { threads: 1, seconds: 1 });

  it('give their last line, nothing where there is none, and a sentence where the engine is missing', async () => {
    await expect(measured()).rejects.toThrow(/must hold bench.mjs/);
    await twin('a greeting\n{"median_ms":500,"peak_rss_mb":200}');
    expect(await measured()).toEqual({ median_ms: 500, peak_rss_mb: 200 });
    await twin('{"error":"n/a: there is no twin"}');
    expect(await measured()).toBeUndefined();
    await twin('{"error":"Cannot find module"}');
    await expect(measured()).rejects.toThrow(/installed in the folder \(Cannot find module\), got "?wasm/);
  });
});

describe('table', () => {
  it('has a column for what was compared and no other', () => {
    expect(markdownTable([row])).not.toMatch(/PyTorch|tfjs/);
    const text = markdownTable([{ ...row, tfjs: { wasm: { median_ms: 500, speed_ratio: 10 } } }]);
    const [head, , cells] = text.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    const at = (name: string) => cells![head!.indexOf(name)];
    expect([at('first step s'), at('tfjs-wasm ms'), at('speed vs tfjs-wasm')]).toEqual([
      '0.31',
      '500.00',
      '10.00×',
    ]);
    expect(head).not.toContain('tfjs-node ms');
  });

  it('replaces what stands between the markers of a page', async () => {
    const file = join(folder, 'page.md');
    await writeFile(file, 'before\n<!-- bench -->\nold\n<!-- /bench -->\nafter\n');
    writeBetweenMarkers(file, 'new');
    expect(await readFile(file, 'utf8')).toBe('before\n<!-- bench -->\n\nnew\n\n<!-- /bench -->\nafter\n');
    await writeFile(file, 'no markers');
    expect(() => writeBetweenMarkers(file, 'new')).toThrow(/must have the lines/);
  });

  it('takes the middle of rounds', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });
});
