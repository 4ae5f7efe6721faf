// Validation of requests to translate, and for what else was probable, and to score.
import { z } from 'zod';
import { between, filledTextOf, integerBetween, model, stream, textOf, tokens } from '../../api/schema.ts';
import { maxScoredLength, maxTextLength, maxTextLines, translateContract } from './contract.ts';

const { defaults, ranges } = translateContract;

/** Body of `POST /api/v1/translate`. */
export const translateSchema = z
  .strictObject({
    text: filledTextOf(maxTextLength)
      .refine((text) => text.split('\n').length <= maxTextLines, `must have at most ${maxTextLines} lines`)
      .describe('The text to translate; each line is translated on its own.'),
    model,
    strategy: z.enum(['greedy', 'beam', 'sampling']).default(defaults.strategy),
    beam: integerBetween(ranges.beam).optional().describe('Default: the model’s own.'),
    lengthPenalty: between(ranges.lengthPenalty).optional().describe('Default: the model’s own.'),
    temperature: between(ranges.temperature).default(defaults.temperature),
    topK: integerBetween(ranges.topK).default(defaults.topK),
    topP: between(ranges.topP).default(defaults.topP),
    minP: between(ranges.minP).default(defaults.minP),
    repetitionPenalty: between(ranges.repetitionPenalty).default(defaults.repetitionPenalty),
    seed: integerBetween(ranges.seed).default(defaults.seed),
    maxLength: integerBetween(ranges.maxLength).default(defaults.maxLength),
    prefix: z
      .array(z.int().min(0).max(10_000_000))
      .max(ranges.maxLength[1])
      .default([])
      .describe('Piece ids that the output of one line must begin with, as `tokens` of an answer have them.'),
    prefixLine: z
      .int()
      .min(0)
      .max(maxTextLines - 1)
      .default(0)
      .describe('The line of the text that `prefix` is for; 0 is the first.'),
    attention: z.boolean().default(false).describe('Add attention weights to each finished segment.'),
    stream,
  })
  .refine(({ text, prefixLine }) => prefixLine < text.split('\n').length, {
    path: ['prefixLine'],
    message: 'must be a line of the text, counted from 0',
  });

/** Body of `POST /api/v1/probabilities`. */
export const probabilitiesSchema = z.strictObject({
  model,
  text: filledTextOf(maxTextLength).describe('One line of the source text.'),
  tokens,
  repetitionPenalty: between(ranges.repetitionPenalty).default(defaults.repetitionPenalty),
});

/** Body of `POST /api/v1/score`. */
export const scoreSchema = z.strictObject({
  hypothesis: textOf(maxScoredLength),
  reference: filledTextOf(maxScoredLength),
  target: z
    .string()
    .max(35)
    .default('')
    .describe('Language of both, for instance zh: those written without spaces are taken apart for it.'),
});
