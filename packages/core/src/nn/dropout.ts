// Dropout as a layer: active in training mode only.
import type * as tf from '@tensorflow/tfjs-core';
import { checkProbability } from '../ops/check.ts';
import { dropout } from '../ops/dropout.ts';
import type { Rng } from '../random/index.ts';
import { Module, type Layer } from './module.ts';

/** Zeroes elements with probability p in training mode and scales the others by 1 / (1 − p). Book: dropout. */
export class Dropout extends Module implements Layer {
  readonly p: number;
  readonly rng: Rng;

  constructor(p: number, { rng }: { rng: Rng }) {
    super();
    checkProbability('Dropout', p);
    this.p = p;
    this.rng = rng;
  }

  forward(x: tf.Tensor): tf.Tensor {
    return this.training && this.p > 0 ? dropout(x, this.p, this.rng.seedPair()) : x;
  }
}
