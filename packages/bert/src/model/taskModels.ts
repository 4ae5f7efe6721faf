// BERT under each of its heads; a family's members differ in their configs only.
import { type Rng, Linear, Module } from '@d2lts/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { BertInput } from './bertModel.ts';
import type { BertConfig } from './config.ts';
import { BERTEncoder } from './encoder.ts';
import { MaskLM, firstStep } from './heads.ts';
import { SequenceClassifier, type SpanLogits, SpanExtractor, TokenClassifier } from './taskHeads.ts';

/** What the heads are like. */
export interface BertHeadConfig {
  /** Labels, or numbers of a regression; 2 by default. */
  numLabels?: number;
  /** Before the head's output; the encoder's `dropout` by default. */
  headDropout?: number;
  /** Of `SequenceClassifier`; 'tanh' by default, 'relu' in DistilBERT. */
  headActivation?: 'tanh' | 'relu';
  /** Whether a bare model has a pooler; true by default. */
  pooler?: boolean;
}

export type BertTaskConfig = BertConfig & BertHeadConfig;
type Options = { rng: Rng };

abstract class WithEncoder extends Module {
  encoder: BERTEncoder;
  readonly config: BertTaskConfig;

  constructor(config: BertTaskConfig, options: Options) {
    super();
    this.config = { ...config };
    this.encoder = new BERTEncoder(config, options);
  }

  /** [batch, steps, dim]. */
  protected hidden({ ids, segments, validLens, onWeights }: BertInput): tf.Tensor {
    return this.encoder.forward(ids, segments, { validLens, onWeights });
  }
}

/** The encoder with its pooler: Hugging Face's `BertModel`. */
export class BertTrunk extends WithEncoder {
  pooler: Linear | undefined;

  constructor(config: BertTaskConfig, options: Options) {
    super(config, options);
    const { dim, pooler = true } = config;
    this.pooler = pooler ? new Linear(dim, dim, { activation: 'tanh', ...options }) : undefined;
  }

  /** @returns `hidden` [batch, steps, dim] and, where there is a pooler, `pooled` [batch, dim] */
  forward(input: BertInput): { hidden: tf.Tensor; pooled: tf.Tensor | undefined } {
    const hidden = this.hidden(input);
    return { hidden, pooled: this.pooler?.forward(firstStep(hidden)) };
  }
}

/** Hugging Face's `BertForMaskedLM`. */
export class BertForMaskedLM extends WithEncoder {
  mlm: MaskLM;

  constructor(config: BertTaskConfig, options: Options) {
    super(config, options);
    const { tiedDecoder = true } = config;
    this.mlm = new MaskLM(config, {
      table: tiedDecoder ? this.encoder.token_embedding.weight : undefined,
      ...options,
    });
  }

  /** @returns logits at `positions`, or at every step: [batch, predictions, vocabulary] */
  forward(input: BertInput): tf.Tensor {
    return this.mlm.forward(this.hidden(input), input.positions);
  }
}

/** Hugging Face's `BertForSequenceClassification`. */
export class BertForSequenceClassification extends WithEncoder {
  head: SequenceClassifier;

  constructor(config: BertTaskConfig, options: Options) {
    super(config, options);
    const { headActivation: activation = 'tanh' } = config;
    this.head = new SequenceClassifier(config.dim, { ...headOptions(config), activation, ...options });
  }

  /** @returns logits [batch, labels] */
  forward(input: BertInput): tf.Tensor {
    return this.head.forward(this.hidden(input));
  }
}

/** Hugging Face's `BertForTokenClassification`. */
export class BertForTokenClassification extends WithEncoder {
  head: TokenClassifier;

  constructor(config: BertTaskConfig, options: Options) {
    super(config, options);
    this.head = new TokenClassifier(config.dim, { ...headOptions(config), ...options });
  }

  /** @returns logits [batch, steps, labels] */
  forward(input: BertInput): tf.Tensor {
    return this.head.forward(this.hidden(input));
  }
}

/** Hugging Face's `BertForQuestionAnswering`. */
export class BertForQuestionAnswering extends WithEncoder {
  head: SpanExtractor;

  constructor(config: BertTaskConfig, options: Options) {
    super(config, options);
    this.head = new SpanExtractor(config.dim, { dropout: config.headDropout ?? 0, ...options });
  }

  forward(input: BertInput): SpanLogits {
    return this.head.forward(this.hidden(input));
  }
}

function headOptions({ numLabels = 2, dropout = 0.1, headDropout = dropout }: BertTaskConfig) {
  return { numLabels, dropout: headDropout };
}
