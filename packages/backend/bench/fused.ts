// Forward and backward of the fused kernels beside PyTorch's, alternating in one session; prints medians and their ratio.
//
//   node --import tsx --conditions=@d2lts/source bench/fused.ts --python PATH [--backend native] [--threads 1] [--only TEXT] [--rounds 5]
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { type Kind, loadBackend } from '../src/index.ts';

const { values: options } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    backend: { type: 'string', default: 'native' },
    threads: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '0.3' },
  },
});
const kind = options.backend as Kind;
await loadBackend(kind, { threads: Number(options.threads) });
await tf.setBackend(kind);

type Attrs = Parameters<ReturnType<typeof tf.engine>['runKernel']>[2];
function run(kernel: string, inputs: Record<string, tf.Tensor>, attrs: object): tf.Tensor[] {
  const result = tf.engine().runKernel(kernel, inputs, attrs as Attrs) as tf.Tensor | tf.Tensor[];
  return Array.isArray(result) ? result : [result];
}
let seed = 1;
const random = (shape: number[]) => {
  const size = tf.util.sizeFromShape(shape);
  const values = Float32Array.from({ length: size }, () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 31 - 1;
  });
  return tf.tensor(values, shape);
};
const integers = (count: number, below: number) =>
  tf.tensor(
    Int32Array.from({ length: count }, (_, i) => (i * 7919) % below),
    [count],
    'int32',
  );

/** A step that runs a kernel and its Grad kernel. */
function pair(
  kernel: string,
  grad: string,
  inputs: Record<string, tf.Tensor>,
  attrs: object,
  drop: string[] = [],
  dyShape?: number[],
): () => void {
  const first = run(kernel, inputs, attrs);
  const dy = random(dyShape ?? (first[0] as tf.Tensor).shape);
  for (const tensor of first) tensor.dispose();
  return () => {
    const outputs = run(kernel, inputs, attrs);
    const given: Record<string, tf.Tensor> = { ...inputs, dy, y: outputs[0] as tf.Tensor };
    if (kernel === 'D2LBatchNorm') Object.assign(given, { batchMean: outputs[1], batchVariance: outputs[2] });
    for (const name of drop) delete given[name];
    for (const tensor of run(grad, given, attrs)) tensor.dispose();
    for (const tensor of outputs) tensor.dispose();
  };
}

const needs = { x: true, weight: true, bias: true };
const crossEntropy = (rows: number, classes: number) =>
  pair(
    'D2LSoftmaxCrossEntropy',
    'D2LSoftmaxCrossEntropyGrad',
    { logits: random([rows, classes]), labels: integers(rows, classes) },
    { reduction: 'mean', labelSmoothing: 0, ignoreIndex: -100, training: true, needs: { logits: true } },
  );
const attention = (B: number, T: number, H: number, d: number, dropout: number, causal: boolean) =>
  pair(
    'D2LAttention',
    'D2LAttentionGrad',
    { query: random([B, T, 3 * H * d]) },
    {
      numHeads: H,
      layout: 'qkv',
      scale: d ** -0.5,
      causal,
      dropout,
      seed: [1, 2],
      returnWeights: false,
      training: true,
      needs: { query: true },
    },
  );
const conv = (n: number, c: number, size: number, out: number, k: number, stride: number, pad: number) =>
  pair(
    'D2LConv2d',
    'D2LConv2dGrad',
    { x: random([n, c, size, size]), weight: random([out, c, k, k]), bias: random([out]) },
    { stride: [stride, stride], padding: [pad, pad], dilation: [1, 1], groups: 1, needs },
    ['bias'],
  );
const pool = (which: string, n: number, c: number, size: number, k: number, stride: number, pad: number) =>
  pair(
    'D2LPool2d',
    'D2LPool2dGrad',
    { x: random([n, c, size, size]) },
    { kind: which, kernel: [k, k], stride: [stride, stride], padding: [pad, pad], needs: { x: true } },
  );

