// Every layer against PyTorch: forward values, gradients of inputs and parameters, buffers (golden/layers.py).
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import * as core from '../../src/index.ts';
import { describeOnBackends } from '../support/backends.ts';
import { expectGolden, objective, readGolden, unpackAll, unpackState, type Packed } from './golden.ts';

interface Case {
  name: string;
  layer: string;
  args: unknown[];
  train: boolean;
  state: Record<string, Packed>;
  inputs: Record<string, Packed>;
  ints: Record<string, Packed>;
  outputs: Packed[];
  inputGrads: Record<string, Packed>;
  grads: Record<string, Packed>;
  after: Record<string, Packed>;
}

const cases = readGolden<Case[]>('layers.json');
type Tensors = Record<string, tf.Tensor>;
type Constructor = new (...args: unknown[]) => core.Module;

/** The layer of a case: constructor arguments with an rng in the options. */
function build({ layer, args }: Case): core.Module {
  const rng = new core.Rng(1);
  const last = args.at(-1);
  const isOptions = typeof last === 'object' && last !== null && !Array.isArray(last);
  const [sizes, options] = isOptions ? [args.slice(0, -1), last] : [args, {}];
  const Layer = (core as unknown as Record<string, Constructor>)[layer] as Constructor;
  return new Layer(...sizes, { ...options, rng });
}

/** Outputs of a case in PyTorch's order. */
function run(golden: Case, module: core.Module | undefined, inputs: Tensors, ints: Tensors): tf.Tensor[] {
  if (golden.layer === 'attention') {
    const options = { ...(golden.args[0] as core.AttentionOptions), validLens: ints['validLens'] };
    return [core.scaledDotProductAttention(inputs as unknown as core.AttentionInputs, options).output];
  }
  const { x, h, c, h0, c0 } = inputs;
  if (module instanceof core.LSTM || module instanceof core.GRU || module instanceof core.RNN) {
    const result = module.forward(
      x as tf.Tensor,
      { h0, c0, lengths: ints['lengths'] } as core.RecurrentState,
    );
    return [result.output, result.hN, ...('cN' in result ? [result.cN as tf.Tensor] : [])];
  }
  if (module instanceof core.LSTMCell) {
    const state = module.forward(x as tf.Tensor, { h: h as tf.Tensor, c: c as tf.Tensor });
    return [state.h, state.c];
  }
  if (module instanceof core.GRUCell || module instanceof core.RNNCell)
    return [module.forward(x as tf.Tensor, h)];
  return [(module as core.Layer).forward(x ?? (ints['ids'] as tf.Tensor))];
}

describeOnBackends('layers agree with PyTorch', () => {
  it.each(cases.map((golden): [string, Case] => [golden.name, golden]))('%s', (_, golden) => {
    const before = tf.memory().numTensors;
    const module = golden.layer === 'attention' ? undefined : build(golden);
    module?.loadStateDict(unpackState(golden.state));
    module?.train(golden.train);
    const ints = unpackAll(golden.ints);
    const inputs = Object.fromEntries(
      Object.entries(tf.tidy(() => unpackAll(golden.inputs))).map(([name, tensor]) => {
        const variable = tf.variable(tensor);
        tensor.dispose();
        return [name, variable];
      }),
    );
    const parameters = module?.namedParameters() ?? [];
    let outputs: tf.Tensor[] = [];
    const variables = [...Object.values(inputs), ...parameters.map(([, variable]) => variable)];
    const { value, grads } = core.valueAndGrads(() => {
      outputs = run(golden, module, inputs, ints).map((output) => tf.keep(output));
      return objective(outputs);
    }, variables);
    outputs.forEach((output, i) => expectGolden(`output ${i}`, output, golden.outputs[i] as Packed));
    expect(outputs.length).toBe(golden.outputs.length);
    const names = [...Object.keys(inputs), ...parameters.map(([name]) => name)];
    const expected = { ...golden.inputGrads, ...golden.grads };
    expect(names.toSorted()).toEqual(Object.keys(expected).toSorted());
    names.forEach((name, i) =>
      expectGolden(`gradient of ${name}`, grads[i] as tf.Tensor, expected[name] as Packed),
    );
    const buffers = Object.fromEntries(module?.namedBuffers() ?? []);
    expect(Object.keys(buffers)).toEqual(Object.keys(golden.after));
    for (const [name, packed] of Object.entries(golden.after))
      expectGolden(name, buffers[name] as tf.Tensor, packed);
    tf.dispose([value, ...grads, ...outputs, ...Object.values(inputs), ...Object.values(ints)]);
    module?.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
