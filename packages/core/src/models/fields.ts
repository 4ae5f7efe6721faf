// The fields of a config.json: what each may hold. Files come from strangers, so every field is checked by name.
import { FormatError, adviseName, nearestName } from '../errors/index.ts';

/** What one field may hold. */
export interface Field {
  readonly holds: (value: unknown) => boolean;
  /** In words: "an integer from 1 to 64". */
  readonly must: string;
  readonly optional?: boolean;
  /** Of an object: its own fields. */
  readonly fields?: Fields;
}

/** Fields by name. */
export type Fields = Readonly<Record<string, Field>>;

/** A field for each property of a config, so that none can be forgotten. */
export type FieldsOf<Config> = { readonly [Name in keyof Config]-?: Field };

function between(low: number, high: number): Field {
  const holds = (x: unknown) => typeof x === 'number' && x >= low && x <= high;
  return { holds, must: `a number from ${low} to ${high}` };
}

function integer(low: number, high: number): Field {
  const holds = (x: unknown) => Number.isInteger(x) && (x as number) >= low && (x as number) <= high;
  return { holds, must: `an integer from ${low} to ${high}` };
}

/** What fields may hold. */
export const field = {
  between,
  above: (low: number): Field => ({
    holds: (x) => typeof x === 'number' && x > low && x < Infinity,
    must: `a number above ${low}`,
  }),
  integer,
  /** Of a layer, a vocabulary: a hostile file must not ask for more than a model can need. */
  size: integer(1, 2 ** 20),
  layers: integer(1, 64),
  share: between(0, 1),
  flag: { holds: (x: unknown): boolean => typeof x === 'boolean', must: 'true or false' },
  text: { holds: (x: unknown): boolean => typeof x === 'string', must: 'a string' },
  oneOf: (...values: readonly (string | number)[]): Field => ({
    holds: (x) => values.includes(x as string),
    must: `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`,
  }),
  object: <Config extends object>(fields: FieldsOf<Config>): Field => ({
    holds: isObject,
    must: 'an object',
    fields,
  }),
  optional: (inner: Field): Field => ({ ...inner, optional: true }),
};

/** Whose fields are checked, for the error. */
export interface FieldPlace {
  operation: string;
  /** What the config must describe: "a translation model". */
  what: string;
  /** The path of the object that is checked. */
  at?: string;
  /** Whether fields that are not known may stand there too. */
  open?: boolean;
}

/**
 * Checks an object's fields, and theirs.
 *
 * @throws FormatError that names the first field that is missing, wrong or unknown, and what it must be
 */
export function checkFields(value: unknown, fields: Fields, place: FieldPlace): void {
  const { operation, what, at = '', open = false } = place;
  const given = isObject(value) ? value : {};
  const path = (name: string) => (at === '' ? name : `${at}.${name}`);
  const names = Object.keys(fields);
  const unknown = open ? [] : Object.keys(given).filter((name) => !Object.hasOwn(fields, name));
  const refuse = (name: string, fact: string, advice: string): never => {
    throw new FormatError({
      operation,
      fact: `config.json must describe ${what}: ${fact}`,
      value: given[name],
      advice,
      argument: path(name),
    });
  };
  const refuseUnknown = (name: string) =>
    refuse(name, `it has no field ${JSON.stringify(path(name))}`, adviseName(name, names));
  for (const [name, { holds, must, optional, fields: inner }] of Object.entries(fields)) {
    const found = Object.hasOwn(given, name) ? given[name] : undefined;
    if (found === undefined && optional) continue;
    if (!holds(found)) {
      // A mistyped field is also a missing one: the first tells more.
      const typo = unknown.find((other) => nearestName(other, names) === name);
      if (found === undefined && typo !== undefined) refuseUnknown(typo);
      refuse(name, `its field ${JSON.stringify(path(name))} is missing or wrong`, `it must be ${must}`);
    }
    if (inner !== undefined) checkFields(found, inner, { ...place, at: path(name) });
  }
  if (unknown[0] !== undefined) refuseUnknown(unknown[0]);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
