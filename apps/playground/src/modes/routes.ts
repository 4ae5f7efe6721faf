// The routes of each mode.
import type { ModeRoutes } from '../server/routes.ts';
import { generateRoutes } from './generate/routes.ts';
import { trainRoutes } from './train/routes.ts';
import { translateRoutes } from './translate/routes.ts';

export const modeRoutes: readonly ModeRoutes[] = [translateRoutes, generateRoutes, trainRoutes];
