// For everyone: screens of all sizes, light and dark, two languages, the keyboard alone.
import { expect, inject, test } from 'vitest';
import {
  expectAccessible,
  expectNoOverflow,
  outputOf,
  screens,
  translate,
  useChromium,
  withPage,
} from './support/browser.ts';

useChromium();

const tabs = ['Candidates', 'Attention', 'Beam tree', 'Probabilities', 'Score', 'Compare', 'Request'];

const combinations = [
  ['desktop', 'light', false],
  ['phone', 'dark', true],
  ['tablet', 'dark', false],
] as const;

for (const [screen, colorScheme, withAxe] of combinations)
  test(`every view fits a ${screen}${withAxe ? ` and is accessible in ${colorScheme}` : ''}`, () =>
    withPage(
      async (page) => {
        const check = async () => {
          await expectNoOverflow(page);
          if (withAxe) await expectAccessible(page);
        };
        await check();
        await translate(page, 'Where is the train station?\nShe is reading a book.');
        await page.getByRole('button', { name: 'See why' }).click();
        for (const name of tabs) {
          await page.getByRole('tab', { name, exact: true }).click();
          await check();
        }
        for (const name of [/^Decoding/, /^Model/]) {
          await page.getByRole('button', { name }).click();
          await check();
          await page.keyboard.press('Escape');
        }
        await page.keyboard.press('Control+k');
        await check();
        await page.keyboard.press('Escape');
        await page.locator('body').press('?');
        await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor();
        await check();
        await page.keyboard.press('Escape');
        if (screen === 'desktop') return;
        await page.keyboard.press('Control+b');
        await page.getByRole('dialog', { name: 'Conversations' }).waitFor();
        await check();
      },
      { viewport: screens[screen], colorScheme },
    ));

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

test('the keyboard alone is enough', () =>
  withPage(async (page) => {
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter'); // skip to the text box
    await page.keyboard.type('I love');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('It is raining.');
    const box = page.getByLabel('Text to translate');
    expect(await box.inputValue()).toBe('I love\nIt is raining.');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('I love you.');
    await page.keyboard.press('Enter');
    await page.locator('[data-status=done]').waitFor();
    await page.keyboard.press('ArrowUp'); // edit the last text
    expect(await box.inputValue()).toBe('I love you.');
    await page.keyboard.press('Escape');
    expect(await box.inputValue()).toBe('');

    await page.keyboard.press('Control+k');
    await expectAccessible(page);
    await page.keyboard.type('dark');
    await page.keyboard.press('Enter');
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    await page.getByRole('button', { name: 'Theme: Dark' }).waitFor();
    await page.keyboard.press('Control+b');
    await page.getByRole('navigation', { name: 'Conversations' }).waitFor({ state: 'detached' });
    await page.keyboard.press('Control+b');
    await page.getByRole('navigation', { name: 'Conversations' }).waitFor();

    await page.getByRole('button', { name: 'See why' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('tab', { selected: true }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('tab', { selected: true }).innerText()).toBe('Attention');
    await page.getByRole('button', { name: 'Regenerate' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('2 of 2').waitFor();
    await page.locator('[data-status=done]').waitFor();
    expect(outputOf(await page.getByTestId('translation').innerText())).toBe("Je t'aime.");
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
