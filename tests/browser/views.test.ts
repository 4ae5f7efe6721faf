// Every view on every screen, light and dark: axe finds nothing, and nothing overlaps, is clipped, or lies out of reach.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessibilityProblems, useChromium, withPage } from './support/browser.ts';
import { layoutProblems } from './support/layout.ts';
import { scenes } from './support/views/index.ts';
import { screens, type Screen, type View } from './support/views/view.ts';

useChromium();

const names = Object.keys(screens) as Screen[];

/** All that is wrong with a view that is open, with where it is. */
async function problemsOf(page: Page, { name, only = names }: View): Promise<string[]> {
  const places = new Map<string, string[]>();
  for (const screen of only) {
    await page.setViewportSize(screens[screen]);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      // The dark theme has other colours, and nothing else that is other.
      const found =
        colorScheme === 'dark'
          ? await accessibilityProblems(page, 'cat.color')
          : [...(await accessibilityProblems(page)), ...(await layoutProblems(page, screen === 'phone'))];
      for (const problem of found)
        places.set(problem, [...(places.get(problem) ?? []), `${screen} ${colorScheme}`]);
    }
  }
  return [...places].map(([problem, where]) => `${name} (${where.join(', ')}): ${problem}`);
}

for (const { name, views, ...options } of scenes)
  test(`views: ${name}`, () =>
    withPage(async (page) => {
      const problems: string[] = [];
      for (const view of views) {
        await page.setViewportSize(screens[view.only?.[0] ?? 'desktop']);
        await view.open(page);
        problems.push(...(await problemsOf(page, view)));
      }
      expect(problems).toEqual([]);
    }, options));
