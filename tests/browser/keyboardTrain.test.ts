// All of Train by the keyboard alone: the form, a run under way, its checkpoints, and what is made of them.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openTrain, outputOf, useChromium, withPage } from './support/browser.ts';
import {
  button,
  expectFocus,
  expectFocusKept,
  finished,
  press,
  tabAndPress,
  tabTo,
  walkAround,
} from './support/keyboard.ts';

useChromium();

const train = (page: Page) =>
  page.getByRole('navigation', { name: 'Mode' }).getByRole('button', { name: 'Train' });
const start = (page: Page) => button(page, 'Start training');
const field = (page: Page, name: string) => page.getByLabel(name, { exact: true });

/** Replaces what a field holds. */
async function fill(page: Page, name: string, text: string): Promise<void> {
  await tabTo(page, field(page, name));
  await page.keyboard.press('Control+a');
  await page.keyboard.type(text);
}

test('the form: every field, every kind of data, and what is wrong with it', () =>
  withPage(
    async (page) => {
      await tabAndPress(page, train(page), { until: start(page) });
      await walkAround(page);
      const radio = page.getByRole('radio', { checked: true });
      const kind = (name: RegExp) => page.getByRole('radio', { name, checked: true });
      for (const [name, text] of [
        ['Model', 'GRU encoder'],
        ['Size', 'medium'],
        ['Translate English to', 'German'],
      ] as const) {
        await tabTo(page, field(page, name));
        const before = await field(page, name).inputValue();
        await page.keyboard.type(text);
        expect(await field(page, name).inputValue()).not.toBe(before);
      }
      for (const [name, value] of [
        ['Steps', '40'],
        ['Learning rate', '0.02'],
        ['Seed', '5'],
      ] as const) {
        await fill(page, name, value);
        expect(await field(page, name).inputValue()).toBe(value);
      }
      // What the browser refuses has the focus.
      await tabTo(page, field(page, 'Steps'), 'Shift+Tab');
      await page.keyboard.press('Control+a');
      await page.keyboard.type('1');
      await tabAndPress(page, start(page));
      await expectFocus(field(page, 'Steps'));
      await page.keyboard.press('Control+a');
      await page.keyboard.type('40');
      await tabAndPress(page, page.getByText('View as request'), {
        until: page.getByRole('region', { name: 'Request' }),
      });
      const request = await page.getByRole('region', { name: 'Request' }).innerText();
      for (const part of ['"architecture": "seq2seq"', '"size": "medium"', '"target": "de"', '"steps": 40'])
        expect(request).toContain(part);

      await tabTo(page, radio);
      await press(page, 'ArrowDown', kind(/^My sentence pairs/));
      await fill(page, 'Sentence pairs', 'Hello.');
      await tabAndPress(page, button(page, 'Insert a tab'));
      await expectFocus(field(page, 'Sentence pairs'));
      await page.keyboard.type('Bonjour.\nno tab here');
      expect(await field(page, 'Sentence pairs').inputValue()).toBe('Hello.\tBonjour.\nno tab here');
      await walkAround(page);
      // What the server refuses leaves the focus where it was.
      await tabAndPress(page, start(page), {
        until: page.getByRole('alert').getByText('line 2 of the pairs must be'),
      });
      await expectFocus(start(page));

      await tabTo(page, radio, 'Shift+Tab');
      await press(page, 'ArrowDown', kind(/^My text/));
      expect(await field(page, 'Model').inputValue()).toBe('lstm');
      await fill(page, 'Text', 'too short');
      await walkAround(page);
      expect(await start(page).isDisabled()).toBe(true);
      await tabTo(page, radio, 'Shift+Tab');
      await press(page, 'ArrowDown', kind(/^Names of emoji/)); // around the end
    },
    { allowed: /status of 400/ },
  ));

