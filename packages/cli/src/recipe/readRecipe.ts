// Reads a recipe: YAML with comments, changed by --set, checked key by key.
import { ConfigError, adviseName } from '@d2lts/core';
import { parse, parseDocument } from 'yaml';
import type { z } from 'zod';
import { readTextOf } from '../input.ts';
import { type Recipe, recipeKinds } from './schema.ts';

/** A recipe's text as it was read, with the changes of --set, and what it means. */
export interface ReadRecipe {
  text: string;
  recipe: Recipe;
}

/** @throws DataError when the file cannot be read, ConfigError when it is no recipe */
export async function readRecipe(path: string, changes: readonly string[] = []): Promise<ReadRecipe> {
  return parseRecipe(await readTextOf(path, 'recipe'), changes);
}

/** The same from text. */
export function parseRecipe(text: string, changes: readonly string[] = []): ReadRecipe {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined)
    throw new ConfigError({ operation: 'recipe', fact: error.message.split('\n')[0]! });
  const kind = kindOf(document.toJS());
  for (const change of changes) {
    const at = change.indexOf('=');
    if (at < 1) {
      throw new ConfigError({
        operation: '--set',
        fact: 'a change must be key=value',
        value: change,
        advice: 'for instance --set training.lr=0.001',
      });
    }
    const path = change.slice(0, at).split('.');
    checkPath(kind, path, change);
    document.setIn(path, parse(change.slice(at + 1)));
  }
  const result = kind.safeParse(document.toJS());
  if (!result.success) {
    // A mistyped key is also a missing one: the first tells more.
    const { issues } = result.error;
    const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!;
    throw explain(kind, issue, document.toJS());
  }
  return { text: document.toString(), recipe: result.data };
}

type Kind = (typeof recipeKinds)[keyof typeof recipeKinds];

/** The schema that a recipe's `task` asks for. */
function kindOf(value: unknown): Kind {
  const task = typeof value === 'object' && value !== null ? (value as { task?: unknown }).task : undefined;
  if (typeof task === 'string' && Object.hasOwn(recipeKinds, task))
    return recipeKinds[task as keyof typeof recipeKinds];
  const known = Object.keys(recipeKinds);
  throw new ConfigError({
    operation: 'recipe',
    fact: 'the recipe: its key "task" must say what is trained',
    ...(task === undefined ? {} : { value: task }),
    advice: typeof task === 'string' ? adviseName(task, known) : `valid: ${known.join(', ')}`,
    argument: 'task',
  });
}

type Shape = Record<string, unknown>;

/** The keys that a recipe may have at a path; undefined where anything may stand or nothing. */
function keysAt(kind: Kind, path: readonly PropertyKey[]): string[] | undefined {
  let schema: unknown = kind;
  for (const key of path) schema = shapeOf(schema)?.[String(key)];
  const shape = shapeOf(schema);
  return shape === undefined ? undefined : Object.keys(shape);
}

function shapeOf(schema: unknown): Shape | undefined {
  let inner = schema as
    { shape?: Shape; options?: { shape: Shape }[]; def?: { innerType?: unknown } } | undefined;
  while (inner?.def?.innerType !== undefined) inner = inner.def.innerType as typeof inner;
  if (inner?.shape !== undefined) return inner.shape;
  return inner?.options?.[0]?.shape === undefined
    ? undefined
    : Object.assign({}, ...inner.options.map((option) => option.shape));
}

function checkPath(kind: Kind, path: readonly string[], change: string): void {
  path.forEach((key, depth) => {
    const known = keysAt(kind, path.slice(0, depth));
    if (known?.includes(key)) return;
    throw new ConfigError({
      operation: '--set',
      fact: `there is no key ${JSON.stringify(path.slice(0, depth + 1).join('.'))}`,
      value: change,
      advice: known === undefined ? `${path.slice(0, depth).join('.')} has no keys` : adviseName(key, known),
      argument: key,
    });
  });
}

function explain(kind: Kind, issue: z.core.$ZodIssue, value: unknown): ConfigError {
  const at = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!;
    return new ConfigError({
      operation: 'recipe',
      fact: `there is no key ${JSON.stringify(at === '' ? key : `${at}.${key}`)}`,
      advice: adviseName(key, keysAt(kind, issue.path) ?? []),
      argument: key,
    });
  }
  let got: unknown = value;
  for (const key of issue.path) got = (got as Record<PropertyKey, unknown> | undefined)?.[key];
  return new ConfigError({
    operation: 'recipe',
    fact: `${at === '' ? 'the recipe' : at}: ${issue.message}`,
    ...(got === undefined ? {} : { value: got }),
    argument: at,
  });
}
