// What a recipe may say, with defaults; every key is documented in recipes/.
import { z } from 'zod';

const positive = z.number().positive();
const count = z.int().positive();
const share = z.number().min(0).lt(1);

const data = z.strictObject({
  set: z.string(),
  source: z.string().default('en'),
  target: z.string().default('fr'),
  maxLen: count.default(64),
  folder: z.string().optional(),
  fallback: z.boolean().default(false),
});

const tokenizer = z.strictObject({
  kind: z.literal('bpe').default('bpe'),
  vocabSize: count,
  minFrequency: count.default(2),
});

const transformer = z.strictObject({
  architecture: z.literal('transformer'),
  dim: count,
  numHeads: count,
  ffnDim: count,
  encoderLayers: count,
  decoderLayers: count,
  dropout: share.default(0.1),
  normFirst: z.boolean().default(true),
  activation: z.enum(['relu', 'gelu', 'silu']).default('relu'),
  tiedEmbeddings: z.boolean().default(true),
  attentionBias: z.boolean().default(true),
  maxLen: count.default(256),
});

const seq2seq = z.strictObject({
  architecture: z.literal('seq2seq'),
  embedSize: count,
  hiddenSize: count,
  numLayers: count,
  dropout: share.default(0),
  maxLen: count.default(256),
});

const schedule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant') }),
  z.strictObject({ kind: z.literal('inverseSquareRoot'), warmup: count }),
  z.strictObject({
    kind: z.literal('cosine'),
    warmup: z.int().min(0).default(0),
    total: count,
    final: share.default(0),
    cycles: count.default(1),
    cycleDecay: positive.max(1).default(1),
  }),
]);

const training = z.strictObject({
  seed: z.int().min(0),
  maxTokens: count,
  optimizer: z.enum(['adam', 'adamw', 'sgd']).default('adam'),
  lr: positive,
  betas: z.tuple([share, share]).default([0.9, 0.999]),
  weightDecay: z.number().min(0).default(0),
  clipNorm: positive.optional(),
  labelSmoothing: share.default(0),
  accumulate: count.default(1),
  schedule: schedule.default({ kind: 'constant' }),
  epochs: count.optional(),
  maxSteps: count.optional(),
  maxTime: positive.optional(),
  evaluateEvery: count.default(500),
  saveEvery: count.default(500),
  keepLast: count.default(2),
  average: count.default(1),
  patience: count.optional(),
});

const decoding = z.strictObject({
  beamSize: count.default(5),
  alpha: z.number().min(0).default(0.75),
  lengthPenalty: z.enum(['power', 'gnmt']).default('power'),
});

const output = z.strictObject({
  dtype: z.enum(['F32', 'F16', 'BF16']).default('F16'),
  name: z.string(),
  scoreSentences: count.optional(),
});

/** A translation recipe. */
export const recipeSchema = z.strictObject({
  task: z.literal('translation'),
  data,
  tokenizer,
  model: z.discriminatedUnion('architecture', [transformer, seq2seq]),
  training,
  decoding: decoding.prefault({}),
  output,
});

/** A recipe with its defaults filled in. */
export type Recipe = z.output<typeof recipeSchema>;
