// The generate mode by the keyboard alone.
import { expect, test } from 'vitest';
import { focused, useChromium, withPage } from './support/browser.ts';
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

test('a text is begun, stopped, continued from any token and taken apart', () =>
  withPage(async (page) => {
    const dialog = page.getByRole('dialog');
    const box = page.getByLabel('Text to go on from');
    const selectedTab = page.getByRole('tab', { selected: true });
    const version = async (name: string) => {
      await page.getByLabel(name).waitFor();
      await finished(page).waitFor();
      await expectFocusKept(page);
    };
    const generate = page.getByRole('navigation', { name: 'Mode' }).getByRole('button', { name: 'Generate' });
    await tabAndPress(page, generate, { until: page.getByRole('heading', { name: 'Let it write' }) });
    await walkAround(page);
    await tabAndPress(page, button(page, /^Model/), { until: dialog });
    await tabAndPress(page, dialog.getByRole('button', { name: /^shakespeare-transformer/ }));
    await dialog.waitFor({ state: 'detached' });
    await tabAndPress(page, button(page, /^Decoding/), { until: dialog });
    await tabTo(page, page.getByRole('spinbutton', { name: 'Longest output' }));
    await page.keyboard.press('Control+a');
    await page.keyboard.type('20');
    await press(page, 'Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await focused(page)).toContain('Decoding');

    await tabAndPress(page, button(page, 'ROMEO:'), { back: true, until: finished(page) });
    await expectFocusKept(page);
    await tabTo(page, box);
    await press(page, 'ArrowUp');
    expect(await box.inputValue()).toBe('ROMEO:\n');
    await press(page, 'Escape');

    await tabAndPress(page, button(page, 'See why'), { back: true, until: page.getByRole('tabpanel') });
    await walkAround(page);
    const tokens = page.getByRole('group', { name: 'Continuation' }).getByRole('button');
    expect(await tokens.count()).toBe(20);
    await tabTo(page, tokens.first());
    await press(page, 'ArrowRight');
    await expectFocus(tokens.nth(1));
    await press(page, 'ArrowLeft');
    await press(page, 'ArrowRight');
    expect(await tokens.nth(1).getAttribute('aria-pressed')).toBe('true');
    await tabAndPress(page, page.getByRole('tabpanel').getByRole('listitem').nth(1).getByRole('button'));
    await version('2 of 2');
    await expectFocus(tokens.first());
    await tabAndPress(page, button(page, 'Continue from here'));
    await version('3 of 3');
    await tabAndPress(page, button(page, 'Go on from the end of this text'), { back: true });
    await version('4 of 4');
    expect(await focused(page)).toBe('Go on from the end of this text');

    await tabTo(page, selectedTab);
    await press(page, 'ArrowRight', page.getByRole('grid'));
    expect(await selectedTab.innerText()).toBe('Attention');
    await walkAround(page);
    await tabTo(page, page.locator('[data-cell="0.0"]'));
    await press(page, 'ArrowDown');
    await expectFocus(page.locator('[data-cell="1.0"]'));
    await tabTo(page, selectedTab, 'Shift+Tab');
    await press(page, 'ArrowRight', page.getByRole('region', { name: 'Request' }));
    await tabTo(page, page.getByRole('region', { name: 'Request' }));

    await tabAndPress(page, button(page, /^Decoding/), { until: dialog });
    for (const [key, name] of [
      ['ArrowUp', /^Greedy/],
      ['ArrowDown', /^Sampling/],
    ] as const) {
      const chosen = page.getByRole('radio', { checked: true });
      await tabTo(page, chosen, key === 'ArrowUp' ? 'Tab' : 'Shift+Tab');
      await press(page, key, page.getByRole('radio', { name, checked: true }));
      await walkAround(page);
    }
    await tabAndPress(page, button(page, 'Reset'));
    expect(await page.getByRole('spinbutton', { name: 'Longest output' }).inputValue()).not.toBe('20');
    await press(page, 'Escape');
    await dialog.waitFor({ state: 'detached' });
    await expectFocusKept(page);
  }));
