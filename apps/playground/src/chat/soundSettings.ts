// Settings that come from outside the page: a link, the browser's storage, the keyboard.
import { wholeSettings, type NumericSetting } from '../api/limits.ts';
import type { DecodingSettings, Strategy } from '../api/types.ts';
import type { Contract } from '../modes/contract.ts';

/** The number that is allowed and nearest to a wanted one. */
export function nearestSetting(mode: Pick<Contract, 'ranges'>, key: NumericSetting, wanted: number): number {
  const [low, high] = mode.ranges[key];
  return Math.min(high, Math.max(low, wholeSettings.has(key) ? Math.round(wanted) : wanted));
}

/** Those settings that a mode can use, whole where they must be; what is out of range or something else is left out. */
export function soundSettings(
  mode: Pick<Contract, 'ranges' | 'strategies'>,
  wanted: Record<string, unknown>,
): Partial<DecodingSettings> {
  const sound: Partial<DecodingSettings> = {};
  for (const [name, [low, high]] of Object.entries(mode.ranges)) {
    const key = name as NumericSetting;
    const value = wanted[key];
    const number =
      typeof value === 'number' || (typeof value === 'string' && value !== '') ? Number(value) : NaN;
    if (number >= low && number <= high) sound[key] = nearestSetting(mode, key, number);
  }
  const strategy = wanted['strategy'];
  if (typeof strategy === 'string' && Object.hasOwn(mode.strategies, strategy))
    sound.strategy = strategy as Strategy;
  return sound;
}
