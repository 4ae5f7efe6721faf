// The keyboard as the only hand: reaching things with Tab, pressing keys, and what must hold of the focus all the way.
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** Runs in the page: what is wrong with the focus as it is seen, and whether it has arrived. */
function seeFocus(target: Node | null): { fault: string; arrived: boolean; gone: boolean } {
  const faultOf = (element: HTMLElement): string => {
    if (!element.matches(':focus-visible')) return 'the focus is not :focus-visible';
    const around: HTMLElement[] = [];
    for (let at: HTMLElement | null = element; at; at = at.parentElement) around.push(at);
    const outlined = around.slice(0, 3).some((at) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(at);
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1;
    });
    if (!outlined) return 'no outline shows the focus';
    // What rises into view is transparent for a moment.
    if (around.some((at) => getComputedStyle(at).opacity === '0' && at.getAnimations().length === 0))
      return 'it is transparent';
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const shares = [0.5, 0.05, 0.95];
    const seen = shares.some((x) =>
      shares.some((y) => {
        const hit = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
        return element.contains(hit) || around.slice(0, 3).some((at) => at === hit);
      }),
    );
    return seen ? '' : 'it is covered or off the screen';
  };
  const element = document.activeElement;
  // Between the last and the first the focus is outside of the page.
  const fault = element instanceof HTMLElement && element !== document.body ? faultOf(element) : '';
  return {
    fault: fault && `${element!.getAttribute('aria-label') ?? element!.outerHTML.slice(0, 120)}: ${fault}`,
    arrived: element === target,
    gone: target !== null && !target.isConnected,
  };
}

/** Fails when nothing of the page has the focus, now or after what is under way. */
export async function expectFocusKept(page: Page): Promise<void> {
  await expect
    .poll(() => page.evaluate(() => document.activeElement !== document.body), {
      message: 'the focus was lost',
      timeout: 3000,
      interval: 20,
    })
    .toBe(true);
}

/** Whether an element has the focus. */
export const hasFocus = (target: Locator): Promise<boolean> =>
  target.evaluate((element) => element === document.activeElement);

/** Fails unless an element gets the focus, or has it. */
export async function expectFocus(target: Locator): Promise<void> {
  await expect.poll(() => hasFocus(target), { timeout: 5000, interval: 20 }).toBe(true);
}

/** Presses Tab until the element has the focus; every stop on the way must be seen. */
export async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  let element = await target.elementHandle();
  for (let presses = 0; presses < 250; presses += 1) {
    await page.keyboard.press(key);
    let seen = await page.evaluate(seeFocus, element);
    if (seen.gone) {
      // It was drawn anew.
      element = await target.elementHandle();
      seen = await page.evaluate(seeFocus, element);
    }
    if (seen.fault) throw new Error(seen.fault);
    if (seen.arrived) return;
  }
  throw new Error(`the keyboard does not reach ${String(target)}`);
}

/** Presses a key, waits for what shall come of it, and fails when that took the focus away. */
export async function press(page: Page, key: string, until?: Locator): Promise<void> {
  await page.keyboard.press(key);
  await until?.waitFor();
  await expectFocusKept(page);
}

/** Goes to an element and presses a key there. */
export async function tabAndPress(
  page: Page,
  target: Locator,
  { key = 'Enter', until, back = false }: { key?: string; until?: Locator; back?: boolean } = {},
): Promise<void> {
  await tabTo(page, target, back ? 'Shift+Tab' : 'Tab');
  await press(page, key, until);
}

interface Walk {
  walked?: HTMLElement[];
  /** Times that the walk went back to the top. */
  rounds?: number;
}

/**
 * Tabs once around all that can be reached: each stop is seen, comes after the one before in the document and on the screen,
 * and nothing that can have the focus is left out. Returns how many stops there were.
 */
export async function walkAround(page: Page): Promise<number> {
  await page.evaluate(() => {
    Object.assign(globalThis, { walked: [], rounds: 0 } satisfies Walk);
  });
  for (let presses = 0; presses < 400; presses += 1) {
    await page.keyboard.press('Tab');
    const { fault } = await page.evaluate(seeFocus, null);
    if (fault) throw new Error(fault);
    const step = await page.evaluate(() => {
      const walk = globalThis as Walk;
      const walked = walk.walked!;
      const element = document.activeElement as HTMLElement;
      if (element === document.body) return '';
      if (walked.includes(element)) return 'around';
      const before = walked.at(-1);
      walked.push(element);
      if (!before?.isConnected) return '';
      const nameOf = (at: HTMLElement) => `“${at.getAttribute('aria-label') ?? at.textContent.slice(0, 40)}”`;
      const [a, b] = [before.getBoundingClientRect(), element.getBoundingClientRect()];
      const follows = before.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING;
      const below = b.top + 2 >= a.bottom;
      const beside = b.left + 2 >= a.left && b.bottom > a.top && b.top < a.bottom;
      const nextColumn = b.left + 2 >= a.right;
      if (!follows) {
        walk.rounds! += 1;
        return walk.rounds === 1 ? '' : `${nameOf(element)} comes after ${nameOf(before)}, which it precedes`;
      }
      return below || beside || nextColumn
        ? ''
        : `${nameOf(element)} comes after ${nameOf(before)}, and lies before it`;
    });
    if (step === 'around') break;
    if (step !== '') throw new Error(step);
  }
  const { stops, missed } = await page.evaluate(() => {
    const walked = (globalThis as Walk).walked!;
    const modal = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document.body;
    const all = modal.querySelectorAll<HTMLElement>(
      'a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary, [tabindex]',
    );
    const reachable = [...all].filter(
      (element) =>
        element.tabIndex >= 0 &&
        element.checkVisibility({ visibilityProperty: true }) &&
        !element.matches('[type=radio]:not(:checked)'),
    );
    return {
      stops: walked.length,
      missed: reachable
        .filter((element) => !walked.includes(element))
        .map((element) => element.outerHTML.slice(0, 120)),
    };
  });
  expect(missed).toEqual([]);
  return stops;
}

export const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });

/** The box of the translate mode. */
export const box = (page: Page) => page.getByLabel('Text to translate');

/** An answer that is whole. */
export const finished = (page: Page) => page.locator('[data-status=done]');

/** Types into the text box, which has the focus afterwards. */
export async function send(page: Page, text: string): Promise<void> {
  await tabTo(page, box(page));
  await page.keyboard.press('Control+a');
  for (const [index, line] of text.split('\n').entries()) {
    if (index > 0) await page.keyboard.press('Shift+Enter');
    await page.keyboard.type(line);
  }
  const before = await page.getByRole('article').count();
  await press(page, 'Enter', page.getByRole('article').nth(before).locator('[data-status=done]'));
  await expectFocus(box(page));
}
