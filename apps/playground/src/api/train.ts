// Training over the wire: settings, a run as the page sees it, the events that change it, and their bounds.
/** Models that can be trained: three translators and a language model over characters. */
export const trainArchitectures = ['seq2seq', 'bahdanau', 'transformer', 'lstm'] as const;
export type TrainArchitecture = (typeof trainArchitectures)[number];

/** Sizes of a model, from seconds to minutes. */
export const trainSizes = ['small', 'medium', 'large'] as const;
export type TrainSize = (typeof trainSizes)[number];

/** Bounds on what is trained and kept. */
export const trainLimits = {
  /** UTF-16 units of pasted pairs or text. */
  length: [500, 400_000],
  pairs: [10, 20_000],
  /** Different characters of a text: each is a row of the model's matrices. */
  characters: 6000,
  steps: [10, 5000],
  learningRate: [0.00001, 0.1],
  seed: [0, 4294967295],
  /** Seconds that a run may train. */
  seconds: 1800,
  /** Runs that are kept, and bytes that they may take together. */
  runs: 12,
  bytes: 1_000_000_000,
  /** Checkpoints of a run that are kept. */
  checkpoints: 24,
  /** Pages that may watch at once. */
  watchers: 64,
} as const;

/** Largest body of a request to train in bytes. */
export const maxTrainBodyBytes = 2 * 1024 * 1024;

/** Modes whose models can be trained. */
export const trainTasks = ['translate', 'generate'] as const;
export type TrainTask = (typeof trainTasks)[number];

/** What an architecture is for. */
export const taskOf = (architecture: TrainArchitecture): TrainTask =>
  architecture === 'lstm' ? 'generate' : 'translate';

/** The learning rate of each architecture where none is given. */
export const learningRates: Record<TrainArchitecture, number> = {
  seq2seq: 0.01,
  bahdanau: 0.01,
  transformer: 0.005,
  lstm: 0.01,
};

/** Settings where a request names none. */
export const trainDefaults = {
  architecture: 'transformer',
  size: 'small',
  target: 'fr',
  steps: 400,
  seed: 1,
} as const;

/** How a model is trained. */
export interface TrainSettings {
  architecture: TrainArchitecture;
  size: TrainSize;
  /** Language that the embedded pairs translate to. */
  target: string;
  steps: number;
  learningRate: number;
  seed: number;
}

/** Body of `POST /api/v1/train`; without pairs or text the embedded names of emoji are learnt. */
export interface TrainRequest extends Omit<TrainSettings, 'learningRate'> {
  learningRate?: number;
  /** Lines of a sentence, a tab and its translation. */
  pairs?: string;
  text?: string;
}

/** `failed` and `stopped` runs end where they are; a paused one can go on. */
export type TrainStatus = 'running' | 'paused' | 'done' | 'stopped' | 'failed';

/** One point of a curve. */
export interface TrainPoint {
  step: number;
  /** Nats a token. */
  loss: number;
  bleu?: number;
}

/** A training run. */
export interface TrainRun {
  id: string;
  status: TrainStatus;
  task: TrainTask;
  data: 'emoji' | 'pairs' | 'text';
  /** Pairs, or characters of text. */
  dataSize: number;
  settings: TrainSettings;
  /** Milliseconds since 1970. */
  createdAt: number;
  parameters: number | null;
  step: number;
  /** Seconds of training, over all resumed parts. */
  elapsed: number;
  tokensPerSecond: number;
  /** On the batches trained on, and on what is held out. */
  train: TrainPoint[];
  heldOut: TrainPoint[];
  /** Steps whose models are kept, ascending. */
  checkpoints: number[];
  /** sacreBLEU's signature of the BLEU scores. */
  signature?: string;
  error?: { code: string; message: string };
}

/** What changes a run; `run` is the whole of it, told first. */
export type TrainEvent =
  | { type: 'run'; run: TrainRun }
  | { type: 'start'; parameters: number; signature?: string }
  | { type: 'progress'; step: number; elapsed: number; tokensPerSecond: number }
  | { type: 'train' | 'heldOut'; point: TrainPoint; elapsed: number }
  | { type: 'checkpoints'; steps: number[] }
  | { type: 'status'; status: TrainStatus; error?: { code: string; message: string } };

/** Body of `GET /api/v1/train`. */
export interface TrainList {
  runs: TrainRun[];
  limits: typeof trainLimits;
}

/** The run after an event. */
export function applyTrainEvent(run: TrainRun, event: TrainEvent): TrainRun {
  switch (event.type) {
    case 'run':
      return event.run;
    case 'start':
      return {
        ...run,
        parameters: event.parameters,
        ...(event.signature === undefined ? {} : { signature: event.signature }),
      };
    case 'progress': {
      const { type: _, ...progress } = event;
      return { ...run, ...progress };
    }
    case 'train':
    case 'heldOut':
      return {
        ...run,
        step: event.point.step,
        elapsed: event.elapsed,
        // A resumed run tells again what came after its last checkpoint.
        [event.type]: [...run[event.type].filter(({ step }) => step < event.point.step), event.point],
      };
    case 'checkpoints':
      return { ...run, checkpoints: event.steps };
    case 'status': {
      const { error: _, ...rest } = run;
      return { ...rest, status: event.status, ...(event.error ? { error: event.error } : {}) };
    }
  }
}

/** The model id of a run at a step, as `/api/v1/translate` and `/api/v1/generate` take it. */
export const checkpointModel = (id: string, step: number): string => `train/${id}@${step}`;

/** The run and the step of such an id. */
export function parseCheckpointModel(model: string): { id: string; step: number } | undefined {
  const match = /^train\/([a-z0-9]{12})@(\d{1,6})$/.exec(model);
  return match ? { id: match[1]!, step: Number(match[2]) } : undefined;
}
