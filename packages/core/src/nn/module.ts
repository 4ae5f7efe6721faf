// Module: the base of layers and models. PyTorch's idea: state is found by walking the fields.
import * as tf from '@tensorflow/tfjs-core';
import type { Rng } from '../random/index.ts';
import { Rng as RngClass } from '../random/index.ts';
import { loadState, type LoadResult, type StateValue } from './loadState.ts';
import { isBuffer } from './parameter.ts';
import { walkFields } from './walk.ts';

/** A module that maps one tensor to one tensor, so that `Sequential` can chain it. */
export interface Layer extends Module {
  forward(x: tf.Tensor): tf.Tensor;
}

/**
 * Base class of everything with parameters.
 *
 * Fields that hold a `tf.Variable` are parameters (or buffers, when made by `buffer`), fields that hold modules are
 * children; both are also found in arrays and plain objects. Names are paths of fields, as in PyTorch:
 * `encoder.layers.0.weight`. Fields that start with `#` are private and not walked.
 *
 * @example
 * class Mlp extends Module {
 *   hidden: Linear; output: Linear;
 *   constructor(rng: Rng) { super(); this.hidden = new Linear(784, 256, { rng }); this.output = new Linear(256, 10, { rng }); }
 *   forward(x: tf.Tensor) { return this.output.forward(tf.relu(this.hidden.forward(x))); }
 * }
 */
export abstract class Module {
  /** Whether the module is in training mode (dropout on, batch statistics); see `train` and `eval`. */
  training = true;

  /** The named fields to walk; a module whose parameters have computed names overrides it. */
  protected entries(): Iterable<[string, unknown]> {
    return Object.entries(this);
  }

  /** Direct children with their names. */
  *namedChildren(): Generator<[string, Module]> {
    for (const [name, value] of this.found()) if (value instanceof Module) yield [name, value];
  }

  /** This module ('') and all below it, each once. */
  *namedModules(prefix = '', seen = new Set<Module>()): Generator<[string, Module]> {
    if (seen.has(this)) return;
    seen.add(this);
    yield [prefix, this];
    for (const [name, child] of this.namedChildren()) yield* child.namedModules(join(prefix, name), seen);
  }

  /** All variables by every name they have: a shared one appears under each. Parameters and buffers. */
  *namedState(prefix = '', above: Module[] = []): Generator<[string, tf.Variable]> {
    if (above.includes(this)) return;
    for (const [name, value] of this.found()) {
      if (value instanceof tf.Variable) yield [join(prefix, name), value];
      else if (value instanceof Module) yield* value.namedState(join(prefix, name), [...above, this]);
    }
  }

  /** Parameters with their names, each once (a shared one under its first name). Frozen ones are included. */
  namedParameters(): [string, tf.Variable][] {
    return unique(this.namedState()).filter(([, variable]) => !isBuffer(variable));
  }

  /** Parameters, each once, in the order of their names in the state dict. */
  parameters(): tf.Variable[] {
    return this.namedParameters().map(([, variable]) => variable);
  }

  /** Parameters that are not frozen: what to give to an optimizer. */
  trainableParameters(): tf.Variable[] {
    return this.parameters().filter(({ trainable }) => trainable);
  }

  /** Buffers with their names, each once. */
  namedBuffers(): [string, tf.Variable][] {
    return unique(this.namedState()).filter(([, variable]) => isBuffer(variable));
  }

  /** Number of elements of all parameters. */
  parameterCount(): number {
    return this.parameters().reduce((sum, { size }) => sum + size, 0);
  }

  /** Parameters and buffers by name: the module's own variables, not copies. Names and layouts are PyTorch's. */
  stateDict(): Record<string, tf.Variable> {
    return Object.fromEntries(this.namedState());
  }

  /** Parameters and buffers by name, a shared one once (under its first name): what files hold. */
  ownState(): Record<string, tf.Variable> {
    return Object.fromEntries(unique(this.namedState()));
  }

  /**
   * Copies values into the module's variables by name.
   *
   * @param options.strict Missing and unexpected names are errors (default true); a name that shares its variable
   * with one that is present is not missing.
   * @returns The names that were missing and unexpected.
   * @throws ConfigError for names, ShapeError for shapes; then nothing has been changed.
   */
  loadStateDict(dict: Record<string, StateValue>, options: { strict?: boolean } = {}): LoadResult {
    return loadState(this.constructor.name, this.stateDict(), dict, options);
  }

  /** Random number generators with their names, each once. */
  namedRngs(): [string, Rng][] {
    const all: [string, Rng][] = [];
    for (const [prefix, module] of this.namedModules()) {
      for (const [name, value] of module.found())
        if (value instanceof RngClass) all.push([join(prefix, name), value]);
    }
    return unique(all);
  }

  /** Calls `f` on every module below this one, then on this one; returns this. */
  apply(f: (module: Module) => void): this {
    for (const [, module] of [...this.namedModules()].reverse()) f(module);
    return this;
  }

  /** Training mode for this module and all below it; returns this. */
  train(mode = true): this {
    for (const [, module] of this.namedModules()) module.training = mode;
    return this;
  }

  /** Evaluation mode: dropout off, running statistics; returns this. */
  eval(): this {
    return this.train(false);
  }

  /**
   * Runs `f` in evaluation mode; afterwards, also after an error, every module is in its own mode again. Of an
   * asynchronous `f` afterwards is when its promise is settled.
   */
  evaluating<T>(f: () => T): T {
    const modes = [...this.namedModules()].map(([, module]) => [module, module.training] as const);
    const restore = () => modes.forEach(([module, training]) => (module.training = training));
    let result: T | undefined;
    this.eval();
    try {
      result = f();
    } finally {
      if (!(result instanceof Promise)) restore();
    }
    return result instanceof Promise ? (result.finally(restore) as T) : result;
  }

  /** Makes all parameters trainable or not; optimizers and `trainableParameters` skip frozen ones. Returns this. */
  freeze(frozen = true): this {
    for (const variable of this.parameters()) variable.trainable = !frozen;
    return this;
  }

  /** Frees all parameters and buffers, and what modules keep beside them; the module cannot be used after it. */
  dispose(): void {
    for (const [, variable] of unique(this.namedState())) variable.dispose();
    for (const [, module] of this.namedModules()) module.release();
  }

  /** Frees what this module alone keeps beside its state, such as a table; `dispose` calls it. */
  protected release(): void {}

  private found() {
    return walkFields(this.entries(), (value) => value instanceof Module);
  }
}

function join(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}.${name}`;
}

/** Pairs whose value has not come before. */
function unique<T extends object>(pairs: Iterable<[string, T]>): [string, T][] {
  const seen = new Set<T>();
  return [...pairs].filter(([, value]) => !seen.has(value) && seen.add(value));
}
