// See why: candidates, attention, the beam tree with a forced token, probabilities, scores, comparison, request.
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { expectAccessible, focused, outputOf, translate, useChromium, withPage } from './support/browser.ts';

useChromium();

const openTab = async (page: Page, name: string) => {
  const tab = page.getByRole('tab', { name, exact: true });
  if (!(await tab.isVisible())) await page.getByRole('button', { name: 'See why' }).click();
  await tab.click();
};

const decodeWith = async (page: Page, strategy: string) => {
  await page.getByRole('button', { name: /^Decoding/ }).click();
  await page.getByRole('radio', { name: new RegExp(`^${strategy}`) }).check();
  await page.keyboard.press('Escape');
};

test('candidates come best first with scores', () =>
  withPage(async (page) => {
    const best = await translate(page, 'I love you.');
    await openTab(page, 'Candidates');
    const rows = page.getByRole('tabpanel').getByRole('row');
    expect(await rows.count()).toBeGreaterThan(2);
    expect(await rows.nth(1).innerText()).toContain(best);
    await expectAccessible(page);
  }));

test('the heatmap answers to the pointer and to arrow keys, and is a table too', () =>
  withPage(async (page) => {
    await translate(page, 'I love you.');
    await openTab(page, 'Attention');
    const label = page.getByTestId('cell-label');
    await page.locator('[data-cell="1.0"]').hover();
    expect(await label.innerText()).toMatch(/ looks at .+: [01]\.\d\d/);
    await page.mouse.move(0, 0);
    await page.locator('[data-cell="0.0"]').focus();
    const first = await label.innerText();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-cell'))).toBe('1.1');
    expect(await label.innerText()).not.toBe(first);
    await expectAccessible(page);
    const head = page.getByRole('group', { name: 'Head' });
    const mean = await label.innerText();
    await head.getByRole('button', { name: 'Head 2' }).click();
    await page.locator('[data-cell="1.1"]').focus();
    expect(await label.innerText()).not.toBe(mean);
    await page.getByRole('button', { name: 'Within the source' }).click();
    await page.locator('[data-cell="0.0"]').focus();
    expect(await label.innerText()).toMatch(/^I looks at I: /);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Within the output' }).click();
    await page.getByRole('columnheader', { name: '(start)' }).waitFor();
    await page.getByLabel('Table').check();
    expect(await page.getByRole('tabpanel').getByRole('rowheader').count()).toBeGreaterThan(2);
    await expectAccessible(page);
  }));

test('the tokens on both sides of the heatmap show what they are tied to, by pointer and by keyboard', () =>
  withPage(async (page) => {
    await translate(page, 'I love you.');
    await openTab(page, 'Attention');
    const label = page.getByTestId('cell-label');
    const side = (name: string) => page.getByRole('group', { name, exact: true }).getByRole('button');
    const seen = side('Tokens looked at');
    const looking = side('Tokens that look');
    /** How many tokens of a side show a weight. */
    const tied = (tokens: typeof seen) => tokens.locator('span[style*="color-mix"]').count();
    await looking.first().hover();
    expect(await tied(seen)).toBe(await seen.count());
    expect(await tied(looking)).toBe(0);
    const token = await looking.first().innerText();
    expect(await label.innerText()).toMatch(new RegExp(`^${token} looks at .+: [01]\\.\\d\\d$`));
    await seen.nth(1).hover();
    expect(await tied(looking)).toBe(await looking.count());
    await page.getByRole('rowheader').first().hover();
    expect(await looking.first().getAttribute('aria-pressed')).toBe('true');
    await page.getByRole('columnheader').nth(2).hover();
    expect(await seen.nth(1).getAttribute('aria-pressed')).toBe('true');
    await page.mouse.move(0, 0);
    await looking.first().focus();
    await page.keyboard.press('ArrowRight');
    expect(await looking.nth(1).getAttribute('aria-pressed')).toBe('true');
    await page.locator('[data-cell="0.0"]').focus();
    await page.keyboard.press('ArrowUp'); // to the token above
    expect(await page.getByRole('columnheader').nth(1).locator(':scope:focus').count()).toBe(1);
    expect(await seen.first().getAttribute('aria-pressed')).toBe('true');
    await page.getByText('Weight 0').waitFor();
    await expectAccessible(page);
  }));

