// Teaches TensorFlow.js' engine our gradient rules, so that every kernel with a rule is recorded leanly.
//
// tfjs-core registers no gradients by itself in plain Node; the rules that its union package adds save tensors of
// which only the shape is needed, and each saved tensor costs an Identity kernel and a tape node of its own. So
// `runKernel` is replaced on the one engine instance, for good; with a tape it records, and without one it calls kernels
// directly. `tf.grads` and friends then use the rules as well.
import type { Tensor } from '@tensorflow/tfjs-core';
import { reference, tapeEngine, type TapeEngine, type TapeNode } from './engine.ts';
import { directRun, type RunKernel } from './execute.ts';
import { findRule, placeOf, runRule, savedNames, type Attributes, type Rule } from './rules.ts';

const installed = Symbol.for('d2lts.autograd');

/** Installs the rules on the engine; calling it again does nothing. */
export function installRules(): void {
  const engine = tapeEngine() as TapeEngine & { [installed]?: true };
  if (engine[installed]) return;
  engine[installed] = true;
  const original = engine.runKernel.bind(engine);
  const run = directRun(engine, original);
  engine.runKernel = (name, inputs, attrs) => {
    if (!engine.isTapeOn()) return run(name, inputs, attrs);
    const rule = findRule(name);
    return rule === undefined
      ? original(name, inputs, attrs)
      : record(engine, run, rule, name, inputs, attrs);
  };
}

/** Runs a kernel and puts it on the tape. */
function record(
  engine: TapeEngine,
  run: RunKernel,
  rule: Rule,
  kernelName: string,
  inputs: Record<string, Tensor>,
  attrs: Attributes,
): Tensor | Tensor[] {
  const { state } = engine;
  state.kernelDepth++; // the engine itself records and saves nothing
  try {
    const result = run(kernelName, inputs, attrs);
    const outputs = Array.isArray(result) ? result : [result];
    const names = savedNames(rule, inputs, attrs);
    const saved = save(
      engine,
      names.map((name) => inputs[name] ?? (outputs[placeOf(rule, name)] as Tensor)),
    );
    const node: TapeNode = {
      id: state.nextTapeNodeId++,
      kernelName,
      inputs: present(inputs),
      outputs,
      saved,
      names,
      rule,
      attrs,
    };
    node.gradient = (dys) => runRule(node, rule, dys, () => true); // for TensorFlow.js' own walker
    state.activeTape?.push(node);
    return result;
  } finally {
    state.kernelDepth--;
  }
}

/** A clone that is itself on the tape matters only to higher-order gradients, so only nested tapes pay for it. */
function save(engine: TapeEngine, tensors: Tensor[]): Tensor[] {
  if (engine.state.gradientDepth > 1) return engine.saveTensorsForBackwardMode(tensors);
  return tensors.map((tensor) => reference(engine, tensor));
}

/** Optional inputs that are absent must not be on the tape. */
function present(inputs: Record<string, Tensor>): Record<string, Tensor> {
  for (const name in inputs) {
    if (inputs[name] == null)
      return Object.fromEntries(Object.entries(inputs).filter(([, tensor]) => tensor != null));
  }
  return inputs;
}
