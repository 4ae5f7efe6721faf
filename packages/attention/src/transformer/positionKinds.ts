// The kinds of positions that whole models can be built with.
import { Dropout, Module, type Rng } from '@d2lts/core';
import type * as tf from '@tensorflow/tfjs-core';
import {
  LearnedPositionalEncoding,
  PositionalEncoding,
  type Positions,
  RotaryPositionalEncoding,
} from '../positions/index.ts';

/** Sines and cosines, or trained vectors, added to the embeddings; or rotations of queries and keys. */
export type PositionKind = 'sinusoidal' | 'learned' | 'rotary';

/** What comes right after the embeddings. */
export interface PositionModule extends Module {
  /** Adds what it has to add to x [batch, steps, dim], then drops out. */
  forward(x: tf.Tensor, positions?: Positions): tf.Tensor;
}

/** Rotary models only drop out after the embeddings. */
class NoAddedPositions extends Module implements PositionModule {
  readonly dropout: Dropout;

  constructor(dropout: number, rng: Rng) {
    super();
    this.dropout = new Dropout(dropout, { rng });
  }

  forward(x: tf.Tensor): tf.Tensor {
    return this.dropout.forward(x);
  }
}

/** The modules of a kind of positions: after the embeddings, and within self-attention. */
export function positionsOf(
  kind: PositionKind,
  {
    dim,
    numHeads,
    maxLen,
    dropout,
    rng,
  }: { dim: number; numHeads: number; maxLen: number; dropout: number; rng: Rng },
): { position: PositionModule; rotary: RotaryPositionalEncoding | undefined } {
  switch (kind) {
    case 'sinusoidal':
      return { position: new PositionalEncoding(dim, { maxLen, dropout, rng }), rotary: undefined };
    case 'learned':
      return { position: new LearnedPositionalEncoding(dim, { maxLen, dropout, rng }), rotary: undefined };
    case 'rotary': {
      const rotary = new RotaryPositionalEncoding(dim, { numHeads, maxLen });
      return { position: new NoAddedPositions(dropout, rng), rotary };
    }
  }
}
