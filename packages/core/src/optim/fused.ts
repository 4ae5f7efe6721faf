// One optimizer step over all parameters in one call, on backends that can update in place.
import type { OptimizerUpdate } from '@d2lts/backend';
import * as tf from '@tensorflow/tfjs-core';
import type { Slot } from './optimizer.ts';

/** Runs the step in place on backends that can; false when the caller has to compose it. */
export function fusedStep(
  pairs: { slot: Slot; gradient: tf.Tensor }[],
  make: (slot: Slot) => OptimizerUpdate,
): boolean {
  void pairs;
  void make;
  return false;
}
