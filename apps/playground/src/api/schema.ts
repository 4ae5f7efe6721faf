// Strict validation of request bodies: unknown keys, wrong types and values out of range are named.
import { z } from 'zod';
import { ApiError } from './errors.ts';
import {
  defaultSettings,
  maxAttentionTokens,
  maxPromptLength,
  maxScoredLength,
  maxTextLength,
  maxTextLines,
  ranges,
  taskDefaults,
  taskRanges,
} from './limits.ts';
import type { AttentionRequest, GenerateRequest, ProbabilitiesRequest, TranslateRequest } from './types.ts';

const between = ([low, high]: readonly [number, number]) => z.number().min(low).max(high);
const integerBetween = ([low, high]: readonly [number, number]) => z.int().min(low).max(high);

const model = z
  .string()
  .max(100)
  .default('')
  .describe('A model id of /api/v1/models; empty is the first one for this task.');
const stream = z
  .boolean()
  .default(true)
  .describe('Server-sent events when true, one JSON object when false.');

/** Body of `POST /api/v1/translate`. */
export const translateSchema = z
  .strictObject({
    text: z
      .string()
      .max(maxTextLength)
      .refine((text) => text.trim() !== '', 'must not be empty')
      .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')
      .refine((text) => text.split('\n').length <= maxTextLines, `must have at most ${maxTextLines} lines`)
      .describe('The text to translate; each line is translated on its own.'),
    model,
    strategy: z.enum(['greedy', 'beam', 'sampling']).default(defaultSettings.strategy),
    beam: integerBetween(ranges.beam).optional().describe('Default: the model’s own.'),
    lengthPenalty: between(ranges.lengthPenalty).optional().describe('Default: the model’s own.'),
    temperature: between(ranges.temperature).default(defaultSettings.temperature),
    topK: integerBetween(ranges.topK).default(defaultSettings.topK),
    topP: between(ranges.topP).default(defaultSettings.topP),
    minP: between(ranges.minP).default(defaultSettings.minP),
    repetitionPenalty: between(ranges.repetitionPenalty).default(defaultSettings.repetitionPenalty),
    seed: integerBetween(ranges.seed).default(defaultSettings.seed),
    maxLength: integerBetween(ranges.maxLength).default(defaultSettings.maxLength),
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

/** Body of `POST /api/v1/generate`. */
export const generateSchema = z.strictObject({
  prompt: z
    .string()
    .min(1)
    .max(maxPromptLength)
    .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')
    .describe('The text to go on from.'),
  model,
  temperature: between([0, ranges.temperature[1]])
    .optional()
    .describe('0 takes the likeliest token always. Default: the model’s own.'),
  topK: integerBetween(ranges.topK).default(defaultSettings.topK),
  topP: between(ranges.topP).optional().describe('Default: the model’s own.'),
  minP: between(ranges.minP).default(defaultSettings.minP),
  repetitionPenalty: between(ranges.repetitionPenalty).default(defaultSettings.repetitionPenalty),
  seed: integerBetween(ranges.seed).default(defaultSettings.seed),
  maxTokens: integerBetween(taskRanges.generate.maxLength).default(taskDefaults.generate.maxLength),
  stream,
});

const tokens = z
  .array(z.int().min(0).max(10_000_000))
  .max(taskRanges.generate.maxLength[1] + 1)
  .describe('Ids of the tokens that the model said, as its answer has them.');

/** Body of `POST /api/v1/probabilities`. */
export const probabilitiesSchema = z.strictObject({
  model,
  text: z
    .string()
    .max(maxTextLength)
    .refine((text) => text.trim() !== '', 'must not be empty')
    .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')
    .describe('One line of the source text.'),
  tokens,
  repetitionPenalty: between(ranges.repetitionPenalty).default(defaultSettings.repetitionPenalty),
});

/** Body of `POST /api/v1/attention`. */
export const attentionSchema = z
  .strictObject({
    task: z.enum(['translate', 'generate']).default('translate'),
    model,
    text: z
      .string()
      .min(1)
      .max(maxPromptLength)
      .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')
      .describe('One line of the source text, or the prompt.'),
    tokens,
    from: z
      .int()
      .min(0)
      .max(taskRanges.generate.maxLength[1])
      .default(0)
      .describe(
        `A translation’s map has at most ${maxAttentionTokens} tokens on a side: those from this one on, counted from 0. The column … is the rest.`,
      ),
  })
  .refine(({ task, text }) => task === 'generate' || text.trim() !== '', {
    path: ['text'],
    message: 'must not be empty',
  });

/** Body of `POST /api/v1/score`. */
export const scoreSchema = z.strictObject({
  hypothesis: z
    .string()
    .max(maxScoredLength)
    .refine((text) => text.isWellFormed(), 'must be well-formed Unicode'),
  reference: z
    .string()
    .max(maxScoredLength)
    .refine((text) => text.trim() !== '', 'must not be empty')
    .refine((text) => text.isWellFormed(), 'must be well-formed Unicode'),
  target: z
    .string()
    .max(35)
    .default('')
    .describe('Language of both, for instance zh: those written without spaces are taken apart for it.'),
});

/** Checks a parsed JSON body against a schema; throws an ApiError that names the field and what to do. */
export function validate<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue!.path.join('.') || 'body';
  throw new ApiError(
    400,
    'invalid_request',
    `${field}: ${issue!.message}; see /api/v1/openapi.json for the allowed values`,
  );
}

/** A checked request before the model's own settings are filled in. */
export type ParsedRequest = Omit<TranslateRequest, 'beam' | 'lengthPenalty'> & {
  beam?: number;
  lengthPenalty?: number;
};

/** A checked request before the model's own settings are filled in. */
export type ParsedGenerateRequest = Omit<GenerateRequest, 'temperature' | 'topP'> & {
  temperature?: number;
  topP?: number;
};

/** Parses and checks the body of a request for attention weights. */
export function parseAttentionRequest(body: unknown): AttentionRequest {
  return { ...validate(attentionSchema as z.ZodType<Omit<AttentionRequest, 'stream'>>, body), stream: false };
}

/** Parses and checks the body of a request for next-token probabilities. */
export function parseProbabilitiesRequest(body: unknown): ProbabilitiesRequest {
  const parsed = validate(probabilitiesSchema as z.ZodType<Omit<ProbabilitiesRequest, 'stream'>>, body);
  return { ...parsed, stream: false };
}

/** Parses and checks the body of a request to generate. */
export function parseGenerateRequest(body: unknown): ParsedGenerateRequest {
  return validate<ParsedGenerateRequest>(generateSchema as z.ZodType<ParsedGenerateRequest>, body);
}

/** Parses and checks the body of a translation request. */
export function parseTranslateRequest(body: unknown): ParsedRequest {
  return validate<ParsedRequest>(translateSchema as z.ZodType<ParsedRequest>, body);
}
