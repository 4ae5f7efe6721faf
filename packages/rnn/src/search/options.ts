// Options that all searches share, with their checks.
import { ConfigError, ValueError, adviseName } from '@d2lts/core';
import { checkInteger, checkNumber, checkTokens } from '../checks.ts';
import type { StopCriterion } from './criteria.ts';
import type { LogitsProcessor } from './processors.ts';

/** What every search needs to know of the tokens and limits. */
export interface SearchOptions {
  /** The token that every sequence starts with, where the decoder does not go on from a prompt; not part of the result. */
  bos?: number;
  /**
   * The token that ends a sequence; it counts in lengths but is not part of the result. Without one, sequences end
   * at `maxLength` or with a stop sequence.
   */
  eos?: number;
  /** The most tokens to produce, the end token included. */
  maxLength: number;
  /** The fewest tokens before the end token may come; default 0. */
  minLength?: number;
  /** No n-gram of this size may come twice in a sequence; default 0: off. */
  noRepeatNgram?: number;
  /** Above 1, makes tokens that were used less likely: their log-probabilities are multiplied by it. Default 1. */
  repetitionPenalty?: number;
  /** Tokens that must never come (padding, unknown); default none. */
  bannedTokens?: readonly number[];
  /** A hypothesis also ends with any of these, which stays in its tokens; default none. */
  stopSequences?: readonly (readonly number[])[];
  /** Further rules, which act after those above. */
  processors?: readonly LogitsProcessor[];
  /** Further criteria for the end of a hypothesis. */
  criteria?: readonly StopCriterion[];
  /** Ends the search early: what is there so far is the result. */
  signal?: AbortSignal;
}

const common = [
  'bos',
  'eos',
  'maxLength',
  'minLength',
  'noRepeatNgram',
  'repetitionPenalty',
  'bannedTokens',
  'stopSequences',
  'processors',
  'criteria',
  'signal',
] as const;

/** Refuses unknown names and impossible values, so that no option is accepted and ignored. */
export function checkOptions(
  operation: string,
  options: SearchOptions,
  own: readonly string[],
  vocabSize: number,
): void {
  const known = [...common, ...own];
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new ConfigError({
      operation,
      fact: `unknown option ${JSON.stringify(name)}`,
      advice: adviseName(name, known),
      argument: name,
    });
  }
  checkInteger(operation, 'maxLength', options.maxLength, 1);
  checkInteger(operation, 'minLength', options.minLength ?? 0, 0);
  checkInteger(operation, 'noRepeatNgram', options.noRepeatNgram ?? 0, 0);
  checkNumber(operation, 'repetitionPenalty', options.repetitionPenalty ?? 1, 'above 0', (x) => x > 0);
  const { bos, eos, bannedTokens = [], stopSequences = [] } = options;
  const ids = { bos: [bos ?? 0], eos: [eos ?? 0], bannedTokens, stopSequences: stopSequences.flat() };
  for (const [argument, tokens] of Object.entries(ids)) checkTokens(operation, argument, tokens, vocabSize);
  for (const { length } of stopSequences) checkInteger(operation, 'stopSequences: the length', length, 1);
  if ((options.minLength ?? 0) > options.maxLength) {
    throw new ValueError({
      operation,
      fact: `minLength must be at most maxLength ${options.maxLength}`,
      value: options.minLength,
      argument: 'minLength',
    });
  }
  if ((options.minLength ?? 0) > 0 && eos === undefined) {
    throw new ValueError({
      operation,
      fact: 'minLength must be 0 where there is no end token to hold back',
      value: options.minLength,
      advice: 'give eos',
      argument: 'minLength',
    });
  }
}
