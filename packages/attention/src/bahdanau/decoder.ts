// The decoder that looks at the source before every token.
import { Embedding, GRU, LSTM, Linear, type Rng } from '@d2lts/core';
import { Decoder } from '@d2lts/rnn';
import * as tf from '@tensorflow/tfjs-core';
import {
  AdditiveAttention,
  BilinearAttention,
  DotProductAttention,
  type ScoredAttention,
} from '../scoring/index.ts';
import type { Encoded } from './encoder.ts';
import { StepLayers, type LayerStates } from './stepLayers.ts';

/** How queries and keys are scored. */
export type ScoreFunction = 'additive' | 'dot' | 'bilinear';

/** Options of `Seq2SeqAttentionDecoder`. */
export interface AttentionDecoderOptions {
  /** 'gru' by default. */
  cell?: 'gru' | 'lstm';
  /** 'additive' by default. 'dot' needs an encoder whose outputs are as wide as the decoder's state. */
  score?: ScoreFunction;
  /** Width of the encoder's outputs; `hiddenSize` by default. */
  memorySize?: number;
  numLayers: number;
  /** Between the recurrent layers, and of the attention weights; 0 by default. */
  dropout?: number;
  rng: Rng;
}

/** The source as the decoder sees it. */
export interface AttentionMemory {
  /** What the attention prepared of the keys. */
  keys: tf.Tensor;
  /** [batch, source steps, memory]. */
  values: tf.Tensor;
  /** int32 [batch]: source steps at or past it are padding. */
  validLens?: tf.Tensor | undefined;
}

/** What goes from step to step: the source, which stays, and the recurrent layers' states. */
export interface AttentionDecoderState {
  memory: AttentionMemory;
  states: LayerStates;
}

/**
 * Before each target token, the top layer's state asks the attention for a context; the recurrent layers read the
 * context joined with the token's embedding (the book's `Seq2SeqAttentionDecoder`, section 10.4, and its state names).
 */
export class Seq2SeqAttentionDecoder extends Decoder<Encoded, AttentionDecoderState> {
  attention: ScoredAttention;
  embedding: Embedding;
  rnn: GRU | LSTM;
  dense: Linear;
  readonly #layers: StepLayers;

  constructor(vocabSize: number, embedSize: number, hiddenSize: number, options: AttentionDecoderOptions) {
    super();
    const { cell = 'gru', score = 'additive', memorySize = hiddenSize, numLayers, dropout, rng } = options;
    this.attention = buildAttention(score, { keySize: memorySize, querySize: hiddenSize }, options);
    this.embedding = new Embedding(vocabSize, embedSize, { rng });
    const layers = { numLayers, dropout: dropout ?? 0, rng };
    this.rnn = new { gru: GRU, lstm: LSTM }[cell](memorySize + embedSize, hiddenSize, layers);
    this.dense = new Linear(hiddenSize, vocabSize, { rng });
    this.#layers = new StepLayers(this.rnn, cell);
  }

  /** Prepares the encoder's outputs for many steps, and starts from its states. */
  initState({ output, states }: Encoded, validLens?: tf.Tensor): AttentionDecoderState {
    return { memory: { keys: this.attention.prepareKeys(output), values: output, validLens }, states };
  }

  /**
   * @param input int32 [batch, target steps]: one step or many
   * @param options.onWeights receives each step's attention [batch, 1, source steps]
   * @returns logits [batch, target steps, vocabulary] and the state after the last step
   */
  forward(
    input: tf.Tensor,
    { memory, states: first }: AttentionDecoderState,
    { onWeights }: { onWeights?: ((weights: tf.Tensor) => void) | undefined } = {},
  ): { logits: tf.Tensor; state: AttentionDecoderState } {
    const steps = input.shape[1]!;
    const outputs: tf.Tensor[] = [];
    let states = first;
    for (const x of tf.split(this.embedding.forward(input), steps, 1)) {
      const stepped = this.advance(x, memory, states);
      onWeights?.(stepped.weights);
      outputs.push(stepped.output);
      states = stepped.states;
    }
    return { logits: this.dense.forward(tf.concat(outputs, 1)), state: { memory, states } };
  }

  /** @param x [rows, 1, embed] */
  private advance(x: tf.Tensor, { keys, values, validLens }: AttentionMemory, states: LayerStates) {
    const query = tf.expandDims(states.h.at(-1)!, 1); // [rows, 1, hidden]
    const { output: context, weights } = this.attention.attend(query, keys, values, validLens);
    const stepped = this.#layers.step(tf.concat([context, x], 2), states);
    return { ...stepped, weights }; // weights: [rows, 1, source steps]
  }
}

function buildAttention(
  score: ScoreFunction,
  { keySize, querySize }: { keySize: number; querySize: number },
  options: AttentionDecoderOptions,
): ScoredAttention {
  const { dropout = 0, rng } = options;
  switch (score) {
    case 'additive':
      return new AdditiveAttention({ keySize, querySize, numHiddens: querySize }, { dropout, rng });
    case 'bilinear':
      return new BilinearAttention({ keySize, querySize }, { dropout, rng });
    case 'dot':
      return new DotProductAttention({ dropout, rng });
  }
}
