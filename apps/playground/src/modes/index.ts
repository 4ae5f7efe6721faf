// The modes, in the order of their tabs.
import { generateMode } from './generate/index.ts';
import type { Mode } from './mode.ts';
import { trainMode } from './train/index.ts';
import { translateMode } from './translate/index.ts';

export const modes: readonly Mode[] = [translateMode, generateMode, trainMode];

/** A mode by id; the first one where there is none of this id. */
export const findMode = (id: string): Mode => modes.find((mode) => mode.id === id) ?? translateMode;
