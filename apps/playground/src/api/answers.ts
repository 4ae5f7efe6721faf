// The shape of every answer and event, for the API's description; what handlers send must fit.
import { z } from 'zod';
import {
  trainArchitectures,
  trainSizes,
  type TrainEvent,
  type TrainList,
  type TrainPoint,
  type TrainRun,
} from './train.ts';
import type {
  ApiErrorBody,
  AttentionResult,
  BeamNode,
  Candidate,
  DecodingSettings,
  GenerateResult,
  LabelledMap,
  ModelCard,
  ModelList,
  OutputToken,
  ProbabilitiesResult,
  ScoredToken,
  ScoreResult,
  Segment,
  StreamEvent,
  TranslateResult,
} from './types.ts';

const text = z.string();
const number = z.number();
const count = z.int().min(0);
const task = z.enum(['translate', 'generate']);
const optional = z.exactOptional;

const errorShape = z.strictObject({ code: text, message: text });
const error = z.strictObject({ error: errorShape }) satisfies z.ZodType<ApiErrorBody>;

const scoredToken = z.strictObject({ id: count, text, logProb: number }) satisfies z.ZodType<ScoredToken>;
const outputToken = scoredToken.extend({
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

const segment = candidate.extend({
  source: text,
  sourceTokens: z.array(text),
  alternatives: z.array(candidate),
  attention: optional(z.strictObject({ kind, layers })),
}) satisfies z.ZodType<Segment>;

const timing = z
  .strictObject({ queued: number, firstToken: number, total: number })
  .describe('Milliseconds from the request’s arrival.');

const translateResult = z.strictObject({
  model: text,
  translation: text,
  segments: z.array(segment),
  timing,
}) satisfies z.ZodType<TranslateResult>;
const generateResult = z.strictObject({
  model: text,
  prompt: text,
  text,
  tokens: z.array(scoredToken),
  logProb: number,
  timing,
}) satisfies z.ZodType<GenerateResult>;
const attentionResult = z.strictObject({
  model: text,
  maps: z.array(labelledMap),
}) satisfies z.ZodType<AttentionResult>;
const probabilitiesResult = z.strictObject({
  model: text,
  tokens: z.array(outputToken),
}) satisfies z.ZodType<ProbabilitiesResult>;
const scoreResult = z.strictObject({
  scores: z.array(z.strictObject({ name: text, value: number, signature: text })),
  tokens: z.array(
    z.strictObject({ text, match: count.describe('The longest n-gram through it that the reference has.') }),
  ),
}) satisfies z.ZodType<ScoreResult>;

/** An event of a stream: its name is in its data too. */
const event = <Type extends string, Shape extends z.ZodRawShape>(type: Type, shape: Shape) =>
  z.strictObject({ type: z.literal(type), ...shape });

const streamEvent = z.union([
  event('queued', { position: count }),
  event('start', { segment: count, source: text, sourceTokens: z.array(text) }),
  event('token', { segment: count, text, token: outputToken }),
  event('step', { segment: count, step: count, text, nodes: z.array(beamNode) }),
  event('segment', { segment: count, result: segment }),
  event('done', translateResult.shape),
  event('done', generateResult.shape),
  event('error', errorShape.shape),
]) satisfies z.ZodType<StreamEvent>;

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

const status = z.enum(['running', 'paused', 'done', 'stopped', 'failed']);
const point = z.strictObject({
  step: count,
  loss: number.describe('Nats a token.'),
  bleu: optional(number),
}) satisfies z.ZodType<TrainPoint>;
const trainRun = z.strictObject({
  id: text,
  status,
  task,
  data: z.enum(['emoji', 'pairs', 'text']),
  dataSize: count,
  settings: z.strictObject({
    architecture: z.enum(trainArchitectures),
    size: z.enum(trainSizes),
    target: text,
    steps: count,
    learningRate: number,
    seed: count,
  }),
  createdAt: count.describe('Milliseconds since 1970.'),
  parameters: count.nullable(),
  step: count,
  elapsed: number.describe('Seconds of training.'),
  tokensPerSecond: number,
  train: z.array(point),
  heldOut: z.array(point),
  checkpoints: z.array(count),
  signature: optional(text),
  error: optional(errorShape),
}) satisfies z.ZodType<TrainRun>;
const trainList = z.strictObject({
  runs: z.array(trainRun),
  limits: z.record(text, z.union([number, z.tuple([number, number])])),
}) as unknown as z.ZodType<TrainList>;
const trainEvent = z.union([
  event('run', { run: trainRun }),
  event('start', { parameters: count, signature: optional(text) }),
  event('progress', { step: count, elapsed: number, tokensPerSecond: number }),
  event('train', { point, elapsed: number }),
  event('heldOut', { point, elapsed: number }),
  event('checkpoints', { steps: z.array(count) }),
  event('status', { status, error: optional(errorShape) }),
]) satisfies z.ZodType<TrainEvent>;
const deleted = z.strictObject({ deleted: text });

const openapiDocument = z.looseObject({ openapi: text, paths: z.looseObject({}) });

/** The schemas by the names that the description gives them. */
export const answers = {
  Error: error,
  ScoredToken: scoredToken,
  OutputToken: outputToken,
  BeamNode: beamNode,
  Candidate: candidate,
  AttentionMap: labelledMap,
  Segment: segment,
  TranslateResult: translateResult,
  GenerateResult: generateResult,
  AttentionResult: attentionResult,
  ProbabilitiesResult: probabilitiesResult,
  ScoreResult: scoreResult,
  StreamEvent: streamEvent,
  ModelCard: modelCard,
  ModelList: modelList,
  Health: health,
  TrainRun: trainRun,
  TrainList: trainList,
  TrainEvent: trainEvent,
  Deleted: deleted,
  OpenApi: openapiDocument,
};
