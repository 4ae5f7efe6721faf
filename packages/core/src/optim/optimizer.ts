// Optimizer: the base class. It holds parameters with their state tensors and updates them in place.
import * as tf from '@tensorflow/tfjs-core';
import { ConfigError, ShapeError, ValueError } from '../errors/index.ts';

/** Parameters that share settings. */
export interface ParameterGroup {
  params: readonly tf.Variable[];
  /** Multiplies the optimizer's learning rate; 1 by default. */
  lrScale?: number;
  /** Instead of the optimizer's own weight decay. */
  weightDecay?: number;
}

/** Parameters, or groups of them. */
export type Parameters = readonly tf.Variable[] | readonly ParameterGroup[];

/** What an optimizer needs to go on where it stopped: plain JSON, and tensors by name (`0.exp_avg`). */
export interface OptimizerState {
  kind: string;
  step: number;
  lr: number;
  tensors: Record<string, tf.Tensor>;
}

/** One parameter with its settings and state tensors. */
export interface Slot {
  param: tf.Variable;
  lrScale: number;
  weightDecay: number;
  /** State tensors by name, of the parameter's shape. */
  state: Record<string, tf.Variable>;
}

/** A gradient for each parameter, in order; null leaves that parameter alone. */
export type Gradients = readonly (tf.Tensor | null)[];

/**
 * Base class of the optimizers: parameters, learning rate and state. Frozen parameters (`trainable` false) stay as
 * they are. `lr` may be changed at any time; schedulers do.
 */
export abstract class Optimizer {
  /** The kind of update, as saved in checkpoints. */
  abstract readonly kind: string;
  /** Learning rate of the next step. */
  lr: number;
  /** Steps taken. */
  stepCount = 0;
  /** Parameters with settings and state, in the order of the gradients. */
  readonly slots: Slot[];

  constructor(parameters: Parameters, lr: number, weightDecay: number, stateNames: Record<string, number>) {
    const name = new.target.name;
    if (!(lr >= 0))
      throw new ValueError({
        operation: name,
        fact: 'lr must be at least 0',
        value: lr,
        advice: 'give the learning rate',
        argument: 'lr',
      });
    this.lr = lr;
    this.slots = groupsOf(parameters).flatMap((group) =>
      group.params.map((param) => ({
        param,
        lrScale: group.lrScale ?? 1,
        weightDecay: group.weightDecay ?? weightDecay,
        state: Object.fromEntries(
          Object.entries(stateNames).map(([key, value]) => {
            const initial = tf.fill(param.shape, value);
            const variable = tf.variable(initial, false);
            initial.dispose();
            return [key, variable];
          }),
        ),
      })),
    );
    if (new Set(this.params).size !== this.slots.length) {
      throw new ValueError({
        operation: name,
        fact: 'each parameter must come once',
        value: this.slots.length,
        advice: 'use module.parameters(), which does',
        argument: 'params',
      });
    }
  }

  /** The parameters, in the order of the gradients. */
  get params(): tf.Variable[] {
    return this.slots.map(({ param }) => param);
  }

  /**
   * Updates the parameters in place. The gradients stay the caller's.
   *
   * @throws ShapeError when the number or a shape of the gradients does not fit.
   */
  step(gradients: Gradients): void {
    this.check(gradients);
    this.stepCount += 1;
    const updated = this.slots.flatMap((slot, i) => {
      const gradient = gradients[i];
      return gradient == null || !slot.param.trainable ? [] : [{ slot, gradient }];
    });
    this.update(updated);
  }

  /** Updates the listed parameters. */
  protected abstract update(pairs: { slot: Slot; gradient: tf.Tensor }[]): void;

  /** Steps, learning rate and state tensors (the optimizer's own, not copies). */
  stateDict(): OptimizerState {
    const tensors: Record<string, tf.Tensor> = {};
    this.slots.forEach(({ state }, i) => {
      for (const [name, tensor] of Object.entries(state)) tensors[`${i}.${name}`] = tensor;
    });
    return { kind: this.kind, step: this.stepCount, lr: this.lr, tensors };
  }

  /**
   * Goes on where another optimizer of the same kind and parameters stopped; copies the tensors.
   *
   * @throws ConfigError or ShapeError when the state is of something else; then nothing has been changed.
   */
  loadStateDict({ kind, step, lr, tensors }: OptimizerState): void {
    const operation = `${this.constructor.name}.loadStateDict`;
    if (kind !== this.kind)
      throw new ConfigError({
        operation,
        fact: `the state must be of kind "${this.kind}"`,
        value: kind,
        advice: 'use the optimizer that was saved',
        argument: 'kind',
      });
    const own = this.stateDict().tensors as Record<string, tf.Variable>;
    for (const [name, variable] of Object.entries(own)) {
      const shape = tensors[name]?.shape;
      if (shape !== undefined && tf.util.arraysEqual(shape, variable.shape)) continue;
      throw new ShapeError({
        operation,
        fact: `${name} must be [${variable.shape.join(', ')}]`,
        value: shape,
        advice: 'use the model that was saved',
        argument: name,
      });
    }
    for (const [name, variable] of Object.entries(own)) {
      const copy = tf.tensor(Float32Array.from((tensors[name] as tf.Tensor).dataSync()), variable.shape);
      variable.assign(copy);
      copy.dispose();
    }
    this.stepCount = step;
    this.lr = lr;
  }

  /** Frees the state tensors. */
  dispose(): void {
    for (const { state } of this.slots) tf.dispose(Object.values(state));
  }

  private check(gradients: Gradients): void {
    const operation = `${this.constructor.name}.step`;
    if (gradients.length !== this.slots.length) {
      throw new ShapeError({
        operation,
        fact: `there must be ${this.slots.length} gradients`,
        value: gradients.length,
        advice: 'give one a parameter, in the same order',
        argument: 'gradients',
      });
    }
    this.slots.forEach(({ param }, i) => {
      const gradient = gradients[i];
      if (gradient == null || tf.util.arraysEqual(gradient.shape, param.shape)) return;
      throw new ShapeError({
        operation,
        fact: `gradient ${i} must be [${param.shape.join(', ')}]`,
        value: gradient.shape,
        advice: 'keep the order of the parameters',
        argument: 'gradients',
      });
    });
  }
}

function groupsOf(parameters: Parameters): ParameterGroup[] {
  const groups: ParameterGroup[] = [];
  const plain: tf.Variable[] = [];
  for (const item of parameters) {
    if (item instanceof tf.Tensor) plain.push(item as tf.Variable);
    else groups.push(item);
  }
  return plain.length > 0 ? [...groups, { params: plain }] : groups;
}
