// How the worker answers in each chat mode.
import type { ModeEngine } from '../engine/engine.ts';
import { generateEngine } from './generate/engine.ts';
import { translateEngine } from './translate/engine.ts';

export const modeEngines: readonly ModeEngine[] = [translateEngine, generateEngine];
