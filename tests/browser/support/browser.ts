// A Chromium for the tests: pages that watch for console errors and for requests that leave the origin.
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject } from 'vitest';
import { findChromium } from '../../../scripts/bootstrap.mjs';
import { screens } from './views/view.ts';

export { screens };

let browser: Browser;

/** Starts and stops the browser around the tests of a file. */
export function useChromium(): void {
  beforeAll(async () => {
    const executablePath = findChromium();
    if (!executablePath) throw new Error('browser tests: no Chromium found; set CHROMIUM to its path');
    browser = await chromium.launch({
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      ],
    });
  });
  afterAll(() => browser?.close());
}

/** Runs `test` on a new page of a new profile; afterwards no console error and no foreign request may have been seen. */
export async function withPage(
  test: (page: Page) => Promise<void>,
  {
    path = '/',
    allowed = /^$/,
    baseURL: origin = inject('origin'),
    ...options
  }: BrowserContextOptions & { path?: string; allowed?: RegExp } = {},
): Promise<void> {
  const context = await browser.newContext({
    baseURL: origin,
    viewport: screens.desktop,
    locale: 'en-US',
    ...options,
  });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const problems: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !allowed.test(message.text()))
      problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && !['data:', 'blob:'].includes(url.protocol))
      problems.push(`left the origin: ${url.href}`);
  });
  try {
    await page.goto(origin + path);
    await page.getByText('Loading the model').first().waitFor({ state: 'detached' });
    await test(page);
    expect(problems).toEqual([]);
  } finally {
    await context.close();
  }
}

/** Sends a text and waits for the whole translation. */
export async function translate(page: Page, text: string): Promise<string> {
  const answers = page.getByTestId('translation');
  const before = await answers.count();
  await page.getByLabel('Text to translate').fill(text);
  await page.keyboard.press('Enter');
  const answer = answers.nth(before);
  await page.waitForFunction(
    (index) =>
      document.querySelectorAll('[data-testid=translation]')[index]?.getAttribute('data-status') === 'done',
    before,
  );
  return outputOf(await answer.innerText());
}

/** Lets a page receive only so many bytes a second, so that an answer can be watched and stopped however fast the model is. */
export async function slowDown(page: Page, bytesPerSecond: number): Promise<void> {
  const line = await page.context().newCDPSession(page);
  await line.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 0,
    downloadThroughput: bytesPerSecond,
    uploadThroughput: -1,
  });
}

/** The name of what has the focus. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
  });

/** Requests that the server is answering. */
export async function runningJobs(page: Page): Promise<number> {
  const health = await page.request.get(`${inject('origin')}/api/health`);
  return ((await health.json()) as { queue: { running: number } }).queue.running;
}

/** An answer's text without the words for screen readers. */
export const outputOf = (text: string): string => text.replace(/^Translation:\s*/, '').trim();

/** What axe finds on the page as it is, by all its rules, or those of `tag`, but those of level AAA and its experiments. */
export async function accessibilityProblems(page: Page, tag?: string): Promise<string[]> {
  // Colours in the middle of a transition are nobody's colours.
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((a) => a.effect?.getTiming().iterations === 1)
        .map((a) => a.finished),
    ),
  );
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source);
  return page.evaluate(async (tag) => {
    const { axe: checker } = globalThis as unknown as { axe: typeof axe };
    const rules = checker
      .getRules(tag && [tag])
      .filter(({ tags }) => !/aaa|experimental/.test(tags.join(' ')));
    const found = await checker.run(document, {
      runOnly: { type: 'rule', values: rules.map(({ ruleId }) => ruleId) },
      resultTypes: ['violations'],
    });
    return found.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
    );
  }, tag);
}

/** Fails with what axe finds on the page as it is. */
export const expectAccessible = async (page: Page): Promise<void> =>
  expect(await accessibilityProblems(page)).toEqual([]);

/** Fails when the page is wider than the screen, or a visible control reaches beyond it. */
export async function expectNoOverflow(page: Page): Promise<void> {
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(wide).toBeLessThanOrEqual(0);
}

/** Goes to the Train mode. */
export const openTrain = (page: Page): Promise<void> =>
  page.getByRole('navigation', { name: 'Mode' }).getByRole('button', { name: 'Train' }).click();
