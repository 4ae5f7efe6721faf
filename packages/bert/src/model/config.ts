// Sizes and choices of a BERT, with the two shapes that are in use.

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
  /** Longest sequence; 512 by default. */
  maxLen?: number;
  /** Of the feed-forward networks and of the mask head; 'gelu' by default. */
  activation?: 'gelu' | 'relu';
  /** Normalisation and dropout of the summed embeddings; true by default. */
  embeddingNorm?: boolean;
  /** The mask head's last matrix is the token embedding; true by default. */
  tiedDecoder?: boolean;
  /** Added to the variance in normalisations; 1e-12 by default. */
  epsilon?: number;
}

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
