// Single layers against PyTorch and Llama's rotary positions (golden/layers.py): values, weights, all gradients.
import { readFileSync } from 'node:fs';
import { type Module, Rng, useBackend } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type GoldenLayer, expectClose, expectLayer } from '../../../../tests/support/golden.ts';
import {
  type AttendOptions,
  DecoderBlock,
  EncoderBlock,
  MultiHeadAttention,
  PositionWiseFFN,
  RotaryPositionalEncoding,
} from '../index.ts';

interface Case extends GoldenLayer {
  kind: 'self-attention' | 'cross-attention' | 'encoder' | 'decoder' | 'swiglu' | 'rotary';
  bias?: boolean;
  causal?: boolean;
  mask?: number[] | null;
  normFirst?: boolean;
  activation?: 'relu' | 'gelu';
  offset?: number;
  lens: number[];
}

const cases = JSON.parse(readFileSync(new URL('golden/layers.json', import.meta.url), 'utf8')) as Case[];
const [dim, heads, ffnDim] = [8, 2, 12];

interface Run {
  model: Module;
  /** [output, weights?] of the inputs in the file's order. */
  run: (inputs: tf.Tensor[]) => [tf.Tensor, tf.Tensor?];
}

function build(golden: Case, validLens: tf.Tensor): Run {
  const rng = new Rng(1);
  const { bias = true, causal = false, mask, offset = 0, normFirst = false, activation = 'relu' } = golden;
  const block = { ffnDim, normFirst, activation, rng };
  switch (golden.kind) {
    case 'self-attention':
    case 'cross-attention': {
      const model = new MultiHeadAttention(dim, heads, { bias, rng });
      const options: AttendOptions = { causal, returnWeights: true };
      if (mask) options.mask = tf.reshape(tf.tensor1d(mask), [1, 1, 5, 5]);
      else options.validLens = validLens;
      const run = ([x, memory]: tf.Tensor[]): [tf.Tensor, tf.Tensor?] => {
        const { output, weights } = model.forward(x!, memory, options);
        return [output, weights];
      };
      return { model, run };
    }
    case 'encoder': {
      const model = new EncoderBlock(dim, heads, block);
      return { model, run: ([x]) => [model.forward(x!, { validLens })] };
    }
    case 'decoder': {
      const model = new DecoderBlock(dim, heads, block);
      return { model, run: ([x, memory]) => [model.forward(x!, memory!, { validLens })] };
    }
    case 'swiglu': {
      const model = new PositionWiseFFN({ size: dim, ffnDim }, { activation: 'swiglu', rng });
      return { model, run: ([x]) => [model.forward(x!)] };
    }
    case 'rotary': {
      const model = new RotaryPositionalEncoding(dim, { numHeads: heads, maxLen: 12 });
      return { model, run: ([x]) => [model.forward(x!, offset)] };
    }
  }
}

beforeAll(async () => {
  await useBackend();
});

const nameOf = ({ kind, normFirst, causal, mask, offset }: Case) =>
  [kind, normFirst && 'pre-norm', causal && 'causal', mask && 'masked', offset].filter(Boolean).join(', ');

describe.each(cases.map((golden) => ({ golden, name: nameOf(golden) })))('$name', ({ golden }) => {
  it("has PyTorch's output, weights and gradients", () => {
    tf.tidy(() => {
      const { model, run } = build(golden, tf.tensor1d(golden.lens, 'int32'));
      expectLayer(model, golden, run);
      model.dispose();
    });
  });
});

describe('rotary positions', () => {
  it('make scores depend on distances only', () => {
    tf.tidy(() => {
      const rotary = new RotaryPositionalEncoding(dim, { numHeads: 1, maxLen: 40 });
      const [q, k] = [0, 1].map((seed) =>
        tf.tensor3d(new Rng(seed).fillNormal(new Float32Array(dim)), [1, 1, dim]),
      ) as [tf.Tensor, tf.Tensor];
      const score = (i: number, j: number) =>
        tf.sum(tf.mul(rotary.forward(q, i), rotary.forward(k, j))).dataSync()[0]!;
      expect(score(3, 1)).toBeCloseTo(score(32, 30), 4);
      expect(score(3, 1)).not.toBeCloseTo(score(3, 2), 2);
      const each = rotary.forward(tf.tile(q, [1, 2, 1]), tf.tensor2d([[7, 2]], undefined, 'int32'));
      const [first, second] = tf.unstack(each, 1);
      expectClose(first!.dataSync(), [...rotary.forward(q, 7).dataSync()], 1e-6);
      expectClose(second!.dataSync(), [...rotary.forward(q, 2).dataSync()], 1e-6);
      rotary.dispose();
    });
  });

  it('refuse odd heads and positions past the end', () => {
    expect(() => new RotaryPositionalEncoding(6, { numHeads: 2 })).toThrow('an even multiple of numHeads');
    tf.tidy(() => {
      const rotary = new RotaryPositionalEncoding(4, { numHeads: 1, maxLen: 3 });
      expect(() => rotary.forward(tf.zeros([1, 2, 4]), 2)).toThrow(
        'RotaryPositionalEncoding.forward: positions must end at 3, got 4',
      );
    });
  });
});
