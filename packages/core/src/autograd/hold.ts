// Keeps what custom gradients read alive until the backward pass has used it.
import * as tf from '@tensorflow/tfjs-core';
import type { TapeEngine } from './engine.ts';

/**
 * Runs f in a tidy. A node that is recorded without one of our rules may read its inputs in a closure (`tf.customGrad`
 * does not ask it to save them): inputs that f made outlive the tidy and belong to the first such node, as `held`.
 */
export function tidyHolding(engine: TapeEngine, f: () => tf.Scalar): tf.Scalar {
  const { state, addTapeNode } = engine;
  const first = state.nextScopeId;
  engine.addTapeNode = (name, inputs, ...rest) => {
    addTapeNode.call(engine, name, inputs, ...rest);
    const node = state.activeTape?.at(-1);
    for (const input of Object.values(inputs)) {
      if (node === undefined || input.kept || input.scopeId < first || input instanceof tf.Variable) continue;
      tf.keep(input);
      (node.held ??= []).push(input);
    }
  };
  try {
    const value = engine.tidy(f);
    for (const { held } of state.activeTape ?? []) {
      const at = held?.indexOf(value) ?? -1;
      if (at < 0) continue;
      held?.splice(at, 1); // the caller's
      value.kept = false;
      engine.track(value);
    }
    return value;
  } finally {
    engine.addTapeNode = addTapeNode;
  }
}
