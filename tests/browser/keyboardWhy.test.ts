// Every view of “See why” by the keyboard alone.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { focused, outputOf, useChromium, withPage } from './support/browser.ts';
import {
  button,
  expectFocus,
  expectFocusKept,
  finished,
  hasFocus,
  press,
  send,
  tabAndPress,
  tabTo,
  walkAround,
} from './support/keyboard.ts';

useChromium();

const answer = async (page: Page) => outputOf(await page.getByTestId('translation').last().innerText());
const panel = (page: Page) => page.getByRole('tabpanel');
const selectedTab = (page: Page) => page.getByRole('tab', { selected: true });

/** Opens the views below an answer, from the text box. */
async function openWhy(page: Page): Promise<void> {
  await tabAndPress(page, button(page, 'See why').last(), { back: true, until: panel(page) });
  await expectFocus(button(page, 'See why').last());
}

/** Goes to a view by arrow keys, from wherever in the panel the focus is. */
async function showView(page: Page, name: string): Promise<void> {
  const back = await panel(page).evaluate((element) => element.contains(document.activeElement));
  if (!(await hasFocus(selectedTab(page)))) await tabTo(page, selectedTab(page), back ? 'Shift+Tab' : 'Tab');
  for (let presses = 0; (await selectedTab(page).innerText()) !== name; presses += 1) {
    expect(presses).toBeLessThan(8);
    await press(page, 'ArrowRight');
  }
  await expectFocus(selectedTab(page));
}

test('each view can be walked around, by arrows along the tabs', () =>
  withPage(async (page) => {
    await send(page, 'I love you.');
    await openWhy(page);
    const names = await page.getByRole('tab').allInnerTexts();
    expect(names.length).toBeGreaterThan(6);
    for (const name of names) {
      await showView(page, name);
      await panel(page).getByText(/\w/).first().waitFor();
      if (name === 'Probabilities') await panel(page).getByRole('listitem').first().waitFor();
      if (name === 'Attention') await page.getByRole('grid').waitFor();
      await walkAround(page);
    }
    await tabTo(page, selectedTab(page));
    await press(page, 'Home');
    expect(await selectedTab(page).innerText()).toBe(names[0]);
    await press(page, 'ArrowLeft'); // around the end
    expect(await selectedTab(page).innerText()).toBe(names.at(-1));
    await tabAndPress(page, button(page, 'See why'), { back: true });
    await panel(page).waitFor({ state: 'detached' });
    await expectFocus(button(page, 'See why'));
  }));

test('attention: kind, layer, head, tokens, cells and table', () =>
  withPage(async (page) => {
    await tabAndPress(page, button(page, /^Model/), { until: page.getByRole('dialog') });
    await tabAndPress(page, page.getByRole('dialog').getByRole('button', { name: /^en-fr-transformer/ }));
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const long = 'The old man and the young woman walk to the station with a very big and a very small dog, ';
    await send(page, `${long.repeat(4)}and it rains.`);
    await openWhy(page);
    await showView(page, 'Attention');
    await page.getByRole('grid').waitFor();
    const label = page.getByTestId('cell-label');
    const cell = (place: string) => page.locator(`[data-cell="${place}"]`);
    const pressed = (name: string) => page.locator('[aria-pressed=true]', { hasText: name });
    await tabAndPress(page, button(page, 'Within the source'), { until: pressed('Within the source') });
    const layer = page.getByRole('combobox', { name: 'Layer' });
    await tabTo(page, layer);
    const last = await layer.inputValue();
    await press(page, 'ArrowUp');
    expect(await layer.inputValue()).not.toBe(last);
    await tabAndPress(page, button(page, 'Head 2'), { key: 'Space', until: pressed('Head 2') });
    const seen = page.getByRole('group', { name: 'Tokens looked at' }).getByRole('button');
    await tabTo(page, seen.first());
    await press(page, 'ArrowRight');
    expect(await seen.nth(1).getAttribute('aria-pressed')).toBe('true');
    await press(page, 'End');
    expect(await hasFocus(seen.last())).toBe(true);
    await tabTo(page, cell('0.0'));
    await press(page, 'ArrowDown');
    await press(page, 'ArrowRight');
    expect(await hasFocus(cell('1.1'))).toBe(true);
    expect(await label.innerText()).toMatch(/ looks at .+: [01]\.\d\d/);
    for (const key of ['ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowLeft']) await press(page, key);
    expect(await hasFocus(cell('-1.0'))).toBe(true);

    // Another window of the line is shown the same way.
    const window = page.getByRole('combobox', { name: /^Tokens/ });
    await tabTo(page, window, 'Shift+Tab');
    const first = await page.getByRole('columnheader').nth(1).innerText();
    await press(page, 'End');
    await page.waitForFunction((before) => {
      const token = document.querySelectorAll('[role=columnheader]')[1];
      return token !== undefined && token.textContent !== before;
    }, first);
    await expectFocus(window);
    await pressed('Within the source').waitFor();
    await pressed('Head 2').waitFor();
    expect(await layer.inputValue()).not.toBe(last);
    await tabAndPress(page, page.getByLabel('Table'), { key: 'Space' });
    await tabTo(page, page.getByRole('region', { name: 'Table' }));
    await tabTo(page, window, 'Shift+Tab');
    await press(page, 'Home');
    await page.getByRole('region', { name: 'Table' }).getByText(first, { exact: true }).first().waitFor();
  }));

