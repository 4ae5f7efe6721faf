// SGD: stochastic gradient descent with momentum, Nesterov momentum and weight decay.
import * as tf from '@tensorflow/tfjs-core';
import { ValueError } from '../errors/index.ts';
import { fusedStep } from './fused.ts';
import { Optimizer, type Parameters, type Slot } from './optimizer.ts';

/** Options of `SGD`; the defaults are PyTorch's. */
export interface SgdOptions {
  /** Learning rate. */
  lr: number;
  /** Share of the velocity that stays; 0 by default. */
  momentum?: number;
  /** Share of the gradient that does not enter the velocity; 0 by default. */
  dampening?: number;
  /** Look ahead along the velocity; needs momentum; false by default. */
  nesterov?: boolean;
  /** Adds weightDecay · parameter to the gradient; 0 by default. */
  weightDecay?: number;
}

/** `v ← μ v + g; p ← p − lr · v` (without momentum `p ← p − lr · g`). Book: minibatch-sgd, momentum. */
export class SGD extends Optimizer {
  readonly kind = 'sgd';
  readonly momentum: number;
  readonly dampening: number;
  readonly nesterov: boolean;

  constructor(parameters: Parameters, options: SgdOptions) {
    const { lr, momentum = 0, dampening = 0, nesterov = false, weightDecay = 0 } = options;
    super(parameters, lr, weightDecay, momentum === 0 ? {} : { momentum_buffer: 0 });
    if (nesterov && (momentum <= 0 || dampening !== 0)) {
      throw new ValueError({
        operation: 'SGD',
        fact: 'nesterov needs momentum > 0 and dampening 0',
        value: { momentum, dampening },
        advice: 'set momentum to 0.9, for instance',
        argument: 'nesterov',
      });
    }
    this.momentum = momentum;
    this.dampening = dampening;
    this.nesterov = nesterov;
  }

  protected update(pairs: { slot: Slot; gradient: tf.Tensor }[]): void {
    const { lr, momentum, dampening, nesterov, stepCount: step } = this;
    const make = (slot: Slot) =>
      ({
        kind: this.kind,
        lr: lr * slot.lrScale,
        weightDecay: slot.weightDecay,
        momentum,
        dampening,
        nesterov,
        step,
      }) as const;
    if (fusedStep(pairs, make)) return;
    for (const { slot, gradient } of pairs) {
      tf.tidy(() => {
        const { param, state, lrScale, weightDecay } = slot;
        let g = weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(param, weightDecay));
        const velocity = state['momentum_buffer'];
        if (velocity !== undefined) {
          const next =
            step === 1 ? tf.clone(g) : tf.add(tf.mul(velocity, momentum), tf.mul(g, 1 - dampening));
          velocity.assign(next);
          g = nesterov ? tf.add(g, tf.mul(next, momentum)) : next;
        }
        param.assign(tf.sub(param, tf.mul(g, lr * lrScale)));
      });
    }
  }
}
