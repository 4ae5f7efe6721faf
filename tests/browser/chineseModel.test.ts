// A model that translates to Chinese: what it says is Chinese to screen readers too, and is scored by characters.
import { expect, test } from 'vitest';
import { expectAccessible, outputOf, translate, useChromium, withPage } from './support/browser.ts';

useChromium();

test('an English-Chinese model is chosen, answers in Chinese, and is scored with its own tokenizer', () =>
  withPage(async (page) => {
    await page.getByRole('button', { name: /^Model/ }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /en-zh-transformer/ })
      .click();
    await page.getByRole('heading', { name: 'Say it in Chinese' }).waitFor();
    const text = await translate(page, 'I love you.');
    expect(text).toMatch(/^\p{Script=Han}+[。.]$/u);
    const answer = page.getByTestId('translation');
    expect(await answer.getAttribute('lang')).toBe('zh');
    const spoken = page.getByTestId('announcer').locator('p[lang=zh]');
    expect(await spoken.allInnerTexts()).toEqual([text]);

    await page.getByRole('button', { name: 'See why' }).click();
    for (const name of ['Beam tree', 'Probabilities', 'Candidates']) {
      await page.getByRole('tab', { name }).click();
      const told = page.getByRole('tabpanel').locator('[lang=zh]').first();
      expect(await told.innerText()).toMatch(/\p{Script=Han}/u);
    }
    await page.getByRole('tab', { name: 'Score' }).click();
    const reference = page.getByLabel('Reference translation');
    expect(await reference.getAttribute('lang')).toBe('zh');
    await reference.fill(`${text.slice(0, -1)}吗？`);
    await page.getByRole('button', { name: 'Score it' }).click();
    const scored = page.getByRole('tabpanel').getByRole('status');
    await scored.getByText('tok:zh').waitFor();
    // A character is a token: all but the end of the sentence match.
    expect(await scored.locator('mark').allInnerTexts()).toEqual(Array.from(text.slice(0, -1)));
    await page.getByRole('tab', { name: 'Compare' }).click();
    for (const box of await page.getByRole('tabpanel').getByRole('checkbox', { checked: true }).all())
      expect(await box.locator('..').innerText()).toContain('en → zh');
    await expectAccessible(page);
    expect(outputOf(await answer.innerText())).toBe(text);

    // In a Chinese page only the answer changes its language where it is another.
    await page.getByRole('button', { name: 'Language: 中文' }).click();
    await page.locator('html[lang=zh]').waitFor();
    expect(await answer.getAttribute('lang')).toBe('zh');
    expect(await page.locator('article > div > p').first().getAttribute('lang')).toBe('en');
  }));
