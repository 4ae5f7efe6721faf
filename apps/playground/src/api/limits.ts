// Bounds on what a request may ask for, shared by validation, the page and the documentation; those of one mode are in its folder.

/** Decoding settings used where nothing names any. */
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

/** Smallest and largest value of each numeric setting where a mode has no other. */
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

/** A setting that is a number. */
export type NumericSetting = keyof typeof ranges;

/** Bounds of every setting that is a number. */
export type Ranges = Record<NumericSetting, readonly [number, number]>;

/** Settings that matter for each way to decode. */
export const strategySettings = {
  greedy: ['repetitionPenalty', 'maxLength'],
  beam: ['beam', 'lengthPenalty', 'repetitionPenalty', 'maxLength'],
  sampling: ['temperature', 'topK', 'topP', 'minP', 'repetitionPenalty', 'seed', 'maxLength'],
} as const;

/** Settings that are whole numbers. */
export const wholeSettings: ReadonlySet<string> = new Set(['beam', 'topK', 'seed', 'maxLength']);

/** Most tokens on a side of an attention map; of a generated text the last ones. */
export const maxAttentionTokens = 64;

/** Largest request body in bytes. */
export const maxBodyBytes = 32 * 1024;
