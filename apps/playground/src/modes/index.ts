// The modes, in the order of their tabs.
import { generateMode } from './generate/index.ts';
import type { Mode } from './mode.ts';
import { trainMode } from './train/index.ts';
import { translateMode } from './translate/index.ts';

export const modes: readonly Mode[] = [translateMode, generateMode, trainMode];
