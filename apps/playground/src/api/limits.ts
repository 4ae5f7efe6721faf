// Bounds on what a request may ask for, shared by validation, the page and the documentation.

import type { DecodingSettings, Task } from './types.ts';

/** Decoding settings used where a translation names none. */
export const defaultSettings = {
  strategy: 'beam',
  beam: 4,
  lengthPenalty: 1,
  temperature: 1,
  topK: 0,
  topP: 1,
  minP: 0,
  repetitionPenalty: 1,
  seed: 0,
  maxLength: 128,
} as const;

/** Settings of each task where neither the request nor the model names any. */
export const taskDefaults: Record<Task, DecodingSettings> = {
  translate: defaultSettings,
  generate: { ...defaultSettings, strategy: 'sampling', maxLength: 200 },
};

/** Whether something names a task. */
export const isTask = (value: unknown): value is Task =>
  typeof value === 'string' && Object.hasOwn(taskDefaults, value);

/** Smallest and largest value of each numeric setting of a translation. */
export const ranges = {
  beam: [1, 12],
  lengthPenalty: [0, 2],
  temperature: [0.05, 3],
  topK: [0, 1000],
  topP: [0.01, 1],
  minP: [0, 1],
  repetitionPenalty: [1, 3],
  seed: [0, 4294967295],
  maxLength: [1, 128],
} as const;

/** Settings that are whole numbers. */
export const wholeSettings: ReadonlySet<string> = new Set(['beam', 'topK', 'seed', 'maxLength']);

/** The same of each task; a generated text may be longer. */
export const taskRanges: Record<Task, Record<keyof typeof ranges, readonly [number, number]>> = {
  translate: ranges,
  generate: { ...ranges, maxLength: [1, 1000] },
};

/** Longest text of one request, in UTF-16 units and in lines. */
export const maxTextLength = 2000;
export const maxTextLines = 40;

/** Longest prompt to go on from, in UTF-16 units. */
export const maxPromptLength = 4000;

/** Most tokens on a side of an attention map; of a generated text the last ones. */
export const maxAttentionTokens = 64;

/** Largest request body in bytes. */
export const maxBodyBytes = 32 * 1024;

/** Longest output and reference to score, in UTF-16 units. */
export const maxScoredLength = 1000;
