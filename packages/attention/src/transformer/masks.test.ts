// Attention with values apart from keys, and with masks, against PyTorch (golden/masks.py).
import { readFileSync } from 'node:fs';
import { Rng, useBackend } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type GoldenLayer, expectLayer } from '../../../../tests/support/golden.ts';
import { EncoderBlock, MultiHeadAttention } from '../index.ts';

interface Case extends GoldenLayer {
  name: string;
  kind: 'attention' | 'encoder';
  normFirst?: boolean;
  /** Of each row, or of each query. */
  lens: number[] | number[][] | null;
  mask: { shape: number[]; values: number[] } | null;
}

const cases = JSON.parse(readFileSync(new URL('golden/masks.json', import.meta.url), 'utf8')) as Case[];
const [dim, heads, ffnDim] = [8, 2, 12];

beforeAll(async () => {
  await useBackend();
});

describe.each(cases)('$name', ({ kind, normFirst = false, lens, mask, ...golden }) => {
  it("has PyTorch's output, weights and gradients", () => {
    tf.tidy(() => {
      const rng = new Rng(1);
      const seen = {
        validLens: lens === null ? undefined : tf.tensor(lens, undefined, 'int32'),
        mask: mask === null ? undefined : tf.tensor(mask.values, mask.shape),
      };
      if (kind === 'encoder') {
        const model = new EncoderBlock(dim, heads, { ffnDim, normFirst, rng });
        expectLayer(model, golden, ([x]) => [model.forward(x!, seen)]);
        return model.dispose();
      }
      const bias = 'in_proj_bias' in golden.weights;
      const model = new MultiHeadAttention(dim, heads, { bias, rng });
      expectLayer(model, golden, ([queries, keys, values]) => {
        const memory = { keys: keys!, values: values! };
        const { output, weights } = model.forward(queries!, memory, { ...seen, returnWeights: true });
        return [output, weights];
      });
      model.dispose();
    });
  });
});

it('keys and values must be of the same steps', () => {
  tf.tidy(() => {
    const model = new MultiHeadAttention(dim, heads, { rng: new Rng(1) });
    const [queries, keys, values] = [3, 5, 4].map((steps) => tf.zeros([2, steps, dim]));
    expect(() => model.forward(queries!, { keys: keys!, values: values! })).toThrow(
      'value must be [2, 5, heads · dim]',
    );
    model.dispose();
  });
});
