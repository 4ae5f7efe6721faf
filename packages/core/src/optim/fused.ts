// One optimizer step over all parameters in one call, on backends that can update in place.
import type { OptimizerUpdate } from '@d2lts/backend';
import type * as tf from '@tensorflow/tfjs-core';
import { fusedBackend } from '../backend/fusedBackend.ts';
import type { Slot } from './optimizer.ts';

/** Runs the step in place on backends that can; false when the caller has to compose it. */
export function fusedStep(
  pairs: { slot: Slot; gradient: tf.Tensor }[],
  make: (slot: Slot) => OptimizerUpdate,
): boolean {
  const backend = fusedBackend();
  if (!backend) return false;
  backend.optimizerStep(
    pairs.map(({ slot, gradient }) => ({
      update: make(slot),
      param: slot.param,
      gradient,
      state: Object.values(slot.state),
    })),
  );
  return true;
}
