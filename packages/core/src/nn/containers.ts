// Sequential and ModuleList: modules that hold modules, named by their position.
import type * as tf from '@tensorflow/tfjs-core';
import { Module, type Layer } from './module.ts';

/** A list of modules that is walked: names are `0`, `1`, … */
export class ModuleList<M extends Module = Module> extends Module implements Iterable<M> {
  readonly modules: M[];

  constructor(modules: Iterable<M> = []) {
    super();
    this.modules = [...modules];
  }

  protected override entries(): Iterable<[string, unknown]> {
    return Object.entries(this.modules);
  }

  /** Number of modules. */
  get length(): number {
    return this.modules.length;
  }

  /** The module at a position; negative positions count from the end. */
  at(index: number): M | undefined {
    return this.modules.at(index);
  }

  /** Adds a module at the end. */
  push(module: M): void {
    this.modules.push(module);
  }

  [Symbol.iterator](): Iterator<M> {
    return this.modules[Symbol.iterator]();
  }
}

/** Layers one after the other: the output of each is the input of the next. Names are `0`, `1`, … */
export class Sequential extends ModuleList<Layer> implements Layer {
  constructor(...layers: Layer[]) {
    super(layers);
  }

  forward(x: tf.Tensor): tf.Tensor {
    return this.modules.reduce((y, layer) => layer.forward(y), x);
  }
}
