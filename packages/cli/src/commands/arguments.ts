// Parsers of option values; commander turns what they throw into a sentence and exit code 2.
import { InvalidArgumentError, Option } from 'commander';

/** A whole number of at least 1. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It must be a whole number above 0.');
  return value;
}

/** A number above 0. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}

/** A number of at least 0. */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new InvalidArgumentError('It must be a number of at least 0.');
  }
  return value;
}

/** A number above 0 and at most 1. */
export function share(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1))
    throw new InvalidArgumentError('It must be a number above 0 and at most 1.');
  return value;
}

/** A whole number of at least 0. */
export function seed(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError('It must be a whole number of at least 0.');
  return value;
}

/** `--no-repeat-ngram <n>`, in which commander would see the opposite of an option `repeatNgram`. */
export function noRepeatNgram(): Option {
  const option = new Option('--no-repeat-ngram <n>', 'no run of n tokens comes twice').argParser(wholeNumber);
  option.negate = false;
  return option;
}
