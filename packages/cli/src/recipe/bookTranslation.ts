// The recipe of the book's translation run; every key is documented in recipes/book/.
import { z } from 'zod';
import { count, positive, share, teacherForcing, transformerSizes } from './parts.ts';

const recurrent = z.strictObject({
  architecture: z.enum(['seq2seq', 'bahdanau']),
  embedSize: count,
  hiddenSize: count,
  numLayers: count,
  dropout: share.default(0),
});

const transformer = z.strictObject({
  architecture: z.literal('transformer'),
  ...transformerSizes,
  dropout: share.default(0),
  attentionDropout: share.optional(), // as `dropout`
  hiddenDropout: share.default(0),
  normFirst: z.boolean().default(false),
  attentionBias: z.boolean().default(false),
  outputBias: z.boolean().default(true),
  tiedEmbeddings: z.literal(false).default(false), // two vocabularies
});

/** The book's sequence-to-sequence run: word tokens, fixed lengths, BLEU of four sentences, over several seeds. */
export const bookTranslationRecipe = z.strictObject({
  task: z.literal('book-translation'),
  data: z
    .strictObject({
      set: z.literal('fra-eng').default('fra-eng'),
      numExamples: count.default(600),
      numSteps: count.default(10),
      minFrequency: count.default(2),
    })
    .prefault({}),
  model: z.discriminatedUnion('architecture', [recurrent, transformer]),
  training: z.strictObject({
    seeds: z.array(z.int().min(0)).min(1),
    batchSize: count,
    lr: positive,
    clipNorm: positive,
    epochs: count,
    embeddingDeviation: positive.optional(),
    teacherForcing,
  }),
  output: z.strictObject({ name: z.string() }),
});

/** The recipe with its defaults filled in. */
export type BookTranslationRecipe = z.output<typeof bookTranslationRecipe>;
