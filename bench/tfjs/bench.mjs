// Times a workload on an engine of TensorFlow.js' own, and prints one JSON record: what bench.py is for PyTorch.
//
//   npm install --prefix bench/tfjs                     (wasm; for node: scripts/buildTfjsNode.mjs --project bench/tfjs)
//   node bench/tfjs/bench.mjs W2_gru_lm --engine wasm|node [--threads 1] [--budget 2.5]
import { createRequire } from 'node:module';
import util, { parseArgs } from 'node:util';
import { gruLm } from './gruLm.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engine: { type: 'string', default: 'wasm' },
    threads: { type: 'string', default: '1' },
    budget: { type: 'string', default: '2.5' },
  },
});
const workloads = { W2_gru_lm: gruLm };

/** TensorFlow.js on the engine that was asked for. Its WebAssembly has no threads in Node. */
async function load(engine) {
  const require = createRequire(import.meta.url);
  if (engine === 'node') {
    Object.assign(process.env, { TF_NUM_INTRAOP_THREADS: values.threads, TF_NUM_INTEROP_THREADS: '1' });
    process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
    util.isNullOrUndefined ??= (x) => x === null || x === undefined; // gone in Node 23
    return require('@tensorflow/tfjs-node');
  }
  const tf = require('@tensorflow/tfjs');
  require('@tensorflow/tfjs-backend-wasm');
  await tf.setBackend('wasm');
  return tf;
}

/** Milliseconds of a step, by the rules of the other twins: warm up, then time many. */
function measure(step, seconds) {
  let i = 0;
  const warm = performance.now() + 500;
  while (i < 3 || performance.now() < warm) step(i++);
  const times = [];
  const start = performance.now();
  while (times.length < 8 || (performance.now() - start < seconds * 1000 && times.length < 2000)) {
    const begin = performance.now();
    step(i++);
    times.push(performance.now() - begin);
  }
  times.sort((a, b) => a - b);
  return { median_ms: times[times.length >> 1], samples: times.length };
}

const [name] = positionals;
const record = { workload: name, engine: values.engine };
try {
  if (!Object.hasOwn(workloads, name)) throw new Error(`n/a: there is no twin of ${name}`);
  const tf = await load(values.engine);
  if (tf.getBackend() !== { wasm: 'wasm', node: 'tensorflow' }[values.engine])
    throw new Error(`the engine did not load: ${tf.getBackend()} is active`);
  const { step } = workloads[name](tf);
  record.loss0 = step(0);
  Object.assign(record, measure(step, Number(values.budget)));
  record.loss = step(0);
  record.peak_rss_mb = process.resourceUsage().maxRSS / 1024;
} catch (error) {
  record.error = error.message.split('\n')[0];
}
console.log(JSON.stringify(record));
