// The book's own classes in PyTorch (golden/book.py), layer by layer and as a whole model, from its own state dict.
import { readFileSync } from 'node:fs';
import { type Module, type StateValue, Rng, useBackend } from '@d2lts/core';
import { maskedSoftmaxCELoss } from '@d2lts/rnn';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type GoldenLayer,
  type GoldenWeights,
  expectAdamSteps,
  expectClose,
  expectGradients,
  expectLayer,
  loadGolden,
} from '../../../../tests/support/golden.ts';
import {
  AddNorm,
  DecoderBlock,
  EncoderBlock,
  EncoderOnlyTransformer,
  MultiHeadAttention,
  NWKernelRegression,
  PositionWiseFFN,
  PositionalEncoding,
  Transformer,
  fromBookState,
  toBookState,
} from '../index.ts';

interface Layer extends GoldenLayer {
  kind: string;
  lens: number[];
  ids: number[][] | null;
}

interface Whole {
  vocabSize: number;
  targetVocabSize: number;
  weights: GoldenWeights;
  source: number[][];
  lens: number[];
  inputs: number[][];
  labels: number[][];
  targetLens: number[];
  logits: number[];
  attention: Record<'encoder' | 'self' | 'cross', number[]>;
  gradients: Record<string, number[]>;
  losses: number[];
}

const golden = JSON.parse(readFileSync(new URL('golden/book.json', import.meta.url), 'utf8')) as {
  layers: Layer[];
  model: Whole;
};
const rng = new Rng(1);
const [dim, heads, numLayers] = [4, 2, 2];
const block = { ffnDim: 6, attentionBias: false, rng };
const choices = {
  dim,
  numHeads: heads,
  ffnDim: 6,
  dropout: 0,
  normFirst: false,
  activation: 'relu',
  attentionBias: false,
} as const;

type Run = (inputs: tf.Tensor[]) => [tf.Tensor, tf.Tensor?];

/** Our module, and how it runs on the inputs of the file. */
function build({ kind, ids }: Layer, validLens: tf.Tensor): [Module, Run] {
  switch (kind) {
    case 'NWKernelRegression': {
      const model = new NWKernelRegression({ rng });
      const run: Run = ([queries, keys, values]) => {
        const { output, weights } = model.forward(queries!, keys!, values!);
        return [output, weights];
      };
      return [model, run];
    }
    case 'PositionalEncoding': {
      const model = new PositionalEncoding(dim, { rng });
      return [model, ([x]) => [model.forward(x!)]];
    }
    case 'PositionWiseFFN': {
      const model = new PositionWiseFFN({ size: dim, ffnDim: 6, outputs: 6 }, { rng });
      return [model, ([x]) => [model.forward(x!)]];
    }
    case 'AddNorm': {
      const model = new AddNorm(dim, { rng });
      return [model, ([x, y]) => [model.forward(x!, y!)]];
    }
    case 'MultiHeadAttention': {
      const model = new MultiHeadAttention(dim, heads, { bias: false, rng });
      const run: Run = ([queries, keys, values]) => {
        const memory = { keys: keys!, values: values! };
        const { output, weights } = model.forward(queries!, memory, { validLens, returnWeights: true });
        return [output, weights];
      };
      return [model, run];
    }
    case 'EncoderBlock':
    case 'EncoderBlock with biases': {
      const model = new EncoderBlock(dim, heads, { ...block, attentionBias: kind !== 'EncoderBlock' });
      return [model, ([x]) => watched((onWeights) => model.forward(x!, { validLens, onWeights }))];
    }
    case 'DecoderBlock': {
      const model = new DecoderBlock(dim, heads, block);
      return [
        model,
        ([x, memory]) => watched((onWeights) => model.forward(x!, memory!, { validLens, onWeights })),
      ];
    }
    case 'TransformerEncoder': {
      const config = { ...choices, numLayers, vocabSize: 11, positions: 'sinusoidal' } as const;
      const model = new EncoderOnlyTransformer(config, { rng });
      const tokens = tf.tensor2d(ids!, undefined, 'int32');
      return [model, () => watched((onWeights) => model.forward(tokens, { validLens, onWeights }))];
    }
    default:
      throw new Error(`no module for ${kind}`);
  }
}

/** The output, and the attention weights of all layers. */
function watched(run: (onWeights: (weights: tf.Tensor) => void) => tf.Tensor): [tf.Tensor, tf.Tensor] {
  const maps: tf.Tensor[] = [];
  const output = run((weights) => maps.push(weights));
  return [output, tf.stack(maps)];
}

