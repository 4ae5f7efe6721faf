// Attention by score functions.
export { AdditiveAttention, type AdditiveAttentionSizes } from './additiveAttention.ts';
export { BilinearAttention } from './bilinearAttention.ts';
export { DotProductAttention } from './dotProductAttention.ts';
export { ScoredAttention, type Pooled, type ScoredAttentionOptions } from './scoredAttention.ts';
