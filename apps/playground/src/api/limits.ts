// Bounds on what a request may ask for, shared by validation, the page and the documentation.

/** Decoding settings used where a request names none. */
export const defaultSettings = {
  strategy: 'beam',
  beam: 4,
  lengthPenalty: 1,
  temperature: 1,
  topK: 0,
  topP: 1,
  repetitionPenalty: 1,
  seed: 0,
  maxLength: 128,
} as const;

/** Smallest and largest value of each numeric setting. */
export const ranges = {
  beam: [1, 12],
  lengthPenalty: [0, 2],
  temperature: [0.05, 3],
  topK: [0, 1000],
  topP: [0.01, 1],
  repetitionPenalty: [1, 3],
  seed: [0, 4294967295],
  maxLength: [1, 128],
} as const;

/** Longest text of one request, in UTF-16 units and in lines. */
export const maxTextLength = 2000;
export const maxTextLines = 40;

/** Largest request body in bytes. */
export const maxBodyBytes = 32 * 1024;

/** Longest output and reference to score, in UTF-16 units. */
export const maxScoredLength = 1000;
