// Options that all searches share, with their checks.
import { ConfigError, ValueError, adviseName } from '@d2lts/core';
import { checkInteger, checkNumber, checkTokens } from '../checks.ts';
import type { StopCriterion } from './criteria.ts';
import type { LogitsProcessor } from './processors.ts';

/**
 * What every search needs to know of the tokens and limits.
 *
 * When the rules (bans, `minLength`, `noRepeatNgram`, `prefixes`, processors) leave a hypothesis no token, the end token
 * comes after all. Where there is none, or the model gives it no probability, the hypothesis ends where it is, with the
 * reason `noToken`; one without any token is none. So it is in every search. (fairseq and Hugging Face go on with tokens
 * of probability 0, or fail while they draw.)
 */
export interface SearchOptions {
  /** The token that every sequence starts with, where the decoder does not go on from a prompt; not part of the result. */
  bos?: number;
  /**
   * The token that ends a sequence; it counts in lengths but is not part of the result. Without one, sequences end
   * at `maxLength` or with a stop sequence.
   */
  eos?: number;
  /** The most tokens to produce, the end token and `prefixes` included; one number for all sources, or one a source. */
  maxLength: number | readonly number[];
  /**
   * Beginnings that are forced, one a source; [] where it is free. Their tokens are part of the result, with the
   * probabilities that the model gives them, and no other rule or criterion holds for them. Only the last of a beginning
   * may end the sequence.
   */
  prefixes?: readonly (readonly number[])[];
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

/** What one source is searched with. */
export interface SourceOptions extends Omit<SearchOptions, 'maxLength' | 'prefixes'> {
  maxLength: number;
  prefix: readonly number[];
}

const common = [
  'bos',
  'eos',
  'maxLength',
  'prefixes',
  'minLength',
  'noRepeatNgram',
  'repetitionPenalty',
  'bannedTokens',
  'stopSequences',
  'processors',
  'criteria',
  'signal',
] as const;

/** What source `i` is searched with. */
export function sourceOptions({ maxLength, prefixes, ...shared }: SearchOptions, i: number): SourceOptions {
  const most = typeof maxLength === 'number' ? maxLength : maxLength[i]!;
  return { ...shared, maxLength: most, prefix: prefixes?.[i] ?? [] };
}

/**
 * Refuses unknown names and impossible values, so that no option is accepted and ignored.
 *
 * @param sources how many there are
 */
export function checkOptions(
  operation: string,
  options: SearchOptions,
  own: readonly string[],
  { vocabSize }: { vocabSize: number },
  sources: number,
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
  checkLimits(operation, options, vocabSize, sources);
  checkInteger(operation, 'minLength', options.minLength ?? 0, 0);
  checkInteger(operation, 'noRepeatNgram', options.noRepeatNgram ?? 0, 0);
  checkNumber(operation, 'repetitionPenalty', options.repetitionPenalty ?? 1, 'above 0', (x) => x > 0);
  const { bos, eos, bannedTokens = [], stopSequences = [] } = options;
  const ids = { bos: [bos ?? 0], eos: [eos ?? 0], bannedTokens, stopSequences: stopSequences.flat() };
  for (const [argument, tokens] of Object.entries(ids)) checkTokens(operation, argument, tokens, vocabSize);
  for (const { length } of stopSequences) checkInteger(operation, 'stopSequences: the length', length, 1);
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

/** What may differ from source to source. */
function checkLimits(operation: string, options: SearchOptions, vocabSize: number, sources: number): void {
  for (const argument of ['maxLength', 'prefixes'] as const) {
    const { [argument]: given } = options;
    if (typeof given !== 'object' || given.length === sources) continue;
    const fact = `${argument} must be one a source, ${sources} in all`;
    throw new ValueError({ operation, fact, value: given.length, argument });
  }
  const { eos, minLength = 0 } = options;
  for (let i = 0; i < sources; i++) {
    const { maxLength, prefix } = sourceOptions(options, i);
    checkInteger(operation, 'maxLength', maxLength, 1);
    checkTokens(operation, 'prefixes', prefix, vocabSize);
    const rule = `at most maxLength ${maxLength}`;
    checkNumber(operation, 'minLength', minLength, rule, (least) => least <= maxLength);
    checkNumber(operation, 'prefixes: the length', prefix.length, rule, (length) => length <= maxLength);
    if (eos === undefined || !prefix.slice(0, -1).includes(eos)) continue;
    const fact = `prefixes must have the end token ${eos} at the end only`;
    throw new ValueError({ operation, fact, value: prefix, argument: 'prefixes' });
  }
}
