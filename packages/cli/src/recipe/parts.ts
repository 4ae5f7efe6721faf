// What all recipes share: training, schedules, output, and the kinds of numbers.
import { z } from 'zod';

export const positive = z.number().positive();
export const count = z.int().positive();
export const share = z.number().min(0).lt(1);

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

/** Probability that a recurrent decoder is given the true token before, in training, and not its own. */
export const teacherForcing = z.number().min(0).max(1).default(1);

/** Sizes of an encoder-decoder Transformer. */
export const transformerSizes = {
  dim: count,
  numHeads: count,
  ffnDim: count,
  encoderLayers: count,
  decoderLayers: count,
};

/** How a model is trained, whatever it is. */
export const trainingKeys = {
  seed: z.int().min(0),
  optimizer: z.enum(['adam', 'adamw', 'sgd']).default('adam'),
  lr: positive,
  betas: z.tuple([share, share]).default([0.9, 0.999]),
  weightDecay: z.number().min(0).default(0),
  clipNorm: positive.optional(),
  accumulate: count.default(1),
  schedule: schedule.default({ kind: 'constant' }),
  epochs: count.optional(),
  maxSteps: count.optional(),
  maxTime: positive.optional(),
  evaluateEvery: count.default(500),
  saveEvery: count.default(500),
  keepLast: count.default(2),
  average: count.default(1),
  keepBest: z.boolean().default(false),
  patience: count.optional(),
};

/** How a model is stored. */
export const outputKeys = {
  dtype: z.enum(['F32', 'F16', 'BF16']).default('F16'),
  name: z.string(),
};
