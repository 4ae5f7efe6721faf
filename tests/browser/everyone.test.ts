// For everyone: the theme, the language and less motion as one likes them, and a way back from nowhere.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { expectAccessible, screens, slowDown, translate, useChromium, withPage } from './support/browser.ts';

useChromium();

test('the theme and the language are kept, from the first paint on', () =>
  withPage(async (page) => {
    const html = page.locator('html');
    await page.getByRole('button', { name: 'Theme: System' }).click();
    await page.getByRole('button', { name: 'Theme: Light' }).click();
    await page.getByRole('button', { name: 'Language: 中文' }).click();
    await page.getByRole('heading', { name: '用法语说' }).waitFor();
    const painted = await (await page.request.get(inject('origin'))).text();
    expect(painted).toContain('<html lang="zh" data-theme="dark"');
    await page.reload();
    expect(await html.getAttribute('data-theme')).toBe('dark');
    expect(await html.getAttribute('lang')).toBe('zh');
    await page.getByRole('heading', { name: '用法语说' }).waitFor();
    await expectAccessible(page);
  }));

test('an address without a page says so and leads back', () =>
  withPage(
    async (page) => {
      await page.getByRole('heading', { name: 'There is no page here' }).waitFor();
      await expectAccessible(page);
      await page.getByRole('link', { name: 'Open the playground' }).click();
      await page.getByLabel('Text to translate').waitFor();
    },
    { path: '/nowhere', allowed: /404/ },
  ));

test('nothing moves for those who want less motion', () =>
  withPage(
    async (page) => {
      const moving = () => page.evaluate(() => document.getAnimations().map(({ id }) => id));
      await slowDown(page, 12_000);
      await page.getByLabel('Text to translate').fill('It is raining.');
      await page.keyboard.press('Enter');
      await page.locator('[data-status=streaming]').waitFor();
      expect(await moving()).toEqual([]);
      await page.locator('[data-status=done]').waitFor();
      await page.getByRole('button', { name: 'See why' }).click();
      expect(await moving()).toEqual([]);
      await page.getByRole('button', { name: /^Decoding/ }).click();
      expect(await moving()).toEqual([]);
    },
    { reducedMotion: 'reduce' },
  ));

/** What has shifted so far without a press or key shortly before, by Chromium's own measure, and by how many pixels down. */
const layoutShifts = (page: Page) =>
  page.evaluate(async () => {
    type Shift = PerformanceEntry & {
      value: number;
      hadRecentInput: boolean;
      sources: { node: Node | null; previousRect: DOMRect; currentRect: DOMRect }[];
    };
    const shifts = await new Promise<Shift[]>((resolve) => {
      new PerformanceObserver((list) => resolve(list.getEntries() as Shift[])).observe({
        type: 'layout-shift',
        buffered: true,
      });
      setTimeout(() => resolve([]), 500); // none at all
    });
    return shifts
      .filter(({ hadRecentInput }) => !hadRecentInput)
      .map(({ value, sources }) => ({
        value,
        down: sources.map(({ previousRect, currentRect }) => Math.abs(currentRect.y - previousRect.y)),
      }));
  });

/** The pixels by which the page has moved down or up while it was loading. */
async function loadingJump(page: Page): Promise<number> {
  await page.getByText('BLEU').first().waitFor();
  return Math.max(0, ...(await layoutShifts(page)).flatMap(({ down }) => down));
}

for (const screen of ['desktop', 'phone'] as const)
  test(`nothing jumps on a ${screen} while the page loads, nor much while answers come`, () =>
    withPage(
      async (page) => {
        expect(await loadingJump(page)).toBeLessThan(1);
        await translate(page, 'She is reading a book.');
        await page.getByRole('button', { name: 'See why' }).click();
        await slowDown(page, 12_000);
        await translate(page, 'I love you.\nIt is raining.');
        const all = await layoutShifts(page);
        expect(all.reduce((sum, { value }) => sum + value, 0)).toBeLessThan(0.1); // what web.dev calls good
      },
      { viewport: screens[screen] },
    ));

test('nothing jumps when the page arrives piece by piece', async () => {
  const origin = inject('origin');
  const slow = createServer(async (request, response) => {
    const { status, headers, body } = await fetch(origin + request.url);
    const type = headers.get('content-type') ?? '';
    const bytes = Buffer.from(await new Response(body).arrayBuffer());
    response.writeHead(status, { 'Content-Type': type });
    if (!type.startsWith('text/html')) return response.end(bytes);
    for (let at = 0; at < bytes.length; at += 2000) {
      response.write(bytes.subarray(at, at + 2000));
      await pause(100);
    }
    return response.end();
  });
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
  try {
    await withPage(async (page) => expect(await loadingJump(page)).toBeLessThan(1), {
      baseURL: `http://127.0.0.1:${(slow.address() as AddressInfo).port}`,
    });
  } finally {
    slow.close();
    slow.closeAllConnections();
  }
});
