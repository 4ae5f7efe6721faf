// Trains a tiny GRU language model in a run folder, or goes on with it; prints a line a step. Killed by killResume.test.ts.
import * as tf from '@tensorflow/tfjs-core';
import {
  Adam,
  DataLoader,
  Dropout,
  Embedding,
  GRU,
  Linear,
  Module,
  Rng,
  RunFolder,
  ScheduledRate,
  Trainer,
  cosineSchedule,
  crossEntropy,
  fromArray,
  useBackend,
} from '@d2lts/core';

const [path, maxSteps] = process.argv.slice(2) as [string, string];
const text =
  'the quick brown fox jumps over the lazy dog and runs away from the angry bear in the old forest ';
const letters = [...new Set(text)].sort().join('');
const steps = 8;

class LanguageModel extends Module {
  embedding: Embedding;
  gru: GRU;
  dropout: Dropout;
  output: Linear;

  constructor(rng: Rng) {
    super();
    this.embedding = new Embedding(letters.length, 8, { rng });
    this.gru = new GRU(8, 16, { rng });
    this.dropout = new Dropout(0.2, { rng: rng.split() });
    this.output = new Linear(16, letters.length, { rng });
  }

  /** [batch, steps] → [batch, steps, letters] */
  forward(ids: tf.Tensor): tf.Tensor {
    const { output } = this.gru.forward(this.embedding.forward(ids));
    return this.output.forward(this.dropout.forward(output));
  }
}

await useBackend();
const rng = new Rng(7);
const model = new LanguageModel(rng);
const optimizer = new Adam(model.parameters(), { lr: 0.01 });
const ids = Array.from(text, (letter) => letters.indexOf(letter));
const windows = ids.slice(steps).map((_, at) => ids.slice(at, at + steps + 1));
const loader = new DataLoader(fromArray(windows), {
  batchSize: 16,
  rng: rng.split(),
  collate: (items) => items,
});

const runFolder = process.argv.includes('--new') ? await RunFolder.create(path) : await RunFolder.open(path);
const trainer = new Trainer({
  model,
  optimizer,
  loader,
  loss: (batch) => {
    const x = tf.tensor2d(
      batch.map((window) => window.slice(0, -1)),
      [batch.length, steps],
      'int32',
    );
    const y = tf.tensor2d(
      batch.map((window) => window.slice(1)),
      [batch.length, steps],
      'int32',
    );
    return crossEntropy(model.forward(x), y) as tf.Scalar;
  },
  weight: (batch) => batch.length * steps,
  scheduler: new ScheduledRate(optimizer, cosineSchedule({ total: Number(maxSteps), warmup: 5 })),
  clipNorm: 1,
  maxSteps: Number(maxSteps),
  evaluate: () => ({ loss: optimizer.stepCount % 7 }),
  evaluateEvery: 5,
  saveEvery: 2,
  logEvery: 1,
  runFolder,
  // A clock that stands still, so that logs and checkpoints can be compared byte by byte.
  now: () => 0,
  callbacks: [{ name: 'report', onStep: ({ step }) => void process.stdout.write(`${step}\n`) }],
});
await trainer.fit({ resume: true });
