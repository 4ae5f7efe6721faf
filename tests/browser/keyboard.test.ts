// Text box, answers and settings by the keyboard alone: nothing is focused or pressed in another way.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { focused, outputOf, slowDown, useChromium, withPage } from './support/browser.ts';
import {
  box,
  button,
  expectFocus,
  expectFocusKept,
  finished,
  press,
  send,
  tabAndPress,
  tabTo,
  walkAround,
} from './support/keyboard.ts';

useChromium();

const answer = async (page: Page) => outputOf(await page.getByTestId('translation').innerText());
const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText());
const settled = (page: Page) => page.getByRole('dialog').waitFor({ state: 'detached' });

test('every stop of the page is seen, in reading order, and none is a trap', () =>
  withPage(async (page) => {
    expect(await walkAround(page)).toBeGreaterThan(18); // skip link, side, header, examples, text box
    await send(page, 'I love you.\nIt is raining.');
    await walkAround(page);
    for (const name of [/^Decoding/, /^Model/, /^Keyboard shortcuts/]) {
      await tabAndPress(page, button(page, name), { until: page.getByRole('dialog') });
      await walkAround(page);
      await tabAndPress(page, button(page, 'Close'));
      await settled(page);
      expect(await focused(page)).toMatch(name);
    }
  }));

test('the text box: a new line, sending, examples, editing the last text, stopping', () =>
  withPage(async (page) => {
    await page.keyboard.press('Tab');
    await press(page, 'Enter'); // skips to the text box
    await expectFocus(box(page));
    await page.keyboard.type('I love you.');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('It is raining.');
    expect(await box(page).inputValue()).toBe('I love you.\nIt is raining.');
    await press(page, 'Enter', finished(page));
    await expectFocus(box(page));
    expect(await answer(page)).toBe("Je t'aime.\nIl pleut.");

    await press(page, 'ArrowUp', button(page, 'Cancel'));
    expect(await box(page).inputValue()).toBe('I love you.\nIt is raining.');
    await press(page, 'Escape');
    expect(await box(page).inputValue()).toBe('');
    await press(page, 'ArrowUp');
    await tabAndPress(page, button(page, 'Cancel'), { back: true });
    await expectFocus(box(page));
    expect(await box(page).inputValue()).toBe('');
    await press(page, 'ArrowUp');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('It is raining.');
    await tabAndPress(page, button(page, 'Translate').last(), { until: page.getByLabel('2 of 2') });
    await finished(page).waitFor();
    await expectFocusKept(page);
    expect(await answer(page)).toBe('Il pleut.');

    await tabAndPress(page, button(page, 'New chat').first());
    await expectFocus(box(page));
    await tabAndPress(page, button(page, 'Where is the train station?'), {
      back: true,
      until: finished(page),
    });
    await expectFocusKept(page);
    expect(await answer(page)).toBe('Où est la gare ?');

    await slowDown(page, 12_000);
    const streaming = page.locator('[data-status=streaming]');
    for (const stop of ['Escape', 'the button below', 'the button in the box'] as const) {
      await tabTo(page, box(page));
      for (let line = 0; line < 30; line += 1) {
        await page.keyboard.type('I love you.');
        await page.keyboard.press('Shift+Enter');
      }
      await press(page, 'Enter', streaming);
      if (stop === 'Escape') await press(page, 'Escape');
      else if (stop === 'the button below')
        await tabAndPress(page, button(page, 'Stop').first(), { back: true });
      else await tabAndPress(page, button(page, 'Stop').last());
      await streaming.waitFor({ state: 'detached' });
      await expectFocusKept(page);
    }
    expect(await page.locator('[data-status=stopped]').count()).toBe(3);
  }));

test('an answer is copied, shared, made anew, edited, and its versions are gone through', () =>
  withPage(async (page) => {
    await send(page, 'It is raining.');
    await tabAndPress(page, button(page, /^Edit/), { back: true });
    await expectFocus(box(page));
    await page.keyboard.press('Control+a');
    await page.keyboard.type('I love you.');
    await press(page, 'Enter', page.getByLabel('2 of 2'));
    await finished(page).waitFor();
    expect(await answer(page)).toBe("Je t'aime.");
    await tabAndPress(page, button(page, 'Copy'), { back: true, until: page.getByText('Copied') });
    expect(await clipboard(page)).toBe("Je t'aime.");
    await tabAndPress(page, button(page, 'Regenerate'), { until: page.getByLabel('3 of 3') });
    await finished(page).waitFor();
    expect(await focused(page)).toBe('Regenerate');
    await tabAndPress(page, button(page, 'Copy share link'));
    await expect.poll(() => clipboard(page)).toContain('#mode=translate');
    await tabAndPress(page, button(page, 'Previous version'), { until: page.getByLabel('2 of 3') });
    await press(page, 'Enter', page.getByLabel('1 of 3'));
    expect(await answer(page)).toBe('Il pleut.');
    await press(page, 'Enter'); // there is none before
    expect(await focused(page)).toBe('Previous version');
    await tabAndPress(page, button(page, 'Next version'), { until: page.getByLabel('2 of 3') });
    expect(await focused(page)).toBe('Next version');
  }));

test('every setting of every strategy is changed, and put back', () =>
  withPage(async (page) => {
    await send(page, 'It is raining.');
    const opener = button(page, /^Decoding/);
    await tabAndPress(page, opener, { until: page.getByRole('dialog') });
    const radio = page.getByRole('radio', { checked: true });
    await tabTo(page, radio);
    for (const [keys, name, count] of [
      [['ArrowUp'], /^Greedy/, 2],
      [['ArrowUp', 'ArrowDown'], /^Beam/, 4],
      [['ArrowDown'], /^Sampling/, 7],
    ] as const) {
      for (const key of keys) await press(page, key);
      await page.getByRole('radio', { name, checked: true }).waitFor();
      const fields = page.getByRole('spinbutton');
      expect(await fields.count()).toBe(count);
      for (let index = 0; index < count; index += 1) {
        const field = fields.nth(index);
        const down = (await field.inputValue()) === (await field.getAttribute('max'));
        await tabTo(page, field);
        const before = await field.inputValue();
        await press(page, down ? 'ArrowDown' : 'ArrowUp');
        const typed = await field.inputValue();
        expect(typed).not.toBe(before);
        const label = await field.evaluate(
          (element) => (element as HTMLInputElement).labels![0]!.textContent,
        );
        if (label === 'Seed') continue;
        await tabTo(page, page.getByRole('slider', { name: label }));
        await press(page, down ? 'ArrowLeft' : 'ArrowRight');
        expect(await field.inputValue()).not.toBe(typed);
      }
      await page.getByTestId('preview').getByText(/\w/).waitFor();
      if (count === 7) await walkAround(page);
      await tabAndPress(page, button(page, 'Reset'));
      await page.getByRole('radio', { name: /^Beam/, checked: true }).waitFor();
      expect(await page.getByRole('spinbutton', { name: 'Beam width' }).inputValue()).toBe('4');
      await tabTo(page, radio, 'Shift+Tab');
    }
    await page.keyboard.press('Escape');
    await settled(page);
    await expectFocus(opener);

    await tabAndPress(page, button(page, /^Model/), { back: true });
    await tabAndPress(page, page.getByRole('dialog').getByRole('button', { name: /^poor/ }));
    await settled(page);
    expect(await focused(page)).toContain('poor');
    await send(page, 'It is raining.');
    await page.getByText('poor · Beam').waitFor();
  }));