test('of a long line a window is drawn', () =>
  withPage(async (page) => {
    await page.getByRole('button', { name: /^Model/ }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /en-fr-transformer/ })
      .click();
    const text = 'The old man and the young woman walk to the station with a very big and a very small dog, ';
    await translate(page, `${text.repeat(5)}and it rains.`);
    await openTab(page, 'Attention');
    const rest = page.getByRole('columnheader', { name: '…', exact: true });
    await rest.waitFor();
    const first = await page.getByRole('columnheader').nth(1).innerText();
    const chooser = page.getByRole('combobox', { name: /^Tokens/ });
    await chooser.focus();
    await page.keyboard.press('End');
    await page.waitForFunction((before) => {
      const token = document.querySelectorAll('[role=columnheader]')[1];
      return token !== undefined && token.textContent !== before;
    }, first);
    expect(await page.getByRole('columnheader').count()).toBe(66); // the corner, 64 tokens and the rest
    expect(await chooser.evaluate((element) => element === document.activeElement)).toBe(true);
    await expectAccessible(page);
  }));

test('a token of the beam tree can be forced on any line; tab, line and focus stay', () =>
  withPage(async (page) => {
    await translate(page, 'I love you.\nIt is raining.');
    await openTab(page, 'Beam tree');
    const line = page.getByRole('button', { name: 'Line 2' });
    await line.click();
    const tree = page.getByRole('group', { name: 'Beam tree' });
    const pruned = tree.locator('[data-state=pruned]');
    expect(await pruned.count()).toBeGreaterThan(0);
    const all = await tree.getByRole('button').count();
    await expectAccessible(page);
    await page.getByLabel('Show pruned branches').uncheck();
    expect(await tree.getByRole('button').count()).toBeLessThan(all);
    await page.getByLabel('Show pruned branches').check();
    const token = await pruned.first().locator('span').first().innerText();
    await pruned.first().focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('2 of 2').waitFor();
    await page.locator('[data-status=done]').waitFor();
    await page.getByText('Forced beginning of line 2').waitFor();
    expect(await page.getByRole('tab', { selected: true }).innerText()).toBe('Beam tree');
    expect(await line.getAttribute('aria-pressed')).toBe('true');
    expect(await tree.locator(':focus').locator('span').first().innerText()).toBe(token);
    const text = outputOf(await page.getByTestId('translation').innerText());
    const [first, second] = text.split('\n');
    expect(first).toBe("Je t'aime.");
    expect(second).not.toBe('Il pleut.');
    await page.getByRole('button', { name: 'Copy share link' }).click();
    const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
    await withPage(
      async (other) => {
        await other.locator('[data-status=done]').waitFor();
        expect(outputOf(await other.getByTestId('translation').innerText())).toBe(text);
      },
      { path: `/${link.hash}` },
    );
    await page.getByRole('button', { name: 'Regenerate' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('3 of 3').waitFor();
    await page.locator('[data-status=done]').waitFor();
    expect(await focused(page)).toBe('Regenerate');
    expect(await page.getByRole('tab', { selected: true }).innerText()).toBe('Beam tree');
    expect(outputOf(await page.getByTestId('translation').innerText())).toBe("Je t'aime.\nIl pleut.");
  }));

test('the beam tree grows step by step, by hand or by itself', () =>
  withPage(async (page) => {
    await translate(page, 'I love you.');
    await openTab(page, 'Beam tree');
    const nodes = page.getByRole('group', { name: 'Beam tree' }).getByRole('button');
    const all = await nodes.count();
    const step = page.getByRole('slider', { name: 'Step' });
    await step.focus();
    await page.keyboard.press('Home');
    let before = await nodes.count();
    expect(before).toBeLessThan(all);
    expect(await step.getAttribute('aria-valuetext')).toMatch(/^Step 1 of \d+$/);
    await page.keyboard.press('ArrowRight');
    expect(await nodes.count()).toBeGreaterThan(before);
    await page.keyboard.press('End');
    expect(await nodes.count()).toBe(all);
    await page.getByRole('button', { name: 'Watch it grow' }).click();
    before = await nodes.count();
    expect(before).toBeLessThan(all);
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Watch it grow' }).waitFor(); // it has come to its end
    expect(await nodes.count()).toBe(all);
  }));

test('who minds motion has the steps without it', () =>
  withPage(
    async (page) => {
      await translate(page, 'I love you.');
      await openTab(page, 'Beam tree');
      await page.getByRole('slider', { name: 'Step' }).waitFor();
      expect(await page.getByRole('button', { name: 'Watch it grow' }).count()).toBe(0);
    },
    { reducedMotion: 'reduce' },
  ));

test('each way to decode gives an answer; greedy and sampling show probabilities', () =>
  withPage(async (page) => {
    await decodeWith(page, 'Greedy');
    expect(await translate(page, 'It is raining.')).toBe('Il pleut.');
    await openTab(page, 'Probabilities');
    await page.getByRole('tabpanel').getByRole('listitem').nth(3).waitFor();
    await expectAccessible(page);
    await page.getByRole('tabpanel').getByRole('listitem').nth(1).getByRole('button').click();
    await page.getByLabel('2 of 2').waitFor();
    await page.locator('[data-status=done]').waitFor();
    expect(await page.getByRole('tab', { selected: true }).innerText()).toBe('Probabilities');
    await page.getByRole('tabpanel').locator(':focus').waitFor();
  }));

test('sampling says the same with the same seed, and something else with another', () =>
  withPage(async (page) => {
    await decodeWith(page, 'Sampling');
    const sampled = async (seed: string) => {
      await page.getByRole('button', { name: /^Decoding/ }).click();
      await page.getByRole('spinbutton', { name: 'Temperature' }).fill('2');
      await page.getByRole('spinbutton', { name: 'Seed' }).fill(seed);
      await page.keyboard.press('Escape');
      return translate(page, 'Where is the train station?');
    };
    const text = await sampled('7');
    expect(await sampled('7')).toBe(text);
    expect(await sampled('8')).not.toBe(text);
  }));

test('numbers can be typed into the settings, and become allowed ones when they are finished', () =>
  withPage(async (page) => {
    await decodeWith(page, 'Sampling');
    await page.getByRole('button', { name: /^Decoding/ }).click();
    const type = async (name: string, text: string) => {
      const field = page.getByRole('spinbutton', { name });
      await field.click({ clickCount: 3 });
      await page.keyboard.press('Backspace');
      expect(await field.inputValue()).toBe('');
      await page.keyboard.type(text);
      expect(await field.inputValue()).toBe(text);
      return field;
    };
    const temperature = await type('Temperature', '0.7');
    await page.keyboard.press('Enter');
    expect(await temperature.inputValue()).toBe('0.7');
    const topP = await type('Top p', '0');
    await page.keyboard.press('Tab');
    expect(await topP.inputValue()).toBe('0.01');
    const topK = await type('Top k', '2.4');
    await page.keyboard.press('Tab');
    expect(await topK.inputValue()).toBe('2');
    const length = await type('Longest output', '');
    await page.keyboard.press('Tab');
    expect(await length.inputValue()).toBe('128');
    await page.keyboard.press('Escape');
    await page.getByText('Sampling T 0.7').waitFor();
  }));

test('settings show what they do at once, and reset', () =>
  withPage(async (page) => {
    await translate(page, 'It is raining.');
    await page.getByRole('button', { name: /^Decoding/ }).click();
    const preview = page.getByTestId('preview');
    await preview.getByText('Il pleut.').waitFor();
    await page.getByRole('spinbutton', { name: 'Longest output' }).fill('1');
    await preview.getByText('Il pleut.').waitFor({ state: 'detached' });
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Reset' }).click();
    expect(await page.getByRole('spinbutton', { name: 'Longest output' }).inputValue()).toBe('128');
    await preview.getByText('Il pleut.').waitFor();
  }));

test('a reference is scored with signatures and matched words', () =>
  withPage(async (page) => {
    await translate(page, 'It is raining.');
    await openTab(page, 'Score');
    await page.getByLabel('Reference translation').fill('Il pleut encore.');
    await page.getByRole('button', { name: 'Score it' }).click();
    await page.getByText('nrefs:1').first().waitFor();
    expect(await page.getByRole('tabpanel').locator('mark').allInnerTexts()).toEqual(['Il', 'pleut', '.']);
    const marked = page.getByRole('tabpanel').getByRole('status');
    expect(await marked.locator('sup').allInnerTexts()).toEqual(['2', '2', '1']);
    await marked.getByText('(in a match of 2)').first().waitFor({ state: 'attached' });
    await marked.getByText('The raised number is').waitFor();
    await expectAccessible(page);
  }));

test('models of the same languages are compared, others on request; leaving ends what is under way', () =>
  withPage(async (page) => {
    await translate(page, 'I love you.');
    await openTab(page, 'Compare');
    const panel = page.getByRole('tabpanel');
    for (const name of [/^en-fr-/, /^poor/, /^looking/, /^blind/])
      expect(await panel.getByRole('checkbox', { name }).first().isChecked()).toBe(true);
    const other = panel.getByRole('checkbox', { name: /en → zh/ });
    expect(await other.isChecked()).toBe(false);
    for (const box of await panel.getByRole('checkbox', { name: /^en-fr-/ }).all()) await box.uncheck();
    const cards = panel.getByRole('listitem');
    expect(await cards.count()).toBe(4);
    await panel.getByRole('button', { name: 'Compare' }).click();
    await cards.filter({ hasText: 'good · transformer' }).getByText("Je t'aime.").waitFor();
    for (const name of ['poor · transformer', 'looking · bahdanau', 'blind · seq2seq'])
      await cards.filter({ hasText: name }).getByText(/ms/).waitFor();
    await other.check();
    await expectAccessible(page);

    await page.route('**/api/v1/translate', () => {}); // answers never
    await panel.getByRole('button', { name: 'Compare' }).click();
    await panel.getByRole('button', { name: 'Stop' }).waitFor();
    const ended = page.waitForEvent('requestfailed');
    await page.getByRole('tab', { name: 'Request' }).click();
    expect((await ended).failure()?.errorText).toContain('ABORTED');
    await page.unrouteAll();
    await page.getByRole('button', { name: /^Model/ }).click();
    await expectAccessible(page);
    await page.getByRole('button', { name: /poor/ }).click();
    await translate(page, 'I love you.');
    await page.getByText('poor · Beam').waitFor();
  }));

test('the request can be sent from a terminal', () =>
  withPage(async (page) => {
    const shown = await translate(page, 'I love you.');
    await openTab(page, 'Request');
    await expectAccessible(page);
    const command = await page.getByRole('region', { name: 'Request' }).innerText();
    const body = /-d '(.*)'/s.exec(command)![1]!;
    const events = await page.evaluate(
      async (data) =>
        (
          await fetch('/api/v1/translate', {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: data,
          })
        ).text(),
      body,
    );
    expect(events.match(/^event: \w+/gm)).toContain('event: step');
    const [, done] = /^event: done\ndata: (.*)$/m.exec(events)!;
    const answer = JSON.parse(done!) as { translation: string };
    expect(answer.translation).toBe(shown);
  }));
