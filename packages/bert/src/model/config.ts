// Sizes and choices of a BERT, with the two shapes that are in use.
import { type FieldsOf, field } from '@d2lts/core';

/** Plain JSON, so that it can be a model folder's config. */
export interface BertConfig {
  /** Number of tokens. */
  vocabSize: number;
  /** Width of the embeddings and of every block's output. */
  dim: number;
  numHeads: number;
  /** Width of the feed-forward hidden layer. */
  ffnDim: number;
  numLayers: number;
  /** 0.1 by default. */
  dropout?: number;
  /** Dropout of attention weights; `dropout` by default. */
  attentionDropout?: number;
  /** Longest sequence; 512 by default. */
  maxLen?: number;
  /** Rows of the position embedding before the first step's; 0 by default. RoBERTa's count from 2. */
  positionOffset?: number;
  /** The padding token, whose embedding is not trained; none by default. */
  padId?: number;
  /** Kinds of segments; 2 by default. DistilBERT has none: 0. */
  numSegments?: number;
  /** Of the feed-forward networks and of the mask head; 'gelu' by default. */
  activation?: 'gelu' | 'relu';
  /** Normalisation and dropout of the summed embeddings; true by default. */
  embeddingNorm?: boolean;
  /** The mask head's last matrix is the token embedding; true by default. */
  tiedDecoder?: boolean;
  /** Added to the variance in normalisations; 1e-12 by default. */
  epsilon?: number;
}

const { between, flag, integer, layers, oneOf, optional, share, size } = field;

/** What a BERT's config may hold. */
export const bertFields: FieldsOf<BertConfig> = {
  vocabSize: size,
  dim: size,
  numHeads: size,
  ffnDim: size,
  numLayers: layers,
  dropout: optional(share),
  attentionDropout: optional(share),
  maxLen: optional(integer(1, 2 ** 16)),
  positionOffset: optional(integer(0, 2 ** 16)),
  padId: optional(integer(0, 2 ** 20)),
  numSegments: optional(integer(0, 2 ** 16)),
  activation: optional(oneOf('gelu', 'relu')),
  embeddingNorm: optional(flag),
  tiedDecoder: optional(flag),
  epsilon: optional(between(0, 1)),
};

/** Sizes that every BERT needs, and the dropout. */
export type BertSizes = Pick<
  BertConfig,
  'vocabSize' | 'dim' | 'numHeads' | 'ffnDim' | 'numLayers' | 'dropout' | 'maxLen'
>;

/**
 * The book's BERT (section 14.8): ReLU, bare sums of embeddings, an output matrix of its own, up to 1000 tokens.
 *
 * @example
 * const sizes = { vocabSize: 20256, dim: 128, numHeads: 2, ffnDim: 256, numLayers: 2, dropout: 0.2 };
 * const model = new BERTModel(bookBert(sizes), { rng: new Rng(1) });
 */
export function bookBert(sizes: BertSizes): BertConfig {
  const shape = { activation: 'relu', embeddingNorm: false, tiedDecoder: false, epsilon: 1e-5 } as const;
  return { maxLen: 1000, ...sizes, ...shape };
}
