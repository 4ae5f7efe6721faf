// Parsing of arguments with the rules and messages of Python's argparse, which sacreBLEU uses.

import { reprString } from '../text/repr.ts';
import { UsageError } from './errors.ts';
import { DEFAULTS, FLAGS, type CliOptions, type Flag } from './flags.ts';

const BY_NAME = new Map(FLAGS.flatMap((flag) => flag.names.map((name) => [name, flag] as const)));

/** A flag as argparse names it in errors. */
function label(flag: Flag): string {
  return flag.names.join('/');
}

function fail(flag: Flag, message: string): never {
  throw new UsageError(`argument ${label(flag)}: ${message}`);
}

/** What an argument is: a flag (with a value attached, `--width=2` or `-w2`), or a value. */
type Classified = { flag: Flag; name: string; attached?: string } | undefined;

function classify(argument: string): Classified {
  if (!argument.startsWith('-') || argument === '-') return undefined;
  const exact = BY_NAME.get(argument);
  if (exact) return { flag: exact, name: argument };
  const equals = argument.indexOf('=');
  if (equals > 0) {
    const flag = BY_NAME.get(argument.slice(0, equals));
    if (flag) return { flag, name: argument.slice(0, equals), attached: argument.slice(equals + 1) };
  }
  const matches = abbreviations(argument);
  if (matches.length > 1) {
    throw new UsageError(
      `ambiguous option: ${argument} could match ${matches.map(({ name }) => name).join(', ')}`,
    );
  }
  if (matches.length === 1) return matches[0];
  if (/^-\d+$|^-\d*\.\d+$/.test(argument) || argument.includes(' ')) return undefined;
  throw new UnknownFlag(argument);
}

/** Raised inside the parser only: argparse reports all unknown arguments together. */
class UnknownFlag extends UsageError {}

function abbreviations(argument: string): { flag: Flag; name: string; attached?: string }[] {
  if (argument.startsWith('--')) {
    const equals = argument.indexOf('=');
    const [prefix, attached] =
      equals < 0 ? [argument, undefined] : [argument.slice(0, equals), argument.slice(equals + 1)];
    return Array.from(BY_NAME, ([name, flag]) => ({ flag, name, attached })).filter(({ name }) =>
      name.startsWith(prefix),
    );
  }
  return Array.from(BY_NAME, ([name, flag]) => {
    if (name === argument.slice(0, 2)) return { flag, name, attached: argument.slice(2) };
    return name.startsWith(argument) ? { flag, name } : undefined;
  }).filter((match) => match !== undefined);
}

function convert(flag: Flag, text: string): string | number {
  const { type, choices } = flag;
  const trimmed = text.trim();
  if (type === 'int' && !/^[+-]?\d+(_\d+)*$/.test(trimmed))
    fail(flag, `invalid int value: ${reprString(text)}`);
  if (
    type === 'float' &&
    !/^[+-]?(\d+(_\d+)*\.?\d*|\.\d+)(e[+-]?\d+)?$|^[+-]?(inf(inity)?|nan)$/i.test(trimmed)
  ) {
    fail(flag, `invalid float value: ${reprString(text)}`);
  }
  if (choices && !choices.includes(text)) {
    fail(flag, `invalid choice: ${reprString(text)} (choose from ${choices.map(reprString).join(', ')})`);
  }
  if (!type) return text;
  const special = /^([+-]?)(inf|nan)/i.exec(trimmed);
  if (special) return special[2]!.toLowerCase() === 'nan' ? NaN : special[1] === '-' ? -Infinity : Infinity;
  return Number(trimmed.replaceAll('_', ''));
}

const EXCLUSIVE: readonly (keyof CliOptions)[] = ['pairedAr', 'pairedBs'];

/**
 * Parses arguments as sacreBLEU does.
 *
 * @throws UsageError with argparse's message
 */
export function parseArguments(argv: readonly string[]): CliOptions {
  const options: Record<string, unknown> = { ...DEFAULTS };
  const unknown: string[] = [];
  const given = new Set<string>();
  let refsTaken = false;
  let onlyValues = false;
  const isFlag = (argument: string): boolean => {
    if (argument === '--') return true;
    try {
      return classify(argument) !== undefined;
    } catch (error) {
      if (error instanceof UnknownFlag) return true;
      throw error;
    }
  };
  const valuesFrom = (start: number): string[] => {
    if (onlyValues) return argv.slice(start);
    const end = argv.findIndex((argument, i) => i >= start && isFlag(argument));
    return argv.slice(start, end < 0 ? undefined : end);
  };

  for (let at = 0; at < argv.length;) {
    if (!onlyValues && argv[at] === '--') {
      onlyValues = true;
      at++;
      continue;
    }
    const values = valuesFrom(at);
    if (values.length > 0) {
      if (refsTaken) unknown.push(...values);
      else options['refs'] = values;
      refsTaken = true;
      at += values.length;
      continue;
    }
    let found: Classified;
    try {
      found = classify(argv[at]!);
    } catch (error) {
      if (!(error instanceof UnknownFlag)) throw error;
      unknown.push(argv[at]!);
    }
    at++;
    if (found) at += take(options, found, valuesFrom(at), given);
    if (options['help'] || options['version']) break;
  }
  if (unknown.length > 0 && !options['help'] && !options['version']) {
    throw new UsageError(`unrecognized arguments: ${unknown.join(' ')}`);
  }
  return options as unknown as CliOptions;
}

/** Stores a flag's values; returns how many of the following values it took. */
function take(
  options: Record<string, unknown>,
  found: NonNullable<Classified>,
  following: string[],
  given: Set<string>,
): number {
  const { flag, attached } = found;
  const rival = EXCLUSIVE.includes(flag.key)
    ? EXCLUSIVE.find((key) => key !== flag.key && given.has(key))
    : undefined;
  if (rival) fail(flag, `not allowed with argument ${label(FLAGS.find(({ key }) => key === rival)!)}`);
  given.add(flag.key);
  if (flag.arity === 'none') {
    options[flag.key] = true;
    if (attached === undefined) return 0;
    // `-bq` is `-b -q`.
    const next = found.name.startsWith('--') ? undefined : BY_NAME.get(`-${attached[0]}`);
    if (!next) fail(flag, `ignored explicit argument ${reprString(attached)}`);
    const rest = attached.slice(1);
    return take(
      options,
      { flag: next, name: `-${attached[0]}`, ...(rest && { attached: rest }) },
      following,
      given,
    );
  }
  const available = attached === undefined ? following : [attached];
  const values = flag.arity === 'one' ? available.slice(0, 1) : available;
  if (values.length === 0 && flag.arity === 'one') fail(flag, 'expected one argument');
  if (values.length === 0 && flag.arity === 'some') fail(flag, 'expected at least one argument');
  const converted = values.map((value) => convert(flag, value));
  options[flag.key] = flag.arity === 'one' ? converted[0] : converted;
  return attached === undefined ? values.length : 0;
}
