// Checks of arguments and options, each a sentence when it fails.
import { ConfigError, ValueError, adviseName } from '@d2lts/core';

/** @throws ValueError unless `value` is an integer of at least `least` */
export function checkInteger(operation: string, argument: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new ValueError({
    operation,
    fact: `${argument} must be an integer of at least ${least}`,
    value,
    argument,
  });
}

/** @throws ValueError unless `value` is a finite number that passes the test */
export function checkNumber(
  operation: string,
  argument: string,
  value: number,
  rule: string,
  test: (value: number) => boolean,
): void {
  if (Number.isFinite(value) && test(value)) return;
  throw new ValueError({ operation, fact: `${argument} must be ${rule}`, value, argument });
}

/** @throws ConfigError unless `value` is one of some words */
export function checkOneOf(
  operation: string,
  argument: string,
  value: unknown,
  words: readonly string[],
): void {
  if (words.includes(value as string)) return;
  const advice = adviseName(String(value), words);
  throw new ConfigError({ operation, fact: `${argument} must be a known one`, value, advice, argument });
}

/** @throws ValueError for an id that is not in the vocabulary */
export function checkTokens(
  operation: string,
  argument: string,
  tokens: readonly number[],
  vocabSize: number,
): void {
  const isToken = (id: number) => Number.isInteger(id) && id >= 0 && id < vocabSize;
  for (const token of tokens) checkNumber(operation, argument, token, `from 0 to ${vocabSize - 1}`, isToken);
}
