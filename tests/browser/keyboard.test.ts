// A walk through everything with Tab, Enter, arrows and letters; nothing is focused or pressed in another way.
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { focused, outputOf, translate, useChromium, withPage } from './support/browser.ts';

useChromium();

/** Presses Tab until the element has the focus, and shows it. */
async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await target.waitFor();
  for (let presses = 0; presses < 120; presses += 1) {
    await page.keyboard.press(key);
    const reached = await target.evaluate(
      (element) => element === document.activeElement && element.matches(':focus-visible'),
    );
    if (reached) return;
  }
  throw new Error(`the keyboard does not reach ${String(target)}`);
}

async function tabAndPress(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

const finished = (page: Page) => page.locator('[data-status=done]').waitFor();
const answer = async (page: Page) => outputOf(await page.getByTestId('translation').innerText());

test('a translation is made, explained, forced, scored and compared', () =>
  withPage(async (page) => {
    const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter'); // skips to the text box
    await page.keyboard.type('I love you.');
    await page.keyboard.press('Enter');
    await finished(page);
    const best = await answer(page);

    await tabTo(page, button('See why'), 'Shift+Tab');
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByRole('tab', { selected: true }));
    const tab = () => page.getByRole('tab', { selected: true }).innerText();
    expect(await tab()).toBe('Candidates');
    await page.keyboard.press('ArrowRight');
    expect(await tab()).toBe('Attention');
    await tabTo(page, page.locator('[data-cell="0.0"]'));
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('[data-cell="1.1"]').evaluate((cell) => cell === document.activeElement)).toBe(
      true,
    );

    await tabTo(page, page.getByRole('tab', { selected: true }), 'Shift+Tab');
    await page.keyboard.press('ArrowRight');
    expect(await tab()).toBe('Beam tree');
    await tabAndPress(page, page.locator('[data-state=pruned]').first());
    await page.getByLabel('2 of 2').waitFor();
    await finished(page);
    expect(await answer(page)).not.toBe(best);
    await tabAndPress(page, button('Previous version'));
    expect(await answer(page)).toBe(best);

    await tabTo(page, page.getByRole('tab', { selected: true }));
    await page.keyboard.press('End');
    expect(await tab()).toBe('Request');
    await tabTo(page, page.getByRole('region', { name: 'Request' }));
    await tabTo(page, page.getByRole('tab', { selected: true }), 'Shift+Tab');
    await page.keyboard.press('ArrowLeft');
    expect(await tab()).toBe('Compare');
    await tabAndPress(page, page.getByRole('tabpanel').getByRole('button', { name: 'Compare' }));
    await page.getByRole('tabpanel').getByRole('listitem').nth(1).getByText(/ms/).waitFor();
    await tabTo(page, page.getByRole('tab', { selected: true }), 'Shift+Tab');
    await page.keyboard.press('ArrowLeft');
    expect(await tab()).toBe('Score');
    await tabTo(page, page.getByLabel('Reference translation'));
    await page.keyboard.type(best);
    await tabAndPress(page, button('Score it'));
    await page.getByText('nrefs:1').first().waitFor();
  }));

test('settings, model, theme, language, conversations and the other mode are chosen', () =>
  withPage(async (page) => {
    const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
    await tabAndPress(page, button(/^Decoding/));
    await tabTo(page, page.getByRole('radio', { checked: true }));
    await page.keyboard.press('ArrowDown');
    await page.getByRole('radio', { name: /^Sampling/ }).waitFor();
    await tabTo(page, page.getByRole('spinbutton', { name: 'Seed' }));
    await page.keyboard.press('Control+a');
    await page.keyboard.type('7');
    await page.keyboard.press('Escape');
    expect(await focused(page)).toContain('Decoding'); // where it was before the dialog

    await tabAndPress(page, button(/^Model/));
    await tabAndPress(page, page.getByRole('dialog').getByRole('button', { name: /poor/ }));
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await focused(page)).toContain('poor');
    await tabTo(page, page.getByLabel('Text to translate'));
    await page.keyboard.type('It is raining.');
    await page.keyboard.press('Enter');
    await finished(page);
    await page.getByText('poor · Sampling').waitFor();

    await tabAndPress(page, button(/^Rename: /));
    await page.keyboard.press('Control+a');
    await page.keyboard.type('Weather');
    await page.keyboard.press('Enter');
    await page.getByRole('navigation', { name: 'Conversations' }).getByText('Weather').waitFor();
    expect(await focused(page)).toBe('Rename: Weather');
    await tabTo(page, page.getByRole('searchbox', { name: 'Search conversations' }), 'Shift+Tab');
    await page.keyboard.type('nothing like it');
    await page.getByText('No conversation matches.').waitFor();

    await tabAndPress(page, button('Theme: System'));
    expect(await page.locator('html').getAttribute('data-theme')).toBe('light');
    await tabTo(
      page,
      page.getByRole('navigation', { name: 'Mode' }).getByRole('button', { name: 'Generate' }),
      'Shift+Tab',
    );
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Let it write' }).waitFor();
    await tabAndPress(page, button('Language: 中文'));
    await page.getByRole('heading', { name: '让它来写' }).waitFor();
  }));

test('the focus stays where the hands are', () =>
  withPage(async (page) => {
    await translate(page, 'I love you.');
    await page.getByRole('button', { name: 'New chat' }).first().click();
    await translate(page, 'It is raining.');
    await page.getByRole('button', { name: 'Regenerate' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('2 of 2').waitFor();
    await finished(page);
    expect(await focused(page)).toBe('Regenerate');
    await page.getByRole('button', { name: 'Previous version' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('1 of 2').waitFor();
    expect(await focused(page)).toBe('Previous version');

    await page.getByRole('button', { name: 'Rename: It is raining.' }).focus();
    await page.keyboard.press('Enter');
    expect(await focused(page)).toBe('Rename');
    await page.keyboard.press('Escape');
    expect(await focused(page)).toBe('Rename: It is raining.');
    for (const [title, next] of [
      ['It is raining.', 'I love you.'],
      ['I love you.', 'New chat'],
    ]) {
      await page.getByRole('button', { name: `Delete: ${title}` }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      expect(await focused(page)).toBe(next);
    }
  }));
