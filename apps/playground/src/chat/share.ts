// A share link: model, settings, seed and text in the URL's fragment, which never leaves the browser.
import type { DecodingSettings, Task } from '../api/types.ts';
import { contractOf } from '../modes/contract.ts';
import { soundSettings } from './soundSettings.ts';

/** What a link reproduces. */
export interface Shared {
  mode: Task;
  text: string;
  model: string;
  settings: DecodingSettings;
  prefix: number[];
  /** The line that `prefix` is for. */
  prefixLine: number;
}

/** The fragment for a link, without `#`; settings at their defaults are written too, so that defaults may change. */
export function encodeShare({ mode, text, model, settings, prefix, prefixLine }: Shared): string {
  const query = new URLSearchParams({ mode, text, model });
  for (const [key, value] of Object.entries(settings)) query.set(key, String(value));
  if (prefix.length > 0) {
    query.set('prefix', prefix.join('.'));
    query.set('line', String(prefixLine));
  }
  return query.toString();
}

/** Reads a fragment; undefined when it holds no text. Values out of range fall back to the default. */
export function decodeShare(fragment: string): Shared | undefined {
  const query = new URLSearchParams(fragment.replace(/^#/, ''));
  const text = query.get('text');
  if (!text) return undefined;
  const mode = contractOf(query.get('mode'));
  const prefix = (query.get('prefix') ?? '').split('.').filter(Boolean).map(Number);
  const line = Number(query.get('line'));
  const sound = prefix.every(Number.isInteger) && Number.isInteger(line) && line >= 0;
  return {
    mode: mode.id,
    text,
    model: query.get('model') ?? '',
    settings: { ...mode.defaults, ...soundSettings(mode, Object.fromEntries(query)) },
    prefix: sound ? prefix : [],
    prefixLine: sound && prefix.length > 0 ? line : 0,
  };
}