const workloads: Record<string, () => () => void> = {
  softmax_ce_2240x28: () => crossEntropy(2240, 28),
  softmax_ce_1536x8000: () => crossEntropy(1536, 8000),
  layernorm_1536x256: () =>
    pair(
      'D2LLayerNorm',
      'D2LLayerNormGrad',
      { x: random([1536, 256]), weight: random([256]), bias: random([256]) },
      { epsilon: 1e-5, training: true, needs },
      ['bias'],
    ),
  embedding_1536_8000x256: () =>
    pair(
      'D2LEmbedding',
      'D2LEmbeddingGrad',
      { ids: integers(1536, 8000), weight: random([8000, 256]) },
      { scale: 1, count: 8000, paddingIdx: -1, needs: { weight: true } },
      ['weight'],
    ),
  dropout_1536x1024: () => {
    const x = random([1536, 1024]);
    return () => {
      for (let i = 0; i < 2; ++i) run('D2LDropout', { x }, { p: 0.1, seed: [1, 2] })[0]?.dispose();
    };
  },
  attention_64x10_4x8: () => attention(64, 10, 4, 8, 0.1, false),
  attention_64x24_4x64: () => attention(64, 24, 4, 64, 0.1, true),
  attention_16x128_4x64: () => attention(16, 128, 4, 64, 0.1, false),
  attention_16x128_4x64_nodrop: () => attention(16, 128, 4, 64, 0, false),
  additive_64x1x10x32: () =>
    pair(
      'D2LAdditiveScores',
      'D2LAdditiveScoresGrad',
      { queries: random([64, 1, 32]), keys: random([64, 10, 32]), v: random([32]) },
      { needs: { queries: true, keys: true, v: true } },
    ),
  conv_lenet1: () => conv(256, 1, 28, 6, 5, 1, 2),
  conv_lenet2: () => conv(256, 6, 14, 16, 5, 1, 0),
  conv_resnet_64x24: () => conv(32, 64, 24, 64, 3, 1, 1),
  conv_resnet_256x6: () => conv(32, 256, 6, 256, 3, 1, 1),
  conv_resnet_512x3: () => conv(32, 512, 3, 512, 3, 1, 1),
  maxpool_32x64x48: () => pool('max', 32, 64, 48, 3, 2, 1),
  avgpool_256x6x28: () => pool('avg', 256, 6, 28, 2, 2, 0),
  batchnorm_32x64x48: () => {
    const x = [32, 64, 48, 48];
    const vector = random([64]);
    return pair(
      'D2LBatchNorm',
      'D2LBatchNormGrad',
      { x: random(x), weight: vector, bias: vector, mean: vector, variance: vector },
      { epsilon: 1e-5, training: true, needs },
      ['bias', 'mean', 'variance'],
    );
  },
};

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] as number;
function measure(step: () => void, seconds: number): number {
  const times: number[] = [];
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end || times.length < 3) {
    const start = performance.now();
    step();
    times.push(performance.now() - start);
  }
  return median(times);
}

// The allocator settings of the peers' tuned mode.
const env = {
  ...process.env,
  GLIBC_TUNABLES: 'glibc.malloc.mmap_threshold=4294967296:glibc.malloc.trim_threshold=4294967296',
  MALLOC_MMAP_THRESHOLD_: '4294967296',
  MALLOC_TRIM_THRESHOLD_: '4294967296',
  MALLOC_TOP_PAD_: '268435456',
};
const peer = spawn(
  options.python,
  [fileURLToPath(new URL('fusedPeer.py', import.meta.url)), options.threads],
  { env, stdio: ['pipe', 'pipe', 'inherit'] },
);
const answers = createInterface({ input: peer.stdout })[Symbol.asyncIterator]();
console.log(`${'workload'.padEnd(30)} ${kind} ms  PyTorch ms  ratio   (${options.threads} threads)`);
for (const [name, build] of Object.entries(workloads)) {
  if (!name.includes(options.only)) continue;
  const step = build();
  for (let i = 0; i < 5; ++i) step();
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < Number(options.rounds); ++round) {
    peer.stdin.write(`${name} ${options.seconds}\n`);
    theirs.push(Number((await answers.next()).value));
    ours.push(measure(step, Number(options.seconds)));
  }
  const ratio = median(theirs.map((time, i) => time / (ours[i] as number)));
  console.log(
    `${name.padEnd(30)} ${median(ours).toFixed(3).padStart(9)} ${median(theirs).toFixed(3).padStart(10)} ${ratio.toFixed(2).padStart(6)}`,
  );
}
peer.stdin.end();
