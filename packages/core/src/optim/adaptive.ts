// Adagrad, RMSprop, Adadelta and Yogi, composed of TensorFlow.js operations. Book: chapter optimization.
import * as tf from '@tensorflow/tfjs-core';
import { Optimizer, type Parameters, type Slot } from './optimizer.ts';

type Pairs = { slot: Slot; gradient: tf.Tensor }[];

/** State tensors of a slot, which the constructor made. */
const stateOf = (slot: Slot, name: string) => slot.state[name] as tf.Variable;

/** The gradient with weight decay added. */
function decayed({ param, weightDecay }: Slot, gradient: tf.Tensor): tf.Tensor {
  return weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(param, weightDecay));
}

/** Exponential moving average in place; returns the new value. */
function average(variable: tf.Variable, value: tf.Tensor, decay: number): tf.Tensor {
  variable.assign(tf.add(tf.mul(variable, decay), tf.mul(value, 1 - decay)));
  return variable;
}

/** `p ← p − rate · direction`. */
function descend(param: tf.Variable, direction: tf.Tensor, rate: number): void {
  param.assign(tf.sub(param, tf.mul(direction, rate)));
}

/** An optimizer that updates each parameter by a function of its own. */
abstract class EachOptimizer extends Optimizer {
  protected abstract updateOne(slot: Slot, gradient: tf.Tensor, rate: number): void;

  protected update(pairs: Pairs): void {
    for (const { slot, gradient } of pairs) {
      tf.tidy(() => this.updateOne(slot, decayed(slot, gradient), this.lr * slot.lrScale));
    }
  }
}

/** Options of `Adagrad`; the defaults are PyTorch's. */
export interface AdagradOptions {
  /** Learning rate; 0.01 by default. */
  lr?: number;
  /** The rate of step t is lr / (1 + (t − 1) · lrDecay); 0 by default. */
  lrDecay?: number;
  /** Added to the root; 1e-10 by default. */
  eps?: number;
  weightDecay?: number;
}

/** Steps scaled by the root of the sum of squared gradients. Duchi et al., 2011; book: adagrad. */
export class Adagrad extends EachOptimizer {
  readonly kind = 'adagrad';
  readonly lrDecay: number;
  readonly eps: number;

  constructor(
    parameters: Parameters,
    { lr = 0.01, lrDecay = 0, eps = 1e-10, weightDecay = 0 }: AdagradOptions = {},
  ) {
    super(parameters, lr, weightDecay, { sum: 0 });
    this.lrDecay = lrDecay;
    this.eps = eps;
  }

  protected updateOne(slot: Slot, gradient: tf.Tensor, rate: number): void {
    const sum = stateOf(slot, 'sum');
    sum.assign(tf.add(sum, tf.square(gradient)));
    const scaled = tf.div(gradient, tf.add(tf.sqrt(sum), this.eps));
    descend(slot.param, scaled, rate / (1 + (this.stepCount - 1) * this.lrDecay));
  }
}

/** Options of `RMSprop`; the defaults are PyTorch's. */
export interface RmspropOptions {
  /** Learning rate; 0.01 by default. */
  lr?: number;
  /** Decay of the running square; 0.99 by default. */
  alpha?: number;
  /** Added to the root; 1e-8 by default. */
  eps?: number;
  /** Momentum of the scaled gradient; 0 by default. */
  momentum?: number;
  weightDecay?: number;
}

/** Steps scaled by the root of a running mean of squared gradients. Tieleman and Hinton, 2012; book: rmsprop. */
export class RMSprop extends EachOptimizer {
  readonly kind = 'rmsprop';
  readonly alpha: number;
  readonly eps: number;
  readonly momentum: number;

