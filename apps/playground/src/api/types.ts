// The JSON that crosses the wire under /api/v1: what the page, the server and the worker all speak.

/** What a model is for: the id of a chat mode, which has a folder in src/modes and a route of the API. */
export type Task = string;

/** How the next token is chosen. */
export type Strategy = 'greedy' | 'beam' | 'sampling';

/** Every decoding setting, with the names used in requests. */
export interface DecodingSettings {
  strategy: Strategy;
  /** Hypotheses kept at each step (beam only). */
  beam: number;
  /** Scores are log-probability / length^lengthPenalty (beam only). */
  lengthPenalty: number;
  /** Divides the logits before sampling. */
  temperature: number;
  /** Sample among the k most probable tokens; 0 is all. */
  topK: number;
  /** Sample among the fewest tokens whose probabilities sum to p. */
  topP: number;
  /** Sample among the tokens with at least this share of the likeliest one's probability; 0 is all. */
  minP: number;
  /** Divides the logits of tokens already said; 1 is none. */
  repetitionPenalty: number;
  /** Seeds the sampling; the same seed gives the same text. */
  seed: number;
  /** Longest output in tokens. */
  maxLength: number;
}

/** What every request to a model has. */
export interface ModelRequest {
  model: string;
  /** Server-sent events when true, one JSON object when not. */
  stream?: boolean;
}

/** Body of `POST /api/v1/attention` once defaults are filled in. */
export interface AttentionRequest extends ModelRequest {
  task: Task;
  /** The line that was asked about, or the prompt. */
  text: string;
  /** Ids of the tokens that the model said. */
  tokens: number[];
  /** Of a side with more tokens than are told, the first that is; 0 by default. */
  from?: number;
}

/** What the worker is asked: one kind of job of one mode, and the request for it. */
export interface JobRequest<Request extends ModelRequest = ModelRequest> {
  task: Task;
  /** `answer` is what the mode's own route asks for. */
  kind: string;
  request: Request;
}

/** One piece of the vocabulary and how probable the model found it. */
export interface ScoredToken {
  id: number;
  text: string;
  logProb: number;
}

/** A token of the output, with what else was considered. */
export interface OutputToken extends ScoredToken {
  /** The most probable next tokens at this position, best first. */
  top: ScoredToken[];
}

/** A node of the beam tree: one token appended to one hypothesis of the step before. */
export interface BeamNode extends ScoredToken {
  /** Index of the hypothesis this one extends, among the previous step's kept nodes; -1 at the root. */
  parent: number;
  /** Sum of log-probabilities from the start. */
  total: number;
  /** Whether search went on from it or it ended here. A kept node that none extends was pruned. */
  state: 'kept' | 'finished';
}

/**
 * Attention weights of one kind: `[layer][head][token that looks][token looked at]`. `cross` is output to source, `source`
 * and `target` are within each, `self` is within the text of a language model.
 */
export interface AttentionMap {
  kind: 'cross' | 'source' | 'target' | 'self';
  layers: number[][][][];
}

/** Which tokens look at which. */
export interface LabelledMap extends AttentionMap {
  rows: string[];
  columns: string[];
}

/** One finished candidate. */
export interface Candidate {
  text: string;
  tokens: ScoredToken[];
  /** Sum of the tokens' natural-log probabilities. */
  logProb: number;
  /** What candidates are ranked by: log-probability after the length penalty. */
  score: number;
}

/** Output for one line of the text. */
export interface Segment extends Candidate {
  source: string;
  sourceTokens: string[];
  alternatives: Candidate[];
  attention?: AttentionMap;
  /** Every layer and head, where that is what was asked for. */
  maps?: LabelledMap[];
  /** The tokens with what else was probable, where that is what was asked for. */
  outputs?: OutputToken[];
}

/** Milliseconds from the request's arrival. */
export interface Timing {
  queued: number;
  firstToken: number;
  total: number;
}

/** What the route of every mode finally says, beside the mode's own. */
export interface AnswerResult {
  model: string;
  timing: Timing;
}

/** What `POST /api/v1/attention` says. */
export interface AttentionResult {
  model: string;
  /** None for a model without attention. */
  maps: LabelledMap[];
}

/** Messages of the event stream; `type` is also the SSE event name. */
export type StreamEvent =
  | { type: 'queued'; position: number }
  | { type: 'start'; segment: number; source: string; sourceTokens: string[] }
  /** A token is final (greedy, sampling). `text` is the output of this segment so far. */
  | { type: 'token'; segment: number; text: string; token: OutputToken }
  /** A beam step: `nodes` are its candidates, `text` the best hypothesis so far, which may still change. */
  | { type: 'step'; segment: number; step: number; text: string; nodes: BeamNode[] }
  | { type: 'segment'; segment: number; result: Segment }
  | ({ type: 'done' } & AnswerResult)
  | { type: 'error'; code: string; message: string };

/** One line of a model's scores. */
export interface ModelMetric {
  name: string;
  value: number;
  signature?: string;
  data?: string;
}

/** What `GET /api/v1/models` says about a model. */
export interface ModelCard {
  id: string;
  task: Task;
  name: string;
  architecture: string;
  /** Languages of a translation model. */
  source: string;
  target: string;
  parameters: number;
  /** Size of the weights on disk. */
  bytes: number;
  data: string;
  metrics: ModelMetric[];
  /** How the model is searched when a request does not say. */
  decoding: Partial<DecodingSettings>;
  /** What the model can show beside its text. */
  shows: { attention: boolean; beamTree: boolean; probabilities: boolean };
}

/** Body of `GET /api/v1/models`. */
export interface ModelList {
  models: ModelCard[];
  /** The model and the settings of a request of the first mode that names none. */
  default: string | null;
  defaults: DecodingSettings;
}

/** Body of every answer with a status of 400 or more. */
export interface ApiErrorBody {
  error: { code: string; message: string };
}
