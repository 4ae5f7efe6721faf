// State dicts under other libraries' names, both ways, from one list of rules.
import * as tf from '@tensorflow/tfjs-core';
import { DataError, ShapeError, nearestName } from '../errors/index.ts';
import type { TensorDict } from '../files/index.ts';

/**
 * One tensor, or several, by their names there and here. `{x}` stands for one part of a name, the same on both sides.
 * Several on one side are rows of one on the other, in this order: queries, keys and values that are packed.
 */
export interface StateRule {
  theirs: readonly string[];
  /** None: what they have and we do not need. */
  ours: readonly string[];
  /** What is done to the values, either way: GPT-2's matrices are transposed, BERT's classes are in reverse order. */
  change?: 'transpose' | 'reverse';
  /** Further names of theirs for the same values (tied ones); read where the first is missing. */
  also?: readonly string[];
  /** Whether those are written too; false by default. */
  writeAlso?: boolean;
}

/** How another library's state dict relates to ours. */
export interface StateMap {
  /** Whose names these are, for errors: "Hugging Face's BERT". */
  of: string;
  /** The first rule that fits a name holds. */
  rules: readonly StateRule[];
  /** Names that no rule has stay as they are; else they are an error. */
  keepOthers?: boolean;
  /** Spellings of older files: replaced in their names before anything else. */
  older?: readonly (readonly [pattern: RegExp, now: string])[];
}

/** A rule for one tensor. */
export function rename(
  theirs: string,
  ours: string,
  more: Pick<StateRule, 'change' | 'also' | 'writeAlso'> = {},
): StateRule {
  return { theirs: [theirs], ours: [ours], ...more };
}

/**
 * A state dict of theirs under our names.
 *
 * @returns new tensors, which belong to the caller
 * @throws DataError for a name that no rule has, and for a part of a packed tensor without the others; ShapeError for parts
 * of several shapes
 */
export function readForeign(operation: string, map: StateMap, state: Readonly<TensorDict>): TensorDict {
  const newer = (name: string) =>
    (map.older ?? []).reduce((given, [old, now]) => given.replace(old, now), name);
  return convert(operation, map, state, newer, 'theirs', 'ours');
}

/** The other way: our state dict (`model.ownState()`) under their names, as `readForeign`. */
export function writeForeign(operation: string, map: StateMap, state: Readonly<TensorDict>): TensorDict {
  return convert(operation, map, state, (name) => name, 'ours', 'theirs');
}

type Side = 'theirs' | 'ours';

/** A rule with the names for which its braces stand. */
interface Group {
  rule: StateRule;
  filled: Readonly<Record<string, string>>;
  /** Names in the dict by their place in the rule. */
  parts: (string | undefined)[];
}

function convert(
  operation: string,
  { of, rules, keepOthers = false }: StateMap,
  state: Readonly<TensorDict>,
  respell: (name: string) => string,
  from: Side,
  to: Side,
): TensorDict {
  const patterns = rules.flatMap((rule) => patternsOf(rule, from));
  const groups = new Map<string, Group>();
  const kept: string[] = [];
  // Not Object.keys: a tensor that could not be read must be missed only where it is needed.
  for (const name of Object.getOwnPropertyNames(state)) {
    const spelled = respell(name);
    const found = firstMatch(patterns, spelled);
    if (found === undefined) {
      if (keepOthers) {
        kept.push(name);
        continue;
      }
      throw new DataError({
        operation,
        fact: `every name must be one of ${of}`,
        value: name,
        advice: adviceOn(spelled, rules, from),
      });
    }
    const { rule, part, main, filled } = found;
    if (rule[to].length === 0) continue;
    const key = `${rules.indexOf(rule)} ${Object.values(filled).join(' ')}`;
    const group = groups.get(key) ?? { rule, filled, parts: rule[from].map(() => undefined) };
    if (main || group.parts[part] === undefined) group.parts[part] = name;
    groups.set(key, group);
  }
  return tf.tidy(() => {
    const made = [...groups.values()].flatMap((group) => convertGroup(operation, group, state, from, to));
    for (const name of kept) made.push([name, tf.clone(state[name]!)]);
    return Object.fromEntries(made);
  });
}

function convertGroup(
  operation: string,
  { rule, filled, parts }: Group,
  state: Readonly<TensorDict>,
  from: Side,
  to: Side,
): [string, tf.Tensor][] {
  const targets = rule[to].map((template) => fill(template, filled));
  const missing = rule[from].filter((_, i) => parts[i] === undefined);
  if (missing.length > 0) {
    throw new DataError({
      operation,
      fact: `${targets.join(', ')} needs ${rule[from].map((name) => fill(name, filled)).join(', ')}`,
      value: parts.filter((name) => name !== undefined),
    });
  }
  const values = parts.map((name) => state[name!]!);
  const odd = values.find(({ shape }) => !tf.util.arraysEqual(shape, values[0]!.shape));
  if (odd !== undefined) {
    throw new ShapeError({
      operation,
      fact: `the parts of ${targets.join(', ')} must have one shape, [${values[0]!.shape.join(', ')}]`,
      value: odd.shape,
    });
  }
  const whole = values.length === 1 ? tf.clone(values[0]!) : tf.concat(values, 0);
  const changed = change(whole, rule.change);
  const split = targets.length === 1 ? [changed] : tf.split(changed, targets.length, 0);
  const written = targets.map((name, i): [string, tf.Tensor] => [name, split[i]!]);
  const also = to === 'theirs' && rule.writeAlso === true ? (rule.also ?? []) : [];
  for (const template of also) written.push([fill(template, filled), tf.clone(whole)]);
  return written;
}

/** Each change undoes itself, on vectors too. */
function change(tensor: tf.Tensor, how: StateRule['change']): tf.Tensor {
  if (how === 'transpose') return tf.transpose(tensor);
  return how === 'reverse' ? tf.reverse(tensor, 0) : tensor;
}

interface Pattern {
  rule: StateRule;
  pattern: RegExp;
  part: number;
  /** Not one of `also`. */
  main: boolean;
}

function patternsOf(rule: StateRule, side: Side): Pattern[] {
  const main = rule[side].map((template, part) => ({ rule, pattern: compile(template), part, main: true }));
  const also = side === 'theirs' ? (rule.also ?? []) : [];
  return [...main, ...also.map((template) => ({ rule, pattern: compile(template), part: 0, main: false }))];
}

function firstMatch(patterns: readonly Pattern[], name: string) {
  for (const { pattern, ...rest } of patterns) {
    const match = pattern.exec(name);
    if (match !== null) return { ...rest, filled: { ...match.groups } };
  }
  return undefined;
}

/** A template as a pattern: `{i}` is a named group. */
function compile(template: string): RegExp {
  const literal = template.replace(/[.*+?^$()[\]\\|]/g, String.raw`\$&`);
  return new RegExp(`^${literal.replace(/\{(\w+)\}/g, '(?<$1>[^.]+)')}$`);
}

function fill(template: string, filled: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => filled[name]!);
}

/** The nearest name that a rule has, filled with the parts of a name that none fits. */
function adviceOn(name: string, rules: readonly StateRule[], side: Side): string {
  const [index = '0'] = /\d+/.exec(name) ?? [];
  const last = name.slice(name.lastIndexOf('.') + 1);
  const filled = (template: string) => template.replaceAll('{i}', index).replace(/\{\w+\}/g, last);
  const nearest = nearestName(
    name,
    rules.flatMap((rule) => rule[side].map(filled)),
  );
  return nearest === undefined ? 'leave other parts out' : `did you mean ${JSON.stringify(nearest)}?`;
}
