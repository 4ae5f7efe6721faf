// The recipe of a translation model; every key is documented in recipes/.
import { z } from 'zod';
import { count, outputKeys, share, teacherForcing, trainingKeys, transformerSizes } from './parts.ts';

const data = z
  .strictObject({
    set: z.string().optional(),
    file: z.string().optional(),
    licence: z.string().optional(),
    valid: share.optional(), // of a file; a set has its own shares
    test: share.optional(),
    source: z.string().default('en'),
    target: z.string().default('fr'),
    maxLen: count.default(64),
    folder: z.string().optional(),
    fallback: z.boolean().default(false),
  })
  .refine(({ set, file }) => (set === undefined) !== (file === undefined), 'give either set or file');

const tokenizer = z.strictObject({
  kind: z.literal('bpe').default('bpe'),
  vocabSize: count,
  minFrequency: count.default(2),
});

const transformer = z.strictObject({
  architecture: z.literal('transformer'),
  ...transformerSizes,
  dropout: share.default(0.1),
  attentionDropout: share.optional(),
  hiddenDropout: share.optional(),
  normFirst: z.boolean().default(true),
  activation: z.enum(['relu', 'gelu', 'silu', 'swiglu']).default('relu'),
  tiedEmbeddings: z.boolean().default(true),
  attentionBias: z.boolean().default(true),
  positions: z.enum(['sinusoidal', 'learned', 'rotary']).default('sinusoidal'),
  maxLen: count.default(256),
});

const seq2seq = z.strictObject({
  architecture: z.literal('seq2seq'),
  embedSize: count,
  hiddenSize: count,
  numLayers: count,
  bidirectional: z.boolean().default(false),
  dropout: share.default(0),
  maxLen: count.optional(),
});

const bahdanau = z.strictObject({
  architecture: z.literal('bahdanau'),
  embedSize: count,
  hiddenSize: count,
  numLayers: count,
  cell: z.enum(['gru', 'lstm']).default('gru'),
  bidirectional: z.boolean().default(false),
  score: z.enum(['additive', 'dot', 'bilinear']).default('additive'),
  dropout: share.default(0),
  maxLen: count.optional(),
});

const decoding = z.strictObject({
  beamSize: count.default(5),
  alpha: z.number().min(0).default(0.75),
  lengthPenalty: z.enum(['power', 'gnmt']).default('power'),
});

/** A translation recipe. */
export const translationRecipe = z.strictObject({
  task: z.literal('translation'),
  data,
  tokenizer,
  model: z.discriminatedUnion('architecture', [transformer, seq2seq, bahdanau]),
  training: z.strictObject({
    ...trainingKeys,
    maxTokens: count,
    labelSmoothing: share.default(0),
    teacherForcing,
    bleuSentences: count.optional(),
  }),
  decoding: decoding.prefault({}),
  output: z.strictObject({ ...outputKeys, scoreSentences: count.optional() }),
});

/** A translation recipe with its defaults filled in. */
export type TranslationRecipe = z.output<typeof translationRecipe>;
