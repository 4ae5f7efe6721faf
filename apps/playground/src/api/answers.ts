// The shape of answers and events that modes share, for the API's description; what handlers send must fit.
import { z } from 'zod';
import { contracts } from '../modes/contracts.ts';
import type {
  ApiErrorBody,
  AttentionResult,
  BeamNode,
  Candidate,
  DecodingSettings,
  LabelledMap,
  ModelCard,
  ModelList,
  OutputToken,
  ScoredToken,
  Segment,
  StreamEvent,
} from './types.ts';

export const text = z.string();
export const number = z.number();
export const count = z.int().min(0);
const task = z.enum(contracts.map(({ id }) => id));
export const optional = z.exactOptional;

export const errorShape = z.strictObject({ code: text, message: text });
const error = z.strictObject({ error: errorShape }) satisfies z.ZodType<ApiErrorBody>;

export const scoredToken = z.strictObject({
  id: count,
  text,
  logProb: number,
}) satisfies z.ZodType<ScoredToken>;
export const outputToken = scoredToken.extend({
  top: z.array(scoredToken).describe('The most probable tokens at this position, best first.'),
}) satisfies z.ZodType<OutputToken>;
const beamNode = scoredToken.extend({
  parent: z.int().min(-1).describe('Place among the kept nodes of the step before; -1 at the root.'),
  total: number.describe('Sum of log-probabilities from the start.'),
  state: z.enum(['kept', 'finished']),
}) satisfies z.ZodType<BeamNode>;

const candidate = z.strictObject({
  text,
  tokens: z.array(scoredToken),
  logProb: number,
  score: number.describe('The log-probability after the length penalty.'),
}) satisfies z.ZodType<Candidate>;

const kind = z.enum(['cross', 'source', 'target', 'self']);
const layers = z.array(z.array(z.array(z.array(number)))).describe('[layer][head][row][column]');
const labelledMap = z.strictObject({
  kind,
  layers,
  rows: z.array(text),
  columns: z.array(text),
}) satisfies z.ZodType<LabelledMap>;

export const segment = candidate.extend({
  source: text,
  sourceTokens: z.array(text),
  alternatives: z.array(candidate),
  attention: optional(z.strictObject({ kind, layers })),
}) satisfies z.ZodType<Segment>;

export const timing = z
  .strictObject({ queued: number, firstToken: number, total: number })
  .describe('Milliseconds from the request’s arrival.');

const attentionResult = z.strictObject({
  model: text,
  maps: z.array(labelledMap),
}) satisfies z.ZodType<AttentionResult>;

/** An event of a stream: its name is in its data too. */
export const event = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.strictObject({ type: z.literal(type), ...shape });

/** The events of a stream, which ends with one of `results`: what the modes' routes finally say. */
export const streamEventOf = (results: readonly z.ZodObject[]) =>
  z.union([
    event('queued', { position: count }),
    event('start', { segment: count, source: text, sourceTokens: z.array(text) }),
    event('token', { segment: count, text, token: outputToken }),
    event('step', { segment: count, step: count, text, nodes: z.array(beamNode) }),
    event('segment', { segment: count, result: segment }),
    ...results.map(({ shape }) => event('done', shape)),
    event('error', errorShape.shape),
  ]) as z.ZodType<StreamEvent>;

const settings = z.strictObject({
  strategy: z.enum(['greedy', 'beam', 'sampling']),
  beam: number,
  lengthPenalty: number,
  temperature: number,
  topK: number,
  topP: number,
  minP: number,
  repetitionPenalty: number,
  seed: number,
  maxLength: number,
}) satisfies z.ZodType<DecodingSettings>;
const someSettings = z.strictObject(
  Object.fromEntries(Object.entries(settings.shape).map(([name, value]) => [name, optional(value)])),
) as unknown as z.ZodType<Partial<DecodingSettings>>;

const modelCard = z.strictObject({
  id: text,
  task,
  name: text,
  architecture: text,
  source: text,
  target: text,
  parameters: count,
  bytes: count,
  data: text,
  metrics: z.array(
    z.strictObject({ name: text, value: number, signature: optional(text), data: optional(text) }),
  ),
  decoding: someSettings,
  shows: z.strictObject({ attention: z.boolean(), beamTree: z.boolean(), probabilities: z.boolean() }),
}) satisfies z.ZodType<ModelCard>;
const modelList = z.strictObject({
  models: z.array(modelCard),
  default: text.nullable(),
  defaults: settings,
}) satisfies z.ZodType<ModelList>;

const health = z.strictObject({
  status: z.enum(['starting', 'ready', 'failed']),
  reason: optional(text),
  backend: z.strictObject({ name: text, reason: text, threads: count }).nullable(),
  models: z.array(text),
  loadMilliseconds: count.nullable(),
  queue: z.strictObject({ running: count, waiting: count, limit: count }),
  restarts: count,
  uptimeSeconds: count,
  memory: z.strictObject({ residentBytes: count, heapBytes: count, tensors: count, tensorBytes: count }),
});

const openapiDocument = z.looseObject({ openapi: text, paths: z.looseObject({}) });

/** The schemas that no mode brings, by the names that the description gives them. */
export const answers = {
  Error: error,
  ScoredToken: scoredToken,
  OutputToken: outputToken,
  BeamNode: beamNode,
  Candidate: candidate,
  AttentionMap: labelledMap,
  Segment: segment,
  AttentionResult: attentionResult,
  ModelCard: modelCard,
  ModelList: modelList,
  Health: health,
  OpenApi: openapiDocument,
};