/** Values of the book's parameters under our names; other names are left out. */
function renamed(weights: GoldenWeights, values: (name: string) => number[]): GoldenWeights {
  const state = Object.entries(weights).map(([name, { shape }]): [string, StateValue] => [
    name,
    { shape, data: Float32Array.from(values(name)) },
  ]);
  return Object.fromEntries(
    Object.entries(fromBookState(Object.fromEntries(state))).map(([name, value]) => {
      const { shape, data } = value as { shape: number[]; data: Float32Array };
      return [name, { shape, values: [...data] }];
    }),
  );
}

function renamedGradients(weights: GoldenWeights, gradients: Record<string, number[]>) {
  const ours = Object.entries(renamed(weights, (name) => gradients[name]!));
  return Object.fromEntries(ours.map(([name, { values }]) => [name, values]));
}

beforeAll(async () => {
  await useBackend();
});

describe.each(golden.layers)("the book's $kind", (layer) => {
  it('has the same state, output, attention weights and gradients', () => {
    tf.tidy(() => {
      const [model, run] = build(layer, tf.tensor1d(layer.lens, 'int32'));
      const weights = renamed(layer.weights, (name) => layer.weights[name]!.values);
      const gradients = { ...layer.gradients, ...renamedGradients(layer.weights, layer.gradients) };
      expectLayer(model, { ...layer, weights, gradients }, run);
      model.dispose();
    });
  });
});

describe("the book's encoder-decoder", () => {
  it('has the same state, logits, attention, gradients and Adam steps', () => {
    const { model: book } = golden;
    tf.tidy(() => {
      const { vocabSize, targetVocabSize } = book;
      const sizes = {
        vocabSize,
        targetVocabSize,
        encoderLayers: numLayers,
        decoderLayers: numLayers,
        padId: 1,
      };
      const config = { ...choices, ...sizes, tiedEmbeddings: false, outputBias: true };
      const model = new Transformer(config, { rng });
      loadGolden(
        model,
        renamed(book.weights, (name) => book.weights[name]!.values),
      );
      const [source, input, labels] = [book.source, book.inputs, book.labels].map((ids) =>
        tf.tensor2d(ids, undefined, 'int32'),
      ) as [tf.Tensor, tf.Tensor, tf.Tensor];
      const sourceLens = tf.tensor1d(book.lens, 'int32');

      const maps = { encoder: [] as tf.Tensor[], self: [] as tf.Tensor[], cross: [] as tf.Tensor[] };
      const memory = model.encode(source, { validLens: sourceLens, onWeights: (w) => maps.encoder.push(w) });
      model.decode(input, memory, {
        validLens: sourceLens,
        onWeights: (w) => maps.cross.push(w),
        onSelfWeights: (w) => maps.self.push(w),
      });
      for (const kind of ['encoder', 'self', 'cross'] as const)
        expectClose(tf.stack(maps[kind]).dataSync(), book.attention[kind], 1e-5);

      expectClose(model.forward({ source, sourceLens, input }).dataSync(), book.logits, 1e-5);
      const loss = () =>
        tf.sum(
          maskedSoftmaxCELoss(
            model.forward({ source, sourceLens, input }),
            labels,
            tf.tensor1d(book.targetLens, 'int32'),
          ),
        ) as tf.Scalar;
      expectGradients(model, loss, renamedGradients(book.weights, book.gradients));
      expectAdamSteps(model, loss, book.losses);
      model.dispose();
    });
  });
});

describe('fromBookState and toBookState', () => {
  it('undo each other on every state of the file', () => {
    for (const weights of [...golden.layers.map((layer) => layer.weights), golden.model.weights]) {
      const state = Object.fromEntries(
        Object.entries(weights).map(([name, { shape, values }]): [string, StateValue] => [
          name.replace(/\bblks\.(\d+)\./, 'blks.block$1.'),
          { shape, data: Float32Array.from(values) },
        ]),
      );
      expect(toBookState(fromBookState(state))).toEqual(state);
    }
  });

  it("keep names that are not the book's, and want W_q, W_k and W_v together", () => {
    const value: StateValue = { shape: [1, 1], data: Float32Array.of(1) };
    const before = tf.memory().numTensors;
    expect(fromBookState({ 'encoder.norm.weight': value })).toEqual({ 'encoder.norm.weight': value });
    expect(() => fromBookState({ 'attention.W_q.weight': value, 'attention.W_k.weight': value })).toThrow(
      'fromBookState: self_attn.in_proj_weight needs attention.W_q.weight, attention.W_k.weight, ' +
        'attention.W_v.weight, got ["attention.W_q.weight", "attention.W_k.weight"]',
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});
