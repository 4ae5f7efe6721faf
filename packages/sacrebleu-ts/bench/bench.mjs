// Speed against Python's sacreBLEU on the same files, in alternating pairs: prints medians and ratios.
//
//     npm run build -w sacrebleu-ts
//     node packages/sacrebleu-ts/bench/bench.mjs --python PATH [--pairs N] [--segments N] [--text FILE]
//
// PATH is a Python with sacrebleu and numpy. FILE holds one sentence a line (.gz allowed); without it
// sentences are made of words drawn by Zipf's law. Both sides time the scoring alone, start-up excluded.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { BLEU, CHRF, pairedTest, TER } from '../dist/index.js';

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    pairs: { type: 'string', default: '5' },
    segments: { type: 'string', default: '3000' },
    text: { type: 'string' },
  },
});
if (!values.python) {
  console.error('usage: bench.mjs --python PATH [--pairs N] [--segments N] [--text FILE]');
  process.exit(2);
}
const segments = Number(values.segments);

let state = 20240607;
function random() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}

function zipfSentence() {
  const length = 8 + Math.floor(random() * 20);
  const words = Array.from({ length }, () => `w${Math.floor(Math.exp(random() * Math.log(8000)))}`);
  return `${words.join(' ')}.`;
}

function readSentences() {
  if (!values.text) return Array.from({ length: segments }, zipfSentence);
  const bytes = readFileSync(values.text);
  const lines = (values.text.endsWith('.gz') ? gunzipSync(bytes) : bytes)
    .toString('utf8')
    .split('\n')
    .filter(Boolean);
  return Array.from({ length: segments }, (_, i) => lines[i % lines.length]);
}

// A plausible system: some words dropped, replaced, swapped or moved.
function damage(sentence, rate) {
  const words = sentence.split(' ');
  for (let i = 0; i < words.length; i++) {
    if (random() > rate) continue;
    const kind = Math.floor(random() * 4);
    const j = Math.floor(random() * words.length);
    if (kind === 0) words.splice(i, 1);
    else if (kind === 1) words[i] = 'something';
    else if (kind === 2) [words[i], words[j]] = [words[j], words[i]];
    else words.splice(j, 0, ...words.splice(i, 3));
  }
  return words.join(' ');
}

const reference = readSentences();
const systems = Array.from({ length: 10 }, (_, k) => reference.map((line) => damage(line, 0.15 + 0.02 * k)));

const PYTHON = `
import json, os, sys, time, logging
os.environ.pop("SACREBLEU_SEED", None)
from sacrebleu.metrics import BLEU, CHRF, TER
from sacrebleu.significance import PairedTest
logging.getLogger("sacrebleu").setLevel(logging.CRITICAL)
data = json.loads(sys.stdin.readline())
ref, systems = [data["reference"]], data["systems"]
def clear():
    # The tokenizers' caches would make every repeat after the first a different task.
    import gc
    from functools import _lru_cache_wrapper
    for o in gc.get_objects():
        if isinstance(o, _lru_cache_wrapper): o.cache_clear()
TASKS = {
    "BLEU + chrF2 + chrF2++": lambda: [m.corpus_score(systems[0], ref).score for m in (BLEU(), CHRF(), CHRF(word_order=2))],
    "TER": lambda: [TER().corpus_score(systems[0], ref).score],
    "paired bootstrap, 10 systems, BLEU": lambda: [r.p_value or 0 for r in PairedTest([(str(i), s) for i, s in enumerate(systems)], {"BLEU": BLEU(references=ref)}, None, "bs", 1000)()[1]["BLEU"]],
    "paired bootstrap, 10 systems, BLEU + chrF2": lambda: [r.p_value or 0 for v in list(PairedTest([(str(i), s) for i, s in enumerate(systems)], {"BLEU": BLEU(references=ref), "CHRF": CHRF(references=ref)}, None, "bs", 1000)()[1].values())[1:] for r in v],
}
print("ready", flush=True)
for line in sys.stdin:
    clear()
    start = time.perf_counter()
    result = TASKS[line.strip()]()
    print(json.dumps({"seconds": time.perf_counter() - start, "result": result}), flush=True)
`;

const paired = (metrics) =>
  Array.from(
    pairedTest({
      systems: systems.map((lines, i) => [String(i), lines]),
      metrics,
      test: 'bs',
    }).scores.values(),
  ).flatMap((rows) => rows.map((row) => row.pValue ?? 0));
const TASKS = {
  'BLEU + chrF2 + chrF2++': () =>
    [new BLEU(), new CHRF(), new CHRF({ wordOrder: 2 })].map(
      (m) => m.corpusScore(systems[0], [reference]).score,
    ),
  TER: () => [new TER().corpusScore(systems[0], [reference]).score],
  'paired bootstrap, 10 systems, BLEU': () => paired([new BLEU({ references: [reference] })]),
  'paired bootstrap, 10 systems, BLEU + chrF2': () =>
    paired([new BLEU({ references: [reference] }), new CHRF({ references: [reference] })]),
};

const child = spawn(values.python, ['-c', PYTHON], { stdio: ['pipe', 'pipe', 'inherit'] });
const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
const ask = async (line) => {
  child.stdin.write(`${line}\n`);
  return (await answers.next()).value;
};
await ask(JSON.stringify({ reference, systems }));

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
console.log(`${cpus()[0].model}, one thread each; ${segments} segments, ${values.pairs} pairs`);
for (const [name, task] of Object.entries(TASKS)) {
  const pairs = [];
  for (let i = 0; i < Number(values.pairs); i++) {
    const start = performance.now();
    const result = task();
    const ours = (performance.now() - start) / 1000;
    const theirs = JSON.parse(await ask(name));
    const gap = Math.max(...result.map((x, k) => Math.abs(x - theirs.result[k])));
    if (!(gap < 1e-9)) throw new Error(`${name}: results differ by ${gap}`);
    pairs.push({ ours, theirs: theirs.seconds });
  }
  const ratios = pairs.map(({ ours, theirs }) => theirs / ours);
  const [ours, theirs] = [median(pairs.map((p) => p.ours)), median(pairs.map((p) => p.theirs))];
  const range = `${Math.min(...ratios).toFixed(1)}-${Math.max(...ratios).toFixed(1)}`;
  console.log(
    `${name}: ours ${(1000 * ours).toFixed(0)} ms, Python ${(1000 * theirs).toFixed(0)} ms, ${median(ratios).toFixed(1)}x (${range})`,
  );
}
child.stdin.end();
