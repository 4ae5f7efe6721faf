// Every fused kernel against PyTorch's float64 values and gradients (golden/fused.json, written by golden/fused.py), and its
// gradient against finite differences of its own forward pass.
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { difference, loadedKinds, needing, run, select, values } from './kernels.ts';

interface Packed {
  shape: number[];
  dtype?: 'int32';
  data: number[];
}
interface Case {
  name: string;
  kernel: string;
  inputs: Record<string, Packed>;
  attrs: Record<string, unknown>;
  outputs: Packed[];
  grad?: { kernel: string; dy: Packed; drop: string[]; outputs: Packed[] };
}

const cases = JSON.parse(readFileSync(new URL('golden/fused.json', import.meta.url), 'utf8')) as Case[];
const kinds = await loadedKinds();
const unpack = ({ shape, dtype, data }: Packed) => tf.tensor(data, shape, dtype ?? 'float32');

function forward({ kernel, inputs, attrs }: Case): {
  inputs: Record<string, tf.Tensor>;
  outputs: tf.Tensor[];
} {
  const tensors = Object.fromEntries(Object.entries(inputs).map(([name, packed]) => [name, unpack(packed)]));
  return { inputs: tensors, outputs: run(kernel, tensors, attrs) };
}

/** The inputs whose gradients the golden file has, in its order. */
function differentiated({ inputs, attrs }: Case): string[] {
  const fixed = new Set(['mask', 'weights', 'residual', 'mean', 'variance']);
  const names = Object.keys(inputs).filter((name) => !inputs[name]?.dtype && !fixed.has(name));
  const needs = attrs['needs'] as Record<string, boolean> | undefined;
  return needs === undefined ? names : names.filter((name) => needs[name]);
}

function backward(one: Case): tf.Tensor[] {
  const { inputs, outputs } = forward(one);
  const { kernel, dy, drop } = one.grad as NonNullable<Case['grad']>;
  const given: Record<string, tf.Tensor> = { ...inputs, dy: unpack(dy), y: outputs[0] as tf.Tensor };
  if (one.kernel === 'D2LBatchNorm')
    Object.assign(given, { batchMean: outputs[1], batchVariance: outputs[2] });
  for (const name of drop) delete given[name];
  return run(kernel, given, { ...one.attrs, ...needing(...differentiated(one)) });
}

function expectClose(actual: tf.Tensor[], expected: Packed[], tolerance: number): void {
  expect(actual.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
  for (const [i, tensor] of actual.entries())
    expect(difference(tensor.dataSync(), (expected[i] as Packed).data), `output ${i}`).toBeLessThan(
      tolerance,
    );
}

/** d/dt of Σ dy·f(inputs + t·direction) from the gradients, and by a central difference. */
function slopes(one: Case): [number, number] {
  const dy = (one.grad as NonNullable<Case['grad']>).dy.data;
  const gradients = backward(one).map((gradient) => gradient.dataSync());
  const floats = Object.entries(one.inputs).filter(([name]) => differentiated(one).includes(name));
  const directions = floats.map(([, { data }], i) => values(data.length, i + 3));
  let analytic = 0;
  for (const [i, direction] of directions.entries())
    for (let k = 0; k < direction.length; ++k)
      analytic += (direction[k] as number) * (gradients[i]?.[k] as number);
  const at = (t: number) => {
    const inputs = { ...one.inputs };
    for (const [i, [name, packed]] of floats.entries())
      inputs[name] = {
        ...packed,
        data: packed.data.map((value, k) => value + t * (directions[i]?.[k] as number)),
      };
    const y = (forward({ ...one, inputs }).outputs[0] as tf.Tensor).dataSync();
    return dy.reduce((sum, slope, k) => sum + slope * (y[k] as number), 0);
  };
  const step = 2 ** -8;
  return [analytic, (at(step) - at(-step)) / (2 * step)];
}

describe.each(
  kinds.flatMap((kind) => (kind === 'native' ? [1, 2] : [1]).map((threads) => ({ kind, threads }))),
)('$kind, $threads threads', ({ kind, threads }) => {
  beforeAll(async () => {
    await select(kind, threads);
  });
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
    tf.tidy(() => {
      expectClose(forward(one).outputs, one.outputs, 1e-5);
      if (one.grad) expectClose(backward(one), one.grad.outputs, 2e-5);
    });
  });
});

// A maximum has a kink where values tie; the embedding's and the sums' differences are exact anyway.
const smooth = cases.filter(
  ({ grad, attrs }) => grad && attrs['kind'] !== 'max' && attrs['paddingIdx'] !== 2,
);
describe.each(kinds)('finite differences on %s', (kind) => {
  beforeAll(async () => {
    await select(kind, 1);
  });
  it.each(smooth.map((one) => [one.name, one] as const))('%s', (_, one) => {
    tf.tidy(() => {
      const [analytic, numeric] = slopes(one);
      expect(Math.abs(analytic - numeric)).toBeLessThan(0.02 * Math.max(1, Math.abs(analytic)));
    });
  });
});
