// Checks of options: every name known, every value of the right kind; the error says which one is not and what it must be.

import { SacreBleuError } from './errors.ts';

/** What an option must be. */
export interface Kind {
  /** As it stands after "must be". */
  what: string;
  accepts: (value: unknown) => boolean;
  /** Left unchecked with {@link asPython}. */
  free?: boolean;
}

export const FLAG: Kind = { what: 'true or false', accepts: (value) => typeof value === 'boolean' };
export const TEXT: Kind = { what: 'a string', accepts: (value) => typeof value === 'string' };
export const TEXTS: Kind = {
  what: 'an array of strings',
  accepts: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
};
/** Checked where it is used. */
export const ANYTHING: Kind = { what: 'anything', accepts: () => true };

/** An integer from `least` to `most`. */
export function integer(least: number, most = Infinity): Kind {
  return {
    what: `an integer ${most === Infinity ? 'of at least' : 'from'} ${least}${most === Infinity ? '' : ` to ${most}`}`,
    accepts: (value) =>
      Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most,
  };
}

/** A finite number of at least 0. */
export const AMOUNT: Kind = {
  what: 'a finite number of at least 0',
  accepts: (value) => Number.isFinite(value) && (value as number) >= 0,
  free: true,
};

/** One of some words. */
export function oneOf(words: readonly string[]): Kind {
  return { what: `one of ${words.join(', ')}`, accepts: (value) => words.includes(value as string) };
}

const free = new WeakSet<object>();

/** Options with any number where Python takes any: NaN, a negative weight. For the command line. */
export function asPython<T extends object>(options: T): T {
  free.add(options);
  return options;
}

/** A value as errors show it. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'string') return `'${value.length > 40 ? `${value.slice(0, 40)}…` : value}'`;
  return typeof value === 'function' || (typeof value === 'object' && value !== null)
    ? `a value of type ${typeof value}`
    : String(value);
}

/**
 * Checks the names and values of options; undefined stands for an option not given.
 *
 * @throws SacreBleuError `INVALID_ARGUMENT`
 */
export function checkOptions(
  operation: string,
  options: object,
  kinds: Record<string, Kind>,
  required: readonly string[] = [],
): void {
  if (typeof options !== 'object' || options === null)
    throw invalidOption(operation, 'options', options, 'an object');
  for (const name of new Set([...required, ...Object.keys(options)])) {
    const value = (options as Record<string, unknown>)[name];
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (!kind) throw unknownOption(operation, name, value, Object.keys(kinds));
    if (value === undefined && !required.includes(name)) continue;
    if (!kind.accepts(value) && !(kind.free && free.has(options)))
      throw invalidOption(operation, name, value, kind.what);
  }
}

/** The error for a value that is not what it must be. */
export function invalidOption(operation: string, name: string, value: unknown, what: string): SacreBleuError {
  return new SacreBleuError(
    'INVALID_ARGUMENT',
    `${operation}: ${name} must be ${what}, got ${shown(value)}`,
    name,
    value,
  );
}

// `smooth_method` and `smoothmethod` are likely meant to be `smoothMethod`.
function unknownOption(
  operation: string,
  name: string,
  value: unknown,
  known: readonly string[],
): SacreBleuError {
  const plain = (text: string): string => text.replace(/[_-]/g, '').toLowerCase();
  const near = known.find((option) => plain(option) === plain(name));
  const advice = near ? `did you mean '${near}'?` : `use some of ${known.join(', ')}`;
  return new SacreBleuError(
    'INVALID_ARGUMENT',
    `${operation}: unknown option, got '${name}'; ${advice}`,
    name,
    value,
  );
}
