// The recipe of the book's translation run; every key is documented in recipes/book/.
import { z } from 'zod';
import { count, positive, share } from './parts.ts';

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
  model: z.strictObject({
    architecture: z.enum(['seq2seq', 'bahdanau']),
    embedSize: count,
    hiddenSize: count,
    numLayers: count,
    dropout: share.default(0),
  }),
  training: z.strictObject({
    seeds: z.array(z.int().min(0)).min(1),
    batchSize: count,
    lr: positive,
    clipNorm: positive,
    epochs: count,
  }),
  output: z.strictObject({ name: z.string() }),
});

/** The recipe with its defaults filled in. */
export type BookTranslationRecipe = z.output<typeof bookTranslationRecipe>;
