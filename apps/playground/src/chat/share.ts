// A share link: model, settings, seed and text in the URL's fragment, which never leaves the browser.
import { isTask, taskDefaults, taskRanges } from '../api/limits.ts';
import type { DecodingSettings, Strategy, Task } from '../api/types.ts';

/** What a link reproduces. */
export interface Shared {
  mode: Task;
  text: string;
  model: string;
  settings: DecodingSettings;
  prefix: number[];
}

/** The fragment for a link, without `#`; settings at their defaults are written too, so that defaults may change. */
export function encodeShare({ mode, text, model, settings, prefix }: Shared): string {
  const query = new URLSearchParams({ mode, text, model });
  for (const [key, value] of Object.entries(settings)) query.set(key, String(value));
  if (prefix.length > 0) query.set('prefix', prefix.join('.'));
  return query.toString();
}

/** Reads a fragment; undefined when it holds no text. Values out of range fall back to the default. */
export function decodeShare(fragment: string): Shared | undefined {
  const query = new URLSearchParams(fragment.replace(/^#/, ''));
  const text = query.get('text');
  if (!text) return undefined;
  const wanted = query.get('mode');
  const mode: Task = isTask(wanted) ? wanted : 'translate';
  const settings: DecodingSettings = { ...taskDefaults[mode] };
  for (const [name, [low, high]] of Object.entries(taskRanges[mode])) {
    const key = name as keyof (typeof taskRanges)[Task];
    const value = Number(query.get(key) ?? Number.NaN);
    if (value >= low && value <= high) settings[key] = value;
  }
  const strategy = query.get('strategy');
  if (strategy === 'greedy' || strategy === 'beam' || strategy === 'sampling')
    settings.strategy = strategy satisfies Strategy;
  const prefix = (query.get('prefix') ?? '').split('.').filter(Boolean).map(Number);
  return {
    mode,
    text,
    model: query.get('model') ?? '',
    settings,
    prefix: prefix.every(Number.isInteger) ? prefix : [],
  };
}
