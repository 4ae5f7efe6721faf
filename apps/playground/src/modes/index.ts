// The modes, in the order of their tabs.
import type { Mode } from './mode.ts';
import { translateMode } from './translate/index.ts';

export const modes: readonly Mode[] = [translateMode];

/** A mode by id; the first one for an id of another version. */
export const findMode = (id: string): Mode => modes.find((mode) => mode.id === id) ?? modes[0]!;
