// Ways to tell a Transformer where a token stands.
export { LearnedPositionalEncoding } from './learned.ts';
export { RotaryPositionalEncoding, type RotaryOptions } from './rotary.ts';
export type { Positions } from './rowsAt.ts';
export { PositionalEncoding, sinusoid, type PositionalEncodingOptions } from './sinusoidal.ts';