test('the beam tree: pruned branches, growth, and a token forced on a later line', () =>
  withPage(async (page) => {
    await send(page, 'I love you.\nIt is raining.');
    await openWhy(page);
    await showView(page, 'Beam tree');
    await tabAndPress(page, button(page, 'Line 2'));
    const nodes = page.getByRole('group', { name: 'Beam tree' }).getByRole('button');
    const all = await nodes.count();
    await tabAndPress(page, page.getByLabel('Show pruned branches'), { key: 'Space' });
    expect(await nodes.count()).toBeLessThan(all);
    await press(page, 'Space');
    await tabTo(page, page.getByRole('slider', { name: 'Step' }));
    await press(page, 'Home');
    const least = await nodes.count();
    await press(page, 'ArrowRight');
    expect(await nodes.count()).toBeGreaterThan(least);
    await press(page, 'End');
    await tabAndPress(page, button(page, 'Watch it grow'), { until: button(page, 'Pause') });
    await press(page, 'Enter', button(page, 'Watch it grow'));
    expect(await nodes.count()).toBeLessThan(all);
    await press(page, 'Enter'); // goes on to its end
    await expect.poll(() => nodes.count(), { timeout: 10_000 }).toBe(all);
    await button(page, 'Watch it grow').waitFor();
    expect(await focused(page)).toBe('Watch it grow');

    const pruned = nodes.and(page.locator('[data-state=pruned]')).first();
    const token = await pruned.locator('span').first().innerText();
    await tabAndPress(page, pruned, { until: page.getByLabel('2 of 2') });
    await finished(page).waitFor();
    await page.getByText('Forced beginning of line 2').waitFor();
    await expect
      .poll(() => nodes.and(page.locator(':focus')).locator('span').first().innerText())
      .toBe(token);
    expect((await answer(page)).split('\n')[0]).toBe("Je t'aime.");
    expect((await answer(page)).split('\n')[1]).not.toBe('Il pleut.');
  }));

test('probabilities are chosen and forced; the link that holds it gives the same text', () =>
  withPage(async (page) => {
    await send(page, 'It is raining.');
    await openWhy(page);
    await showView(page, 'Probabilities');
    const options = panel(page).getByRole('listitem').getByRole('button');
    await options.first().waitFor();
    const before = await options.allInnerTexts();
    const second = panel(page).locator('[aria-pressed]').nth(1);
    await tabAndPress(page, second);
    expect(await second.getAttribute('aria-pressed')).toBe('true');
    expect(await options.allInnerTexts()).not.toEqual(before);
    await tabAndPress(page, options.nth(1), { until: page.getByLabel('2 of 2') });
    await finished(page).waitFor();
    await page.getByText('· Forced beginning').waitFor();
    await expectFocus(second);
    const text = await answer(page);
    expect(text).not.toBe('Il pleut.');
    await tabAndPress(page, button(page, 'Copy share link'), { back: true });
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('&prefix=');
    const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
    await withPage(
      async (other) => {
        await finished(other).waitFor();
        await other.getByText('· Forced beginning').waitFor();
        expect(await answer(other)).toBe(text);
      },
      { path: `/${link.hash}` },
    );
  }));

test('candidates, score, comparison and request', () =>
  withPage(async (page) => {
    await send(page, 'I love you.');
    const best = await answer(page);
    await openWhy(page);
    await showView(page, 'Candidates');
    const table = page.getByRole('region', { name: 'Candidates' }); // scrolls by arrows where it is wide
    await tabTo(page, table);
    expect(await table.getByRole('row').count()).toBeGreaterThan(2);

    await showView(page, 'Score');
    await tabTo(page, page.getByLabel('Reference translation'));
    await page.keyboard.type(best);
    await tabAndPress(page, button(page, 'Score it'), { until: page.getByText('nrefs:1').first() });
    await expectFocus(button(page, 'Score it'));
    await tabAndPress(page, page.getByText('View as request'), {
      until: page.getByRole('region', { name: 'Request' }),
    });
    await tabAndPress(page, panel(page).getByRole('button', { name: 'Copy' }), {
      until: page.getByText('Copied'),
    });

    await showView(page, 'Compare');
    const cards = panel(page).getByRole('listitem');
    const count = await cards.count();
    for (const name of [/^en-fr-bahdanau/, /^en-fr-seq2seq/])
      await tabAndPress(page, page.getByRole('checkbox', { name }), { key: 'Space' });
    expect(await cards.count()).toBe(count - 2);
    await tabAndPress(page, panel(page).getByRole('button', { name: 'Compare' }));
    await cards.last().getByText(/ms/).waitFor();
    await expectFocus(panel(page).getByRole('button', { name: 'Compare' }));
    await page.route('**/api/v1/translate', () => {}); // answers never
    await press(page, 'Enter', panel(page).getByRole('button', { name: 'Stop' }));
    await press(page, 'Enter', panel(page).getByRole('button', { name: 'Compare' }));
    await page.unrouteAll();

    await showView(page, 'Request');
    await tabTo(page, page.getByRole('link', { name: 'openapi.json' }));
    await tabTo(page, page.getByRole('region', { name: 'Request' }));
    await tabAndPress(page, panel(page).getByRole('button', { name: 'Copy' }));
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .toContain('/api/v1/translate');
    await expectFocusKept(page);
  }));
