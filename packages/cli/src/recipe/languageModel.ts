// The recipe of a language model; every key is documented in recipes/.
import { z } from 'zod';
import { count, outputKeys, positive, share, trainingKeys } from './parts.ts';

const data = z
  .strictObject({
    set: z.enum(['tiny-shakespeare', 'time-machine']).optional(),
    file: z.string().optional(),
    licence: z.string().optional(),
    cleaning: z.enum(['none', 'book']).default('none'),
    heldOut: share.default(0.1),
    maxTokens: count.optional(),
  })
  .refine(({ set, file }) => (set === undefined) !== (file === undefined), 'give either set or file');

const tokenizer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('char'), minFrequency: count.default(1) }),
  z.strictObject({ kind: z.literal('word'), minFrequency: count.default(1) }),
  z.strictObject({ kind: z.literal('bpe'), vocabSize: count, minFrequency: count.default(2) }),
]);

const cell = z.enum(['rnn', 'gru', 'lstm']);

const rnn = z.strictObject({
  architecture: z.literal('rnn'),
  cell,
  hiddenSize: count,
  numLayers: count.default(1),
  embedSize: count.optional(),
  dropout: share.default(0),
  tiedEmbeddings: z.boolean().default(false),
  bidirectional: z.boolean().default(false),
  init: z.enum(['pytorch', 'book']).default('pytorch'),
});

const scratch = z.strictObject({ architecture: z.literal('scratch'), cell, hiddenSize: count });

const transformer = z.strictObject({
  architecture: z.literal('transformer'),
  dim: count,
  numHeads: count,
  ffnDim: count,
  numLayers: count,
  dropout: share.default(0),
  attentionDropout: share.optional(),
  hiddenDropout: share.optional(),
  positions: z.enum(['rotary', 'learned', 'sinusoidal']).default('rotary'),
  activation: z.enum(['gelu', 'relu', 'silu', 'swiglu']).default('gelu'),
  normFirst: z.boolean().default(true),
  attentionBias: z.boolean().default(true),
  tiedEmbeddings: z.boolean().default(true),
});

const training = z.strictObject({
  ...trainingKeys,
  batchSize: count,
  numSteps: count,
  sampling: z.enum(['sequential', 'random']).default('sequential'),
});

const generation = z.strictObject({
  prompt: z.string().optional(),
  temperature: z.number().positive().default(1),
  topP: z.number().positive().max(1).default(1),
});

/** A language model recipe. */
export const languageModelRecipe = z.strictObject({
  task: z.literal('language-model'),
  data,
  tokenizer,
  model: z.discriminatedUnion('architecture', [rnn, scratch, transformer]),
  training,
  generation: generation.prefault({}),
  output: z.strictObject({ ...outputKeys, ngramOrder: count.optional(), book: positive.optional() }),
});

/** A language model recipe with its defaults filled in. */
export type LanguageModelRecipe = z.output<typeof languageModelRecipe>;
