// Settings that come from outside the page: a link, the browser's storage, the keyboard.
import { taskRanges, wholeSettings } from '../api/limits.ts';
import type { DecodingSettings, Strategy, Task } from '../api/types.ts';

/** A setting that is a number. */
export type NumericKey = keyof (typeof taskRanges)[Task];

const strategies: readonly unknown[] = ['greedy', 'beam', 'sampling'] satisfies Strategy[];

/** The number that is allowed and nearest to a wanted one. */
export function nearestSetting(task: Task, key: NumericKey, wanted: number): number {
  const [low, high] = taskRanges[task][key];
  return Math.min(high, Math.max(low, wholeSettings.has(key) ? Math.round(wanted) : wanted));
}

/** Those settings that are usable, whole where they must be; what is out of range or something else is left out. */
export function soundSettings(task: Task, wanted: Record<string, unknown>): Partial<DecodingSettings> {
  const sound: Partial<DecodingSettings> = {};
  for (const [name, [low, high]] of Object.entries(taskRanges[task])) {
    const key = name as NumericKey;
    const value = wanted[key];
    const number =
      typeof value === 'number' || (typeof value === 'string' && value !== '') ? Number(value) : NaN;
    if (number >= low && number <= high) sound[key] = nearestSetting(task, key, number);
  }
  if (strategies.includes(wanted['strategy'])) sound.strategy = wanted['strategy'] as Strategy;
  return sound;
}
