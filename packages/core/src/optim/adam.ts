// Adam and AdamW: steps scaled by running moments of the gradient.
import * as tf from '@tensorflow/tfjs-core';
import { fusedStep } from './fused.ts';
import { Optimizer, type Parameters, type Slot } from './optimizer.ts';

/** Options of `Adam` and `AdamW`; the defaults are PyTorch's. */
export interface AdamOptions {
  /** Learning rate; 1e-3 by default. */
  lr?: number;
  /** Decay of the first and the second moment; [0.9, 0.999] by default. */
  betas?: readonly [number, number];
  /** Added to the root of the second moment; 1e-8 by default. */
  eps?: number;
  /** Adam: added to the gradient (0 by default). AdamW: shrinks the parameter directly (0.01 by default). */
  weightDecay?: number;
}

abstract class AdamBase extends Optimizer {
  abstract override readonly kind: 'adam' | 'adamw';
  readonly betas: readonly [number, number];
  readonly eps: number;

  constructor(
    parameters: Parameters,
    { lr = 1e-3, betas = [0.9, 0.999], eps = 1e-8, weightDecay = 0 }: AdamOptions,
  ) {
    super(parameters, lr, weightDecay, { exp_avg: 0, exp_avg_sq: 0 });
    this.betas = betas;
    this.eps = eps;
  }

  protected update(pairs: { slot: Slot; gradient: tf.Tensor }[]): void {
    const { lr, betas, eps, stepCount: step, kind } = this;
    const [beta1, beta2] = betas;
    const make = (slot: Slot) =>
      ({
        kind,
        lr: lr * slot.lrScale,
        beta1,
        beta2,
        epsilon: eps,
        weightDecay: slot.weightDecay,
        step,
      }) as const;
    if (fusedStep(pairs, make)) return;
    const [correction1, correction2] = [1 - beta1 ** step, 1 - beta2 ** step];
    for (const { slot, gradient } of pairs) {
      tf.tidy(() => {
        const { param, state, weightDecay } = slot;
        const rate = lr * slot.lrScale;
        const decayed = kind === 'adamw' && weightDecay !== 0 ? tf.mul(param, 1 - rate * weightDecay) : param;
        const g =
          kind === 'adam' && weightDecay !== 0 ? tf.add(gradient, tf.mul(param, weightDecay)) : gradient;
        const [m, v] = [state['exp_avg'] as tf.Variable, state['exp_avg_sq'] as tf.Variable];
        m.assign(tf.add(tf.mul(m, beta1), tf.mul(g, 1 - beta1)));
        v.assign(tf.add(tf.mul(v, beta2), tf.mul(tf.square(g), 1 - beta2)));
        const scale = tf.add(tf.div(tf.sqrt(v), Math.sqrt(correction2)), eps);
        param.assign(tf.sub(decayed, tf.mul(tf.div(m, scale), rate / correction1)));
      });
    }
  }
}

/** Adam; weight decay is added to the gradient. Kingma and Ba, 2014; book: adam. */
export class Adam extends AdamBase {
  readonly kind = 'adam';

  constructor(parameters: Parameters, options: AdamOptions = {}) {
    super(parameters, options);
  }
}

/** Adam with decoupled weight decay. Loshchilov and Hutter, 2017. */
export class AdamW extends AdamBase {
  readonly kind = 'adamw';

  constructor(parameters: Parameters, options: AdamOptions = {}) {
    super(parameters, { weightDecay: 0.01, ...options });
  }
}
