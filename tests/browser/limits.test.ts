// What is scarce: the browser's storage and the one model that answers. Both are told, and nothing that was there is lost.
import type { Page } from 'playwright-core';
import { expect, inject, test } from 'vitest';
import { expectAccessible, outputOf, translate, useChromium, withPage } from './support/browser.ts';

useChromium();

const answer = async (page: Page) => outputOf(await page.getByTestId('translation').innerText());

/** Fills the browser's storage to the brim, but for some UTF-16 units. */
const fillStorage = (page: Page, free = 0) =>
  page.evaluate((units) => {
    localStorage.setItem('spare', 'x'.repeat(units));
    for (let size = 2 ** 22, entry = 0; size >= 1; entry += 1)
      try {
        localStorage.setItem(`filler${entry}`, 'x'.repeat(size));
      } catch {
        size /= 2;
      }
    localStorage.removeItem('spare');
  }, free);

/** Units that the one conversation takes. */
const keptUnits = (page: Page) =>
  page.evaluate(() => {
    const key = Object.keys(localStorage).find((name) => name.startsWith('d2lts.conversation.'))!;
    return localStorage.getItem(key)!.length;
  });

const banner = (page: Page) => page.getByRole('alert').getByText('The browser’s storage is full');
const row = (page: Page, name: string) =>
  page.getByRole('list', { name: 'Conversations' }).getByRole('button', { name, exact: true });

test('a full storage is told; older conversations stay, and with room again new ones are kept', () =>
  withPage(async (page) => {
    await translate(page, 'I love you.');
    await page.getByRole('button', { name: 'New chat' }).first().click();
    await fillStorage(page);
    expect(await translate(page, 'It is raining.')).toBe('Il pleut.'); // is answered all the same
    await banner(page).waitFor();
    await expectAccessible(page);
    await page.reload();
    await row(page, 'I love you.').click();
    expect(await answer(page)).toBe("Je t'aime.");
    expect(await row(page, 'It is raining.').count()).toBe(0);
    await page.getByRole('button', { name: 'Delete: I love you.' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await translate(page, 'It is raining.');
    await banner(page).waitFor({ state: 'detached' });
    await page.reload();
    await row(page, 'It is raining.').waitFor();
    expect(await answer(page)).toBe('Il pleut.');
  }));

test('where the storage has room for the text alone, what led to it is left out, and says so', () =>
  withPage(async (page) => {
    await translate(page, 'It is raining.');
    const whole = await keptUnits(page);
    await page.getByRole('button', { name: 'Delete: It is raining.' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await fillStorage(page, Math.round(whole * 0.7));
    await translate(page, 'It is raining.');
    expect(await banner(page).count()).toBe(0);
    expect(await keptUnits(page)).toBeLessThan(whole * 0.7);
    await page.reload();
    await page.getByTestId('translation').waitFor();
    expect(await answer(page)).toBe('Il pleut.');
    await page.getByRole('button', { name: 'See why' }).click();
    await page.getByRole('tab', { name: 'Beam tree' }).click();
    await page.getByText('The browser’s storage was full, so this was not kept').waitFor();
    await page.getByRole('tab', { name: 'Candidates' }).click();
    expect(await page.getByRole('tabpanel').getByRole('row').count()).toBeGreaterThan(2);
  }));

test('who waits is told how many are before; whoever leaves makes room for the next', () =>
  withPage(async (page) => {
    // What means nothing is translated at length.
    const long = Array.from({ length: 40 }, () => 'zq xv kw jj qq zx vv kz qx zz ww xx yy kk zv qk').join(
      '\n',
    );
    const link = new URLSearchParams({
      mode: 'translate',
      text: long,
      model: 'en-fr-transformer',
      beam: '12',
      lengthPenalty: '2',
    });
    const open = async (hash: string) => {
      const tab = await page.context().newPage();
      await tab.goto(`${inject('origin')}/#${hash}`);
      return tab;
    };
    const holder = await open(link.toString());
    await holder.locator('[data-status=streaming]').waitFor();
    const short = new URLSearchParams({ mode: 'translate', text: 'I love you.', model: 'good' }).toString();
    const second = await open(short);
    await second.getByText('Waiting: 1 before you').waitFor();
    const third = await open(short);
    await third.getByText('Waiting: 2 before you').waitFor();
    await expectAccessible(third);
    await second.keyboard.press('Escape');
    await second.getByText('Stopped before the first word.').waitFor();
    await third.getByText('Waiting: 1 before you').waitFor();
    expect(await holder.locator('[data-status=streaming]').count()).toBe(1);
    await holder.close();
    await third.locator('[data-status=done]').waitFor();
    expect(await answer(third)).toBe("Je t'aime.");
  }));