  constructor(parameters: Parameters, options: RmspropOptions = {}) {
    const { lr = 0.01, alpha = 0.99, eps = 1e-8, momentum = 0, weightDecay = 0 } = options;
    super(
      parameters,
      lr,
      weightDecay,
      momentum === 0 ? { square_avg: 0 } : { square_avg: 0, momentum_buffer: 0 },
    );
    this.alpha = alpha;
    this.eps = eps;
    this.momentum = momentum;
  }

  protected updateOne(slot: Slot, gradient: tf.Tensor, rate: number): void {
    const square = average(stateOf(slot, 'square_avg'), tf.square(gradient), this.alpha);
    let direction = tf.div(gradient, tf.add(tf.sqrt(square), this.eps));
    const velocity = slot.state['momentum_buffer'];
    if (velocity !== undefined) {
      velocity.assign(tf.add(tf.mul(velocity, this.momentum), direction));
      direction = velocity;
    }
    descend(slot.param, direction, rate);
  }
}

/** Options of `Adadelta`; the defaults are PyTorch's. */
export interface AdadeltaOptions {
  /** Multiplies the step; 1 by default. */
  lr?: number;
  /** Decay of both running squares; 0.9 by default. */
  rho?: number;
  /** Added under both roots; 1e-6 by default. */
  eps?: number;
  weightDecay?: number;
}

/** Steps without a learning rate: scaled by running squares of gradients and of steps. Zeiler, 2012; book: adadelta. */
export class Adadelta extends EachOptimizer {
  readonly kind = 'adadelta';
  readonly rho: number;
  readonly eps: number;

  constructor(
    parameters: Parameters,
    { lr = 1, rho = 0.9, eps = 1e-6, weightDecay = 0 }: AdadeltaOptions = {},
  ) {
    super(parameters, lr, weightDecay, { square_avg: 0, acc_delta: 0 });
    this.rho = rho;
    this.eps = eps;
  }

  protected updateOne(slot: Slot, gradient: tf.Tensor, rate: number): void {
    const accumulated = stateOf(slot, 'acc_delta');
    const square = average(stateOf(slot, 'square_avg'), tf.square(gradient), this.rho);
    const delta = tf.mul(
      tf.div(tf.sqrt(tf.add(accumulated, this.eps)), tf.sqrt(tf.add(square, this.eps))),
      gradient,
    );
    average(accumulated, tf.square(delta), this.rho);
    descend(slot.param, delta, rate);
  }
}

/** Options of `Yogi`; the defaults are the book's. */
export interface YogiOptions {
  /** Learning rate; 0.01 by default. */
  lr?: number;
  /** Decay of the first and the second moment; [0.9, 0.999] by default. */
  betas?: readonly [number, number];
  /** Added to the root of the second moment; 1e-3 by default. */
  eps?: number;
  weightDecay?: number;
}

/** Adam whose second moment moves by the sign of its error. Zaheer et al., 2018; book: adam. */
export class Yogi extends EachOptimizer {
  readonly kind = 'yogi';
  readonly betas: readonly [number, number];
  readonly eps: number;

  constructor(
    parameters: Parameters,
    { lr = 0.01, betas = [0.9, 0.999], eps = 1e-3, weightDecay = 0 }: YogiOptions = {},
  ) {
    super(parameters, lr, weightDecay, { exp_avg: 0, exp_avg_sq: 0 });
    this.betas = betas;
    this.eps = eps;
  }

  protected updateOne(slot: Slot, gradient: tf.Tensor, rate: number): void {
    const [beta1, beta2] = this.betas;
    const mean = average(stateOf(slot, 'exp_avg'), gradient, beta1);
    const second = stateOf(slot, 'exp_avg_sq');
    const square = tf.square(gradient);
    second.assign(tf.add(second, tf.mul(tf.mul(tf.sign(tf.sub(square, second)), square), 1 - beta2)));
    const corrected = tf.sqrt(tf.div(second, 1 - beta2 ** this.stepCount));
    descend(slot.param, tf.div(mean, tf.add(corrected, this.eps)), rate / (1 - beta1 ** this.stepCount));
  }
}
