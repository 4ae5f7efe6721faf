// The generate mode: a beginning goes on, token by token, with the model that ships; why, continue, share.
import { expect, test } from 'vitest';
import {
  expectAccessible,
  expectNoOverflow,
  focused,
  runningJobs,
  screens,
  slowDown,
  useChromium,
  withPage,
} from './support/browser.ts';

useChromium();

/** The text of the answer shown, without the words for screen readers. */
const continuationOf = (text: string) => text.replace(/^Continuation:\s*/, '').trim();

test('a beginning goes on, by keyboard alone; its tokens can be taken apart; a link gives the same text', () =>
  withPage(
    async (page) => {
      const check = async () => {
        await expectNoOverflow(page);
        await expectAccessible(page);
      };
      const mode = page.getByRole('navigation', { name: 'Mode' });
      await mode.getByRole('button', { name: 'Generate' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Let it write' }).waitFor();
      await page.getByText('Perplexity').first().waitFor();
      await check();
      await page.getByRole('button', { name: /^Model/ }).click();
      await page.getByRole('dialog').getByText('shakespeare-lstm').waitFor();
      expect(await page.getByRole('dialog').getByText('→').count()).toBe(0);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: /^Decoding/ }).click();
      expect(await page.getByRole('radio').count()).toBe(2);
      await page.getByRole('spinbutton', { name: 'Longest output' }).fill('40');
      await page.getByRole('spinbutton', { name: 'Seed' }).fill('3');
      await check();
      await page.keyboard.press('Escape');

      await page.getByLabel('Text to go on from').focus();
      await page.keyboard.type('ROMEO:');
      await page.keyboard.press('Shift+Enter');
      await page.keyboard.press('Enter');
      await page.locator('[data-status=done]').waitFor();
      const answer = page.getByTestId('translation');
      const text = continuationOf(await answer.innerText());
      expect(text.length).toBeGreaterThan(20);
      await page.getByRole('button', { name: 'Copy share link' }).click();
      const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
      await withPage(
        async (other) => {
          await other.locator('[data-status=done]').waitFor();
          expect(continuationOf(await other.getByTestId('translation').innerText())).toBe(text);
        },
        { path: `/${link.hash}` },
      );

      await page.getByRole('button', { name: 'See why' }).click();
      const tokens = page.getByRole('group', { name: 'Continuation' }).getByRole('button');
      expect(await tokens.count()).toBe(40);
      await tokens.first().focus();
      await page.keyboard.press('ArrowRight');
      expect(await tokens.nth(1).getAttribute('aria-pressed')).toBe('true');
      await check();
      await page.getByRole('tab', { name: 'Attention' }).click();
      await page.getByText('This model has no attention.').waitFor();
      await page.getByRole('tab', { name: 'Next token' }).click();
      await tokens.nth(1).click();
      await page.getByRole('button', { name: 'Continue from here' }).click();
      await page.getByLabel('2 of 2').waitFor();
      await page.locator('[data-status=done]').waitFor();
      await page.getByRole('button', { name: 'Go on from the end of this text' }).click();
      await page.getByLabel('3 of 3').waitFor();
      await page.locator('[data-status=done]').waitFor();
      await page.getByRole('tab', { name: 'Request' }).click();
      await page.getByRole('region', { name: 'Request' }).getByText('/api/v1/generate').waitFor();
      await check();

      await page.reload();
      await answer.waitFor();
      await mode.getByRole('button', { name: 'Translate' }).click();
      await page.getByLabel('Text to translate').waitFor();
    },
    { viewport: screens.phone, colorScheme: 'dark' },
  ));

test('stop keeps what is written, frees the model, and the text can go on', () =>
  withPage(async (page) => {
    await page.getByRole('navigation', { name: 'Mode' }).getByRole('button', { name: 'Generate' }).click();
    await page.getByRole('button', { name: /^Decoding/ }).click();
    await page.getByRole('spinbutton', { name: 'Longest output' }).fill('1000');
    await page.keyboard.press('Escape');
    await page.getByLabel('Text to go on from').fill('JULIET:');
    await slowDown(page, 20_000);
    await page.keyboard.press('Enter');
    const answer = page.getByTestId('translation');
    await page.waitForFunction(
      () => (document.querySelector('[data-status=streaming]')?.textContent ?? '').length > 40,
    );
    // Finished lines are read out while the text grows, in its language.
    const spoken = page.getByTestId('announcer').locator('p[lang=en]');
    await spoken.first().waitFor({ state: 'attached' });
    expect(await answer.getAttribute('data-status')).toBe('streaming');
    expect(await answer.innerText()).toContain(await spoken.first().innerText());
    await page.keyboard.press('Escape');
    await page.locator('[data-status=stopped]').waitFor();
    await page.getByText('Stopped').first().waitFor();
    const text = continuationOf(await answer.innerText());
    expect(text.length).toBeGreaterThan(5);
    expect(text.length).toBeLessThan(1000);
    await expect.poll(() => runningJobs(page)).toBe(0);
    expect(continuationOf(await answer.innerText())).toBe(text);
    await expectAccessible(page);
    const said = await spoken.count();
    await page.getByRole('button', { name: 'Regenerate' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('2 of 2').waitFor();
    expect(await focused(page)).toBe('Stop');
    await page.keyboard.press('Enter');
    await page.locator('[data-status=stopped]').waitFor();
    expect(await focused(page)).toBe('Regenerate');
    await page.getByTestId('announcer').getByText('Stopped').waitFor({ state: 'attached' });
    expect(await spoken.count()).toBeLessThan(said);
  }));

test('speaks Chinese, from the browser’s language on', () =>
  withPage(
    async (page) => {
      const mode = page.getByRole('navigation', { name: '模式' });
      await mode.getByRole('button', { name: '生成' }).click();
      await page.getByRole('heading', { name: '让它来写' }).waitFor();
      await page.getByRole('button', { name: /^解码/ }).click();
      await page.getByRole('spinbutton', { name: '最大长度' }).fill('20');
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await page.getByLabel('要续写的文本').fill('ROMEO:');
      await page.keyboard.press('Enter');
      await page.locator('[data-status=done]').waitFor();
      expect(await page.locator('html').getAttribute('lang')).toBe('zh');
      expect(await page.getByTestId('translation').getAttribute('lang')).toBe('en');
      await page.getByRole('button', { name: '看看为什么' }).click();
      const tokens = page.getByRole('group', { name: '续写' }).getByRole('button');
      expect(await tokens.count()).toBe(20);
      await tokens.nth(2).click();
      await page.getByRole('button', { name: '从这里继续' }).waitFor();
      // Whatever can be pressed, but tokens and examples, says so in Chinese.
      const names = await page
        .locator('header button, form button, [role=tab], [role=article] > div button')
        .evaluateAll((buttons) =>
          buttons.map((button) => button.getAttribute('aria-label') ?? button.textContent),
        );
      expect(names.length).toBeGreaterThan(8);
      expect(names.filter((name) => !/\p{Script=Han}|English/u.test(name ?? ''))).toEqual([]);
      await expectNoOverflow(page);
      await expectAccessible(page);
    },
    { locale: 'zh-CN', viewport: screens.phone },
  ));
