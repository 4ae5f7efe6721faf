// The train mode: a run on the embedded set is started, paused, found again, resumed, tried at two checkpoints, and chatted with.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import {
  expectAccessible,
  expectNoOverflow,
  openTrain,
  screens,
  translate,
  useChromium,
  withPage,
} from './support/browser.ts';

useChromium();

const check = async (page: Page) => {
  await expectNoOverflow(page);
  await expectAccessible(page);
};

/** What the model of the chosen checkpoint says, once it says it. */
async function outputAt(page: Page): Promise<{ step: number; text: string }> {
  const output = page.getByTestId('checkpoint-output');
  await page.locator('[data-testid=checkpoint-output][data-step]').waitFor();
  return { step: Number(await output.getAttribute('data-step')), text: await output.innerText() };
}

test('pasted pairs with a bad line are refused with its number, on a phone in the dark', () =>
  withPage(
    async (page) => {
      await openTrain(page);
      await page.getByRole('radio', { name: /^My sentence pairs/ }).check();
      const box = page.getByLabel('Sentence pairs', { exact: true });
      await box.fill('Hello.');
      await page.getByRole('button', { name: 'Insert a tab' }).click();
      await page.keyboard.type('Bonjour.\nno tab here');
      expect(await box.inputValue()).toBe('Hello.\tBonjour.\nno tab here');
      await check(page);
      await page.getByRole('button', { name: 'Start training' }).click();
      await page.getByRole('alert').getByText('line 2 of the pairs must be').waitFor();
      await check(page);
      await page.getByRole('radio', { name: /^My text/ }).check();
      expect(await page.getByLabel('Model', { exact: true }).inputValue()).toBe('lstm');
      await page.getByLabel('Text', { exact: true }).fill('too short');
      expect(await page.getByRole('button', { name: 'Start training' }).isDisabled()).toBe(true);
    },
    { viewport: screens.phone, colorScheme: 'dark', allowed: /status of 400/ },
  ));

test('a run is started, watched, paused, found again, resumed, tried through time, and chatted with', () =>
  withPage(async (page) => {
    const status = page.getByTestId('train-status');
    const is = (name: string) =>
      page.locator(`[data-testid=train-status][data-status=${name}]`).waitFor({ timeout: 120_000 });
    await openTrain(page);
    await page.getByRole('button', { name: 'Start training' }).waitFor();
    await check(page);
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.getByTestId('curves').waitFor({ timeout: 120_000 });
    await page.getByRole('button', { name: 'Pause' }).click();
    await is('paused');
    const paused = await page.getByRole('progressbar').getAttribute('value');
    await check(page);

    await page.reload();
    await is('paused');
    expect(await page.getByRole('progressbar').getAttribute('value')).toBe(paused);
    await page.getByRole('button', { name: 'Resume' }).click();
    await is('running');
    const slider = page.getByRole('slider', { name: 'Checkpoint' });
    await expect
      .poll(async () => Number(await slider.getAttribute('max').catch(() => 0)), { timeout: 120_000 })
      .toBeGreaterThan(1);
    await page.getByRole('button', { name: 'Stop' }).click();
    await is('stopped');
    expect(await status.innerText()).toBe('Stopped');

    await slider.focus();
    await page.keyboard.press('End');
    const last = await outputAt(page);
    await page.keyboard.press('Home');
    await expect.poll(async () => (await outputAt(page)).step).toBeLessThan(last.step);
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/^Step \d+ of 400$/);
    for (const name of ['Perplexity', 'BLEU']) {
      await page.getByRole('button', { name, exact: true }).click();
      await page.getByRole('img', { name: new RegExp(`^${name} over the steps`) }).waitFor();
    }
    await page.getByText('nrefs:1').waitFor();
    await page.getByLabel('Table').check();
    expect(await page.getByRole('rowheader').count()).toBeGreaterThan(1);
    await check(page);

    // The slider is at the first checkpoint, not the newest: that is the model that is opened.
    const { step } = await outputAt(page);
    await page.getByRole('button', { name: `Chat with the model at step ${step}`, exact: true }).click();
    await page.getByRole('button', { name: `Model: transformer, step ${step}` }).waitFor();
    await translate(page, 'smiling cat face');
    await page
      .getByText(new RegExp(`^transformer, step ${step} · Beam`))
      .first()
      .waitFor();
    await page.reload();
    await page.getByRole('button', { name: `Model: transformer, step ${step}` }).waitFor();
    await openTrain(page);
    await page.getByRole('button', { name: /^Delete: Transformer/ }).click();
    await check(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('button', { name: /^Delete: Transformer/ }).waitFor({ state: 'detached' });
  }));

const is = (page: Page, name: string) =>
  page.locator(`[data-testid=train-status][data-status=${name}]`).waitFor({ timeout: 120_000 });

/** Starts a run of a few steps on what was pasted; resolves when it is done, and the speed that was shown. */
async function trainBriefly(page: Page): Promise<void> {
  await page.getByLabel('Steps').fill('120');
  await page.getByRole('button', { name: 'Start training' }).click();
  const speed = page.locator('dt:text-is("Tokens per second") + dd');
  // While it trains, the speed is a number above none.
  await expect
    .poll(async () => Number((await speed.innerText().catch(() => '')).replaceAll(',', '')), {
      timeout: 120_000,
      interval: 20,
    })
    .toBeGreaterThan(0);
  await is(page, 'done');
  await check(page);
}

/** Deletes the run that is shown, so that the next test finds an empty page. */
async function removeRun(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('button', { name }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('button', { name }).waitFor({ state: 'detached' });
}

test('pasted pairs are learnt: the run counts them, tells its speed, and translates', () =>
  withPage(async (page) => {
    await openTrain(page);
    await page.getByRole('radio', { name: /^My sentence pairs/ }).check();
    const numbers = ['one', 'two', 'three', 'four', 'five', 'six'];
    const pairs = numbers.flatMap((a) =>
      numbers.map((b) => `${a} ${b}\t${b.toUpperCase()} ${a.toUpperCase()}`),
    );
    await page.getByLabel('Sentence pairs', { exact: true }).fill(pairs.join('\n'));
    await trainBriefly(page);
    await page.getByText('36 pairs').waitFor();
    await page.getByRole('textbox', { name: 'Sentence to translate' }).fill('one two');
    await expect.poll(async () => (await outputAt(page)).text, { timeout: 30_000 }).toMatch(/[A-Z]/);
    await removeRun(page, /^Delete: Transformer · My sentence pairs/);
  }));

test('a pasted text is learnt by an LSTM, which then can be chatted with', () =>
  withPage(async (page) => {
    await openTrain(page);
    await page.getByRole('radio', { name: /^My text/ }).check();
    const text = Array.from({ length: 120 }, (_, i) => `the cat sat on mat ${i % 10}.\n`).join('');
    await page.getByLabel('Text', { exact: true }).fill(text);
    await trainBriefly(page);
    await page.getByText('2,640 characters').waitFor();
    const { step } = await outputAt(page);
    await page.getByRole('button', { name: `Chat with the model at step ${step}`, exact: true }).click();
    await page.getByRole('button', { name: `Model: lstm, step ${step}` }).waitFor();
    await page.getByLabel('Text to go on from').fill('the ');
    await page.keyboard.press('Enter');
    const answer = page.locator('[data-testid=translation][data-status=done]');
    await answer.waitFor({ timeout: 60_000 });
    expect(await answer.innerText()).toMatch(/[a-z]/);
    await openTrain(page);
    await removeRun(page, /^Delete: LSTM over characters · My text/);
  }));
