// Strict validation of request bodies: unknown keys, wrong types and values out of range are named. Here is what modes share.
import { z } from 'zod';
import { contractOf } from '../modes/contract.ts';
import { contracts } from '../modes/contracts.ts';
import { ApiError } from './errors.ts';
import { maxAttentionTokens } from './limits.ts';

/** A number within bounds. */
export const between = ([low, high]: readonly [number, number]) => z.number().min(low).max(high);
/** A whole number within bounds. */
export const integerBetween = ([low, high]: readonly [number, number]) => z.int().min(low).max(high);

/** A text of at most so many UTF-16 units, which may be empty. */
export const textOf = (longest: number) =>
  z
    .string()
    .max(longest)
    .refine((text) => text.isWellFormed(), 'must be well-formed Unicode');
/** The same, of which something must be left without spaces around it. */
export const filledTextOf = (longest: number) =>
  textOf(longest).refine((text) => text.trim() !== '', 'must not be empty');

/** The model that is asked. */
export const model = z
  .string()
  .max(100)
  .default('')
  .describe('A model id of /api/v1/models; empty is the first one for this task.');
/** Whether events are told. */
export const stream = z
  .boolean()
  .default(true)
  .describe('Server-sent events when true, one JSON object when false.');

const longestOutput = Math.max(...contracts.map((contract) => contract.ranges.maxLength[1]));

/** What an answer said. */
export const tokens = z
  .array(z.int().min(0).max(10_000_000))
  .max(longestOutput + 1)
  .describe('Ids of the tokens that the model said, as its answer has them.');

/** Body of `POST /api/v1/attention`. */
export const attentionSchema = z
  .strictObject({
    task: z.enum(contracts.map(({ id }) => id)).default(contracts[0]!.id),
    model,
    text: textOf(Math.max(...contracts.map(({ longestText }) => longestText)))
      .min(1)
      .describe('One line of the source text, or the prompt.'),
    tokens,
    from: integerBetween([0, longestOutput])
      .default(0)
      .describe(
        `A translation’s map has at most ${maxAttentionTokens} tokens on a side: those from this one on, counted from 0. The column … is the rest.`,
      ),
  })
  .refine(({ task, text }) => contractOf(task).verbatim || text.trim() !== '', {
    path: ['text'],
    message: 'must not be empty',
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
