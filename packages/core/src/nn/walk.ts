// Finds what a module holds by walking its fields: parameters, buffers, modules, random number generators.
import * as tf from '@tensorflow/tfjs-core';
import { Rng } from '../random/index.ts';

/** Something in a field, with its path: `layers.0.weight`. */
export type Found = [path: string, value: object];

/** What the walk stops at and reports, besides modules. */
function isLeaf(value: object): boolean {
  return value instanceof tf.Tensor || value instanceof Rng;
}

/**
 * Reports the modules, variables and generators in `entries`, looking into arrays and plain objects.
 * `isModule` tells modules apart (a parameter, so that this file does not depend on the class).
 */
export function* walkFields(
  entries: Iterable<[string, unknown]>,
  isModule: (value: object) => boolean,
): Generator<Found> {
  for (const [name, value] of entries) {
    if (typeof value !== 'object' || value === null) continue;
    if (isLeaf(value) || isModule(value)) yield [name, value];
    else if (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype) {
      for (const [path, inner] of walkFields(Object.entries(value), isModule))
        yield [`${name}.${path}`, inner];
    }
  }
}
