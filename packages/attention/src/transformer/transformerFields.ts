// The fields that the configs of all Transformers have.
import { field } from '@d2lts/core';

const { flag, integer, oneOf, optional, share, size } = field;

/** Longest sequence: a table of positions may be as long, whatever the weights say. */
export const maxLenField = optional(integer(1, 2 ** 16));

export const transformerFields = {
  vocabSize: size,
  dim: size,
  numHeads: size,
  ffnDim: size,
  dropout: optional(share),
  attentionDropout: optional(share),
  hiddenDropout: optional(share),
  normFirst: optional(flag),
  finalNorm: optional(flag),
  activation: optional(oneOf('relu', 'gelu', 'silu', 'swiglu')),
  tiedEmbeddings: optional(flag),
  attentionBias: optional(flag),
  positions: optional(oneOf('sinusoidal', 'learned', 'rotary')),
  maxLen: maxLenField,
};
