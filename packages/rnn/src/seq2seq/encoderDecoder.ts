// The encoder-decoder architecture (the book's section 9.6): one half reads, the other writes from what was read.
import { Module } from '@d2lts/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { TranslationBatch } from '../translation/model.ts';

/** Reads a source into whatever its decoder needs. */
export abstract class Encoder<Encoded> extends Module {
  /**
   * @param source int32 [batch, steps]
   * @param lengths int32 [batch]: steps at or past it are padding
   */
  abstract forward(source: tf.Tensor, lengths?: tf.Tensor): Encoded;
}

/** Writes a target step by step, from a state that begins with what the encoder gave. */
export abstract class Decoder<Encoded, State> extends Module {
  /** The state before the first step. */
  abstract initState(encoded: Encoded, lengths?: tf.Tensor): State;
  /**
   * @param input int32 [batch, steps]: one step or many
   * @returns logits [batch, steps, vocabulary] and the state after the last step
   */
  abstract forward(input: tf.Tensor, state: State): { logits: tf.Tensor; state: State };
}

/** An encoder and a decoder that fit. */
export class EncoderDecoder<Encoded, State> extends Module {
  constructor(
    readonly encoder: Encoder<Encoded>,
    readonly decoder: Decoder<Encoded, State>,
  ) {
    super();
  }

  /** Reads a batch's sources. */
  encode({ source, sourceLens }: Pick<TranslationBatch, 'source' | 'sourceLens'>): State {
    return this.decoder.initState(this.encoder.forward(source, sourceLens), sourceLens);
  }

  /** Logits [batch, target steps, vocabulary] with teacher forcing: each step is given the true token before it. */
  forward(batch: Omit<TranslationBatch, 'labels'>): tf.Tensor {
    return this.decoder.forward(batch.input, this.encode(batch)).logits;
  }
}
