// Validation of requests to generate.
import { z } from 'zod';
import { between, integerBetween, model, stream, textOf } from '../../api/schema.ts';
import { generateContract, maxPromptLength } from './contract.ts';

const { defaults, ranges } = generateContract;

/** Body of `POST /api/v1/generate`. */
export const generateSchema = z.strictObject({
  prompt: textOf(maxPromptLength).min(1).describe('The text to go on from.'),
  model,
  temperature: between([0, ranges.temperature[1]])
    .optional()
    .describe('0 takes the likeliest token always. Default: the model’s own.'),
  topK: integerBetween(ranges.topK).default(defaults.topK),
  topP: between(ranges.topP).optional().describe('Default: the model’s own.'),
  minP: between(ranges.minP).default(defaults.minP),
  repetitionPenalty: between(ranges.repetitionPenalty).default(defaults.repetitionPenalty),
  seed: integerBetween(ranges.seed).default(defaults.seed),
  maxTokens: integerBetween(ranges.maxLength).default(defaults.maxLength),
  stream,
});
