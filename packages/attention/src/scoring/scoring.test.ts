// Score functions: the book's numbers, PyTorch's values and gradients (golden/scoring.py), weights, what is refused.
import { readFileSync } from 'node:fs';
import { Rng, useBackend, valueAndGrads } from '@d2lts/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type GoldenWeights, expectClose, loadGolden } from '../../../../tests/support/golden.ts';
import { AdditiveAttention, BilinearAttention, DotProductAttention, type ScoredAttention } from './index.ts';

interface Case {
  kind: 'additive' | 'dot' | 'bilinear';
  keySize: number;
  querySize: number;
  numHiddens: number;
  lens: number[] | number[][];
  weights: GoldenWeights;
  inputs: Record<'queries' | 'keys' | 'values', { shape: number[]; values: number[] }>;
  probe: number[];
  output: number[];
  attention: number[];
  gradients: Record<string, number[]>;
}

const cases = JSON.parse(readFileSync(new URL('golden/scoring.json', import.meta.url), 'utf8')) as Case[];

function build({ kind, ...sizes }: Pick<Case, 'kind' | 'keySize' | 'querySize' | 'numHiddens'>, dropout = 0) {
  const options = { dropout, rng: new Rng(3) };
  if (kind === 'dot') return new DotProductAttention(options);
  return kind === 'additive' ? new AdditiveAttention(sizes, options) : new BilinearAttention(sizes, options);
}

beforeAll(async () => {
  await useBackend();
});

describe.each(cases)('$kind attention', (golden) => {
  it("has PyTorch's outputs, weights and gradients", () => {
    const model = loadGolden<ScoredAttention>(build(golden), golden.weights);
    const inputs = Object.values(golden.inputs).map(({ shape, values }) => tf.tensor(values, shape));
    const [queries, keys, values] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor];
    const lens = tf.tensor(golden.lens, undefined, 'int32');
    const probe = tf.tensor(golden.probe);
    const { output, weights } = tf.tidy(() => ({ ...model.forward(queries, keys, values, lens) }));
    expectClose(output.dataSync(), golden.output, 1e-5);
    expectClose(weights.dataSync(), golden.attention, 1e-5);

    const named: [string, tf.Tensor][] = [
      ...model.namedParameters(),
      ['queries', queries],
      ['keys', keys],
      ['values', values],
    ];
    const { value, grads } = valueAndGrads(
      () => tf.sum(tf.mul(tf.reshape(model.forward(queries, keys, values, lens).output, [-1]), probe)),
      named.map(([, tensor]) => tensor),
    );
    named.forEach(([name], i) => expectClose(grads[i]!.dataSync(), golden.gradients[name]!, 1e-5));
    tf.dispose([inputs, lens, probe, output, weights, value, grads]);
    model.dispose();
  });

  it('drops weights in training only, and hands out those before dropout', () => {
    tf.tidy(() => {
      const model = build(golden, 0.5);
      const [queries, keys, values] = Object.values(golden.inputs).map(({ shape, values: list }) =>
        tf.tensor(list, shape),
      ) as [tf.Tensor, tf.Tensor, tf.Tensor];
      const trained = model.forward(queries, keys, values);
      model.eval();
      const evaluated = model.forward(queries, keys, values);
      expect([...trained.weights.dataSync()]).toEqual([...evaluated.weights.dataSync()]);
      expect([...trained.output.dataSync()]).not.toEqual([...evaluated.output.dataSync()]);
      const mean = tf.matMul(evaluated.weights, values).dataSync();
      expect([...evaluated.output.dataSync()]).toEqual([...mean]);
    });
  });
});

it.each(['additive', 'dot', 'bilinear'] as const)("gives the book's example: %s", (kind) => {
  tf.tidy(() => {
    // Equal keys get equal weights, so each output is the mean of the values that may be seen.
    const model = build({ kind, keySize: 2, querySize: kind === 'dot' ? 2 : 20, numHiddens: 8 }, 0.1).eval();
    const queries = tf.tensor(new Rng(5).fillNormal(new Float32Array(2 * (kind === 'dot' ? 2 : 20))), [
      2,
      1,
      kind === 'dot' ? 2 : 20,
    ]);
    const values = tf.tile(tf.reshape(tf.range(0, 40), [1, 10, 4]), [2, 1, 1]);
    const lens = tf.tensor1d([2, 6], 'int32');
    const { output, weights } = model.forward(queries, tf.ones([2, 10, 2]), values, lens);
    expect(output.shape).toEqual([2, 1, 4]);
    expectClose(output.dataSync(), [2, 3, 4, 5, 10, 11, 12, 13], 1e-6);
    const rows = tf.squeeze(weights, [1]).arraySync() as number[][];
    expectClose(rows[0]!, [0.5, 0.5, 0, 0, 0, 0, 0, 0, 0, 0], 1e-6);
    expect(rows[1]!.map((w) => w > 0)).toEqual(Array.from(rows[1]!, (_, i) => i < 6));
    expect(rows[1]!.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 6);
  });
});

it('refuses sizes that do not fit', () => {
  tf.tidy(() => {
    const dot = new DotProductAttention({ rng: new Rng(1) });
    expect(() => dot.forward(tf.ones([2, 1, 3]), tf.ones([2, 4, 2]), tf.ones([2, 4, 5]))).toThrow(
      'DotProductAttention.forward: queries must be [2, queries, 2], got [2, 1, 3]',
    );
    expect(() => dot.forward(tf.ones([2, 1, 2]), tf.ones([2, 4, 2]), tf.ones([2, 3, 5]))).toThrow(
      'attention: values must be [2, 4, value size], got [2, 3, 5]; give one value a key',
    );
  });
});