test('a run is started, paused, resumed, stopped, tried through time, chatted with, shared and deleted', () =>
  withPage(async (page) => {
    const is = (name: string) => page.locator(`[data-testid=train-status][data-status=${name}]`);
    await tabAndPress(page, train(page), { until: start(page) });
    await tabTo(page, page.getByRole('radio', { checked: true }));
    await press(page, 'ArrowDown');
    const numbers = ['one', 'two', 'three', 'four', 'five', 'six'];
    await tabTo(page, field(page, 'Sentence pairs'));
    await page.keyboard.insertText(
      numbers
        .flatMap((a) => numbers.map((b) => `${a} ${b}\t${b.toUpperCase()} ${a.toUpperCase()}`))
        .join('\n'),
    );
    await fill(page, 'Steps', '5000');
    await tabAndPress(page, start(page), { until: is('running') });
    await expectFocusKept(page);
    await page.getByTestId('curves').waitFor({ timeout: 60_000 });
    await tabAndPress(page, button(page, 'Pause'));
    await is('paused').waitFor({ timeout: 60_000 });
    await expectFocus(button(page, 'Resume'));
    await press(page, 'Enter', is('running'));
    await expectFocus(button(page, 'Pause'));
    const slider = page.getByRole('slider', { name: 'Checkpoint' });
    await expect
      .poll(async () => Number(await slider.getAttribute('max').catch(() => 0)), { timeout: 60_000 })
      .toBeGreaterThan(1);
    await tabAndPress(page, button(page, 'Stop'));
    await is('stopped').waitFor({ timeout: 60_000 });
    await expectFocusKept(page);
    await walkAround(page);

    for (const name of ['Perplexity', 'BLEU', 'Loss'])
      await tabAndPress(page, button(page, name), {
        back: name === 'Loss',
        until: page.getByRole('img', { name: new RegExp(`^${name} over the steps`) }),
      });
    await tabAndPress(page, page.getByLabel('Table'), { key: 'Space' });
    await tabTo(page, page.getByRole('region', { name: 'Curves: Table' }));
    const output = page.locator('[data-testid=checkpoint-output][data-step]');
    const step = async () => Number(await output.getAttribute('data-step'));
    await fill(page, 'Sentence to translate', 'one two');
    await output.waitFor();
    const newest = await step();
    await tabTo(page, slider);
    await press(page, 'Home');
    await expect.poll(step).toBeLessThan(newest);
    await press(page, 'End');
    await expect.poll(step).toBe(newest);
    await press(page, 'ArrowLeft');
    await expect.poll(step).toBeLessThan(newest);
    const chosen = await step();

    await tabAndPress(page, button(page, `Chat with the model at step ${chosen}`), {
      back: true,
      until: page.getByLabel('Text to translate'),
    });
    await expectFocus(page.getByLabel('Text to translate'));
    await page.keyboard.type('one two');
    await press(page, 'Enter', finished(page));
    const said = outputOf(await page.getByTestId('translation').innerText());
    expect(said).toMatch(/[A-Z]/);
    await tabAndPress(page, button(page, 'Copy share link'), { back: true });
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('train%2F');
    const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
    await withPage(
      async (other) => {
        await finished(other).waitFor();
        expect(outputOf(await other.getByTestId('translation').innerText())).toBe(said);
        await other.getByText(`transformer, step ${chosen} · Beam`).waitFor();
      },
      { path: `/${link.hash}` },
    );

    await tabAndPress(page, train(page), { back: true, until: start(page) });
    const run = page.getByRole('region', { name: 'Training runs' }).getByRole('button').first();
    await tabAndPress(page, run, { until: button(page, 'New run') });
    await tabAndPress(page, button(page, 'New run'), { back: true, until: start(page) });
    await tabAndPress(page, run, { until: button(page, 'New run') });
    const remove = button(page, /^Delete: Transformer · My sentence pairs/);
    await tabAndPress(page, remove, { until: page.getByRole('dialog') });
    await walkAround(page);
    await tabAndPress(page, page.getByRole('dialog').getByRole('button', { name: 'Cancel' }));
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expectFocus(remove);
    await press(page, 'Enter', page.getByRole('dialog'));
    await tabAndPress(page, page.getByRole('dialog').getByRole('button', { name: 'Delete' }));
    await remove.waitFor({ state: 'detached' });
    await start(page).waitFor();
    await expectFocusKept(page);
  }));

test('models and runs that could not be read are asked for again', () =>
  withPage(
    async (page) => {
      await page.route('**/api/v1/models*', (route) => route.abort(), { times: 1 });
      await page.reload();
      const again = page.getByRole('alert').getByRole('button', { name: 'Try again' });
      await tabAndPress(page, again);
      await again.waitFor({ state: 'detached' });
      await page.getByText('BLEU').first().waitFor();
      await expectFocusKept(page);
      await page.route('**/api/v1/train', (route) => route.abort(), { times: 1 });
      await openTrain(page);
      await tabAndPress(page, again, { until: start(page) });
      await again.waitFor({ state: 'detached' });
      await expectFocusKept(page);
    },
    { allowed: /ERR_FAILED/ },
  ));
