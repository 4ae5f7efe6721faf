// The modes, in the order of their tabs.
import type { Task } from '../api/types.ts';
import { generateMode } from './generate/index.ts';
import type { Mode } from './mode.ts';
import { translateMode } from './translate/index.ts';

export const modes: readonly Mode[] = [translateMode, generateMode];

/** A mode by id. */
export const findMode = (id: Task): Mode => modes.find((mode) => mode.id === id)!;
