// A view of the playground, and how a page gets there.
import type { Page } from 'playwright-core';

/** Sizes of screen that every view must fit. */
export const screens = {
  desktop: { width: 1280, height: 800 },
  tablet: { width: 820, height: 1180 },
  phone: { width: 390, height: 780 },
} as const;
export type Screen = keyof typeof screens;

/** A view; `open` starts from where the view before it in its scene ended. */
export interface View {
  name: string;
  open(page: Page): Promise<unknown>;
  /** Where it can be seen, if not everywhere. */
  only?: readonly Screen[];
}

/** Views that follow one another on a page of a new profile, which is at `/` in the beginning. */
export interface Scene {
  name: string;
  locale?: string;
  /** What the console may say: refusals that are asked for. */
  allowed?: RegExp;
  views: readonly View[];
}

export const view = (name: string, open: View['open'], only?: View['only']): View => ({
  name,
  open,
  ...(only ? { only } : {}),
});
