// Conversations from a file or a storage that may be damaged or hostile: what is wrong is mended or left out, so that all can be drawn.
import type { BeamNode, Candidate, OutputToken, ScoredToken, Segment } from '../api/types.ts';
import { findContract, type Contract } from '../modes/contract.ts';
import { newId, type Conversation, type Line, type Turn, type Version } from './conversations.ts';
import { soundSettings } from './soundSettings.ts';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown, otherwise = '') => (typeof value === 'string' ? value : otherwise);
const number = (value: unknown, otherwise = 0) => (Number.isFinite(value) ? (value as number) : otherwise);
const index = (value: unknown, count: number) =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < count ? (value as number) : 0;
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map((entry) => text(entry)) : []);

/** The entries of a list that `read` can make something of. */
function list<T>(value: unknown, read: (entry: Json) => T | undefined): T[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isObject).flatMap((entry) => read(entry) ?? []);
}

const token = (value: Json): ScoredToken => ({
  id: number(value['id']),
  text: text(value['text']),
  logProb: number(value['logProb']),
});
const outputToken = (value: Json): OutputToken => ({ ...token(value), top: list(value['top'], token) });

const candidate = (value: Json): Candidate => ({
  text: text(value['text']),
  tokens: list(value['tokens'], token),
  logProb: number(value['logProb']),
  score: number(value['score']),
});

const segment = (value: Json): Segment => ({
  ...candidate(value),
  source: text(value['source']),
  sourceTokens: texts(value['sourceTokens']),
  alternatives: list(value['alternatives'], candidate),
});

/** The steps of a search up to the first that does not grow out of the one before. */
function beamSteps(value: unknown): BeamNode[][] {
  const steps: BeamNode[][] = [];
  let kept = 0;
  for (const nodes of Array.isArray(value) ? value : []) {
    const step = list(nodes, (node): BeamNode => ({
      ...token(node),
      total: number(node['total']),
      parent: number(node['parent'], -2),
      state: node['state'] === 'finished' ? 'finished' : 'kept',
    }));
    const [least, most] = steps.length === 0 ? [-1, -1] : [0, kept - 1];
    const grows = ({ parent }: BeamNode) => Number.isInteger(parent) && parent >= least && parent <= most;
    if (step.length === 0 || !step.every(grows)) break;
    steps.push(step);
    kept = step.filter(({ state }) => state === 'kept').length;
  }
  return steps;
}

const line = (value: Json): Line => ({
  text: text(value['text']),
  sourceTokens: texts(value['sourceTokens']),
  tokens: list(value['tokens'], outputToken),
  steps: beamSteps(value['steps']),
  ...(isObject(value['result']) ? { result: segment(value['result']) } : {}),
});

function version(value: Json, mode: Contract): Version | undefined {
  const { source, settings, prefix, status, timing, error } = value;
  if (typeof source !== 'string') return undefined;
  const ids = Array.isArray(prefix) && prefix.every((id) => Number.isInteger(id) && id >= 0) ? prefix : [];
  return {
    id: text(value['id'], newId()),
    source,
    model: text(value['model']),
    settings: { ...mode.defaults, ...(isObject(settings) ? soundSettings(mode, settings) : {}) },
    prefix: ids as number[],
    prefixLine: index(value['prefixLine'], source.split('\n').length),
    // What a reload interrupted is shown as stopped.
    status: status === 'done' || status === 'error' ? status : 'stopped',
    waiting: 0,
    lines: list(value['lines'], line),
    ...(isObject(timing)
      ? {
          timing: {
            queued: number(timing['queued']),
            firstToken: number(timing['firstToken']),
            total: number(timing['total']),
          },
        }
      : {}),
    ...(isObject(error) ? { error: { code: text(error['code']), message: text(error['message']) } } : {}),
  };
}

function turn(value: Json, mode: Contract): Turn | undefined {
  const versions = list(value['versions'], (entry) => version(entry, mode));
  if (versions.length === 0) return undefined;
  return { id: text(value['id'], newId()), versions, current: index(value['current'], versions.length) };
}

/** Gives what has an id that was seen before a new one. */
function withOwnIds<T extends { id: string }>(entries: T[], seen: Set<string>): T[] {
  return entries.map((entry) => {
    const own = seen.has(entry.id) ? { ...entry, id: newId() } : entry;
    seen.add(own.id);
    return own;
  });
}

/** The largest date. */
const lastDate = 8.64e15;
const date = (value: unknown) => Math.min(lastDate, Math.max(0, Math.round(number(value))));

/** The conversation that a value holds, or undefined when it holds none. */
export function repairConversation(value: unknown): Conversation | undefined {
  if (!isObject(value)) return undefined;
  const { id } = value;
  const mode = findContract(value['mode']);
  if (!mode) return undefined;
  if (typeof id !== 'string' || !/^[\w-]{1,64}$/.test(id)) return undefined;
  const seen = new Set<string>();
  const turns = withOwnIds(
    list(value['turns'], (entry) => turn(entry, mode)),
    new Set(),
  ).map((entry) => Object.assign(entry, { versions: withOwnIds(entry.versions, seen) }));
  if (turns.length === 0) return undefined;
  return {
    id,
    mode: mode.id,
    title: text(value['title']).slice(0, 200) || '…',
    createdAt: date(value['createdAt']),
    updatedAt: date(value['updatedAt']),
    turns,
  };
}
