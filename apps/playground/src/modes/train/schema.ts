// Validation of requests to train.
import { z } from 'zod';
import { between, integerBetween, textOf, validate } from '../../api/schema.ts';
import {
  trainArchitectures,
  trainDefaults,
  trainLimits,
  trainSizes,
  taskOf,
  type TrainRequest,
} from '../../api/train.ts';

/** Body of `POST /api/v1/train`. */
export const trainSchema = z.strictObject({
  architecture: z
    .enum(trainArchitectures)
    .default(trainDefaults.architecture)
    .describe('seq2seq, bahdanau and transformer translate pairs; lstm writes text character by character.'),
  size: z.enum(trainSizes).default(trainDefaults.size),
  pairs: textOf(trainLimits.length[1])
    .optional()
    .describe('Lines of a sentence, a tab and its translation. Without it, names of emoji are learnt.'),
  text: textOf(trainLimits.length[1])
    .min(trainLimits.length[0])
    .optional()
    .describe('A text for the character model. Without it, names of emoji are learnt.'),
  target: z
    .string()
    .regex(/^[a-z]{2}$/)
    .default(trainDefaults.target)
    .describe('Language of the names of emoji to translate to from English, for instance fr or zh.'),
  steps: integerBetween(trainLimits.steps).default(trainDefaults.steps),
  learningRate: between(trainLimits.learningRate).optional().describe('Default: the architecture’s own.'),
  seed: integerBetween(trainLimits.seed).default(trainDefaults.seed),
});

/** A request whose data fits its architecture. */
const fitting = trainSchema
  .refine(({ architecture, pairs }) => pairs === undefined || taskOf(architecture) === 'translate', {
    path: ['pairs'],
    message: 'are for seq2seq, bahdanau and transformer; send text for lstm',
  })
  .refine(({ architecture, text }) => text === undefined || taskOf(architecture) === 'generate', {
    path: ['text'],
    message: 'is for lstm; send pairs for the others',
  });

/** Checks the body of a request to train. */
export function parseTrainRequest(body: unknown): TrainRequest {
  return validate<TrainRequest>(fitting as unknown as z.ZodType<TrainRequest>, body);
}
