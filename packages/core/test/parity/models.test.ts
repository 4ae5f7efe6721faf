// Small whole models against PyTorch: losses of five training steps and the state after them (golden/models.py).
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import {
  AdamW,
  AvgPool2d,
  BatchNorm2d,
  Conv2d,
  Embedding,
  Flatten,
  GRU,
  LayerNorm,
  Linear,
  MaxPool2d,
  Module,
  ModuleList,
  ReLU,
  Rng,
  SGD,
  Sequential,
  Sigmoid,
  clipByGlobalNorm,
  crossEntropy,
  scaledDotProductAttention,
  valueAndGrads,
  type Optimizer,
} from '../../src/index.ts';
import { describeOnBackends } from '../support/backends.ts';
import { expectGolden, readGolden, unpackAll, unpackState, type Packed } from './golden.ts';

interface Case {
  name: string;
  state: Record<string, Packed>;
  batch: Record<string, Packed>;
  options: { lr: number; weightDecay?: number; momentum?: number; eps?: number };
  losses: number[];
  after: Record<string, Packed>;
}

type Batch = Record<string, tf.Tensor>;
const rng = new Rng(1);

class LanguageModel extends Module {
  embedding = new Embedding(11, 6, { rng });
  rnn = new GRU(6, 8, { numLayers: 2, rng });
  output = new Linear(8, 11, { rng });

  loss({ ids, targets }: Batch): tf.Tensor {
    const { output } = this.rnn.forward(this.embedding.forward(ids as tf.Tensor));
    return crossEntropy(this.output.forward(output), targets as tf.Tensor);
  }
}

class Block extends Module {
  qkv = new Linear(8, 24, { rng });
  out = new Linear(8, 8, { rng });
  norm1 = new LayerNorm(8);
  norm2 = new LayerNorm(8);
  ffn1 = new Linear(8, 16, { rng, activation: 'gelu' });
  ffn2 = new Linear(16, 8, { rng });

  forward(x: tf.Tensor, validLens: tf.Tensor): tf.Tensor {
    const { output } = scaledDotProductAttention({ query: this.qkv.forward(x) }, { numHeads: 2, validLens });
    const y = this.norm1.forward(this.out.forward(output), x);
    return this.norm2.forward(this.ffn2.forward(this.ffn1.forward(y)), y);
  }
}

class Encoder extends Module {
  embedding = new Embedding(9, 8, { rng });
  blocks = new ModuleList([new Block(), new Block()]);
  decoder = new Linear(8, 9, { rng });

  constructor() {
    super();
    this.decoder.weight.dispose();
    this.decoder.weight = this.embedding.weight;
  }

  loss({ ids, targets, lengths }: Batch): tf.Tensor {
    let x = this.embedding.forward(ids as tf.Tensor);
    for (const block of this.blocks) x = block.forward(x, lengths as tf.Tensor);
    return crossEntropy(this.decoder.forward(x), targets as tf.Tensor, { labelSmoothing: 0.1 });
  }
}

class Convolutional extends Module {
  net = new Sequential(
    new Conv2d(1, 3, 3, { padding: 1, rng }),
    new BatchNorm2d(3),
    new Sigmoid(),
    new AvgPool2d(2),
    new Conv2d(3, 4, 3, { rng }),
    new ReLU(),
    new MaxPool2d(2),
    new Flatten(),
    new Linear(4, 5, { rng }),
  );

  loss({ images, labels }: Batch): tf.Tensor {
    return crossEntropy(this.net.forward(images as tf.Tensor), labels as tf.Tensor);
  }
}

type Model = Module & { loss(batch: Batch): tf.Tensor };
const models: Record<
  string,
  {
    model: () => Model;
    optimizer: (params: tf.Variable[], options: Case['options']) => Optimizer;
    clip?: number;
  }
> = {
  LanguageModel: {
    model: () => new LanguageModel(),
    optimizer: (params, options) => new SGD(params, options),
    clip: 1,
  },
  Encoder: { model: () => new Encoder(), optimizer: (params, options) => new AdamW(params, options) },
  Convolutional: {
    model: () => new Convolutional(),
    optimizer: (params, options) => new SGD(params, options),
  },
};

describeOnBackends('models train as in PyTorch', () => {
  it.each(readGolden<Case[]>('models.json').map((golden): [string, Case] => [golden.name, golden]))(
    '%s',
    (name, golden) => {
      const before = tf.memory().numTensors;
      const { model: make, optimizer: makeOptimizer, clip } = models[name] as (typeof models)[string];
      const model = make();
      model.loadStateDict(unpackState(golden.state));
      const params = model.parameters();
      const optimizer = makeOptimizer(params, golden.options);
      const batch = unpackAll(golden.batch);
      for (const expected of golden.losses) {
        const { value, grads } = valueAndGrads(() => model.loss(batch) as tf.Scalar, params);
        const clipped = clip === undefined ? grads : clipByGlobalNorm(grads, clip).grads;
        optimizer.step(clipped);
        expect(Math.abs((value.dataSync()[0] as number) / expected - 1)).toBeLessThan(1e-4);
        tf.dispose([value, ...clipped]);
      }
      const state = model.stateDict();
      expect(Object.keys(state).toSorted()).toEqual(Object.keys(golden.after).toSorted());
      for (const [key, packed] of Object.entries(golden.after))
        expectGolden(key, state[key] as tf.Tensor, packed, 1e-4);
      tf.dispose(Object.values(batch));
      optimizer.dispose();
      model.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
  );
});
