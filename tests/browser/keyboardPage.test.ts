// Conversations, commands and shortcuts by the keyboard alone.
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { focused, screens, useChromium, withPage } from './support/browser.ts';
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

const settled = (page: Page) => page.getByRole('dialog').waitFor({ state: 'detached' });

test('conversations are begun, opened, renamed, searched, deleted, exported and imported', () =>
  withPage(async (page) => {
    const list = page.getByRole('list', { name: 'Conversations' });
    const row = (name: string) => list.getByRole('button', { name, exact: true });
    await send(page, 'I love you.');
    await tabAndPress(page, button(page, 'New chat').first());
    await expectFocus(box(page));
    await send(page, 'It is raining.');
    await tabAndPress(page, row('I love you.'), { until: page.getByText("Je t'aime.").first() });
    await expectFocus(box(page));

    const rename = (title: string) => button(page, `Rename: ${title}`);
    await tabAndPress(page, rename('It is raining.'));
    await press(page, 'Escape');
    await expectFocus(rename('It is raining.'));
    await press(page, 'Enter');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('Weather');
    await press(page, 'Enter', row('Weather'));
    await expectFocus(rename('Weather'));
    await press(page, 'Enter');
    await page.keyboard.type(' today');
    await tabAndPress(page, button(page, 'Save'), { until: row('Weather today') });
    await expectFocus(rename('Weather today'));

    await tabTo(page, page.getByRole('searchbox'), 'Shift+Tab');
    await page.keyboard.type('weather');
    await row('I love you.').waitFor({ state: 'detached' });
    // What no longer matches goes away under the hands.
    await tabAndPress(page, rename('Weather today'));
    await page.keyboard.press('Control+a');
    await page.keyboard.type('Sun');
    await press(page, 'Enter', page.getByText('No conversation matches.'));
    await expectFocusKept(page);
    await tabTo(page, page.getByRole('searchbox'));
    await press(page, 'Escape', row('Sun')); // empties it

    await tabAndPress(page, button(page, 'Delete: Sun'));
    await walkAround(page);
    await tabAndPress(page, button(page, 'Cancel'));
    await settled(page);
    await expectFocus(button(page, 'Delete: Sun'));
    await press(page, 'Enter');
    await tabAndPress(page, page.getByRole('dialog').getByRole('button', { name: 'Delete' }));
    await settled(page);
    await expectFocus(row('I love you.'));

    await tabTo(page, button(page, 'Export'));
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Enter')]);
    await expectFocus(button(page, 'Export'));
    const buffer = await readFile(await download.path());
    await tabAndPress(page, button(page, 'Delete: I love you.'), { back: true });
    await tabAndPress(page, page.getByRole('dialog').getByRole('button', { name: 'Delete' }));
    await settled(page);
    await expectFocus(button(page, 'New chat').first());
    const opened = page.waitForEvent('filechooser');
    await tabAndPress(page, button(page, 'Import'));
    const chooser = await opened;
    await chooser.setFiles({ name: 'mine.json', mimeType: 'application/json', buffer });
    await row('I love you.').waitFor();
    await expectFocus(button(page, 'Import'));
  }));

test('every command of the palette does what it says', () =>
  withPage(async (page) => {
    await send(page, 'I love you.');
    const html = page.locator('html');
    const mode = page.getByRole('navigation', { name: 'Mode' }).locator('[aria-current=page]');
    const options = page.getByRole('listbox').getByRole('option');
    const dialog = (name: string) => page.getByRole('dialog', { name, exact: true });
    const side = page.getByRole('navigation', { name: 'Conversations' });
    const themed = (theme: string) => async () => {
      await expect.poll(() => html.getAttribute('data-theme')).toBe(theme);
    };
    const modeIs = (name: string, landing: () => Promise<void>) => async () => {
      await expect.poll(() => mode.innerText()).toBe(name);
      await landing();
    };
    const opens = (name: string) => async () => {
      await dialog(name).waitFor();
      await press(page, 'Escape');
      await dialog(name).waitFor({ state: 'detached' });
    };
    const inBox = () => expectFocus(page.locator('#text'));
    /** What each command leads to; those without a focus of their own give it back. */
    const walks: Record<string, { see(): Promise<void>; returns: boolean }> = {
      'New chat': { see: inBox, returns: false },
      'Mode: Generate': { see: modeIs('Generate', inBox), returns: false },
      'Mode: Train': { see: modeIs('Train', () => expectFocus(page.locator('main'))), returns: false },
      'Mode: Translate': { see: modeIs('Translate', inBox), returns: false },
      Decoding: { see: opens('Decoding'), returns: true },
      Model: { see: opens('Model'), returns: true },
      'Keyboard shortcuts': { see: opens('Keyboard shortcuts'), returns: true },
      Conversations: { see: () => side.waitFor({ state: 'detached' }), returns: true },
      'Theme: System': { see: themed('system'), returns: true },
      'Theme: Light': { see: themed('light'), returns: true },
      'Theme: Dark': { see: themed('dark'), returns: true },
      'Language: 中文': { see: () => page.locator('html[lang=zh]').waitFor(), returns: true },
      'I love you.': { see: () => finished(page).waitFor(), returns: false },
    };
    const theme = page.getByRole('button', { name: /^Theme/ });
    await press(page, 'Control+k', options.first());
    expect((await options.allInnerTexts()).toSorted()).toEqual(Object.keys(walks).toSorted());
    await press(page, 'Escape');
    await dialog('Commands').waitFor({ state: 'detached' });
    await expectFocus(box(page));
    for (const [label, { see, returns }] of Object.entries(walks)) {
      if (label === 'Language: 中文') continue;
      await tabTo(page, theme);
      await press(page, 'Control+k', options.first());
      await page.keyboard.type(label);
      // By its place: the last of several that match.
      for (
        let at = 0;
        !(await page.getByRole('option', { name: label, exact: true, selected: true }).count());
        at += 1
      ) {
        expect(at).toBeLessThan(5);
        await page.keyboard.press('ArrowDown');
      }
      await press(page, 'Enter');
      await dialog('Commands').waitFor({ state: 'detached' });
      await see();
      if (returns) await expectFocus(theme);
      await expectFocusKept(page);
    }
    await press(page, 'Control+k', options.first());
    await page.keyboard.type('中文');
    await press(page, 'Enter');
    await walks['Language: 中文']!.see();
    await expectFocusKept(page);
  }));

test('the header’s buttons and the shortcuts do the same, and lose no focus', () =>
  withPage(async (page) => {
    const side = page.getByRole('navigation', { name: 'Conversations' });
    const dialog = (name: string) => page.getByRole('dialog', { name, exact: true });
    await send(page, 'I love you.');
    await press(page, 'Control+b');
    await side.waitFor({ state: 'detached' });
    await expectFocus(box(page));
    await press(page, 'Control+b', side);
    await tabTo(page, button(page, 'Rename: I love you.'));
    await press(page, 'Control+b');
    await side.waitFor({ state: 'detached' });
    await expectFocusKept(page);
    await tabAndPress(page, button(page, 'Open conversations'), { back: true, until: side });
    await tabAndPress(page, button(page, 'Conversations'));
    await side.waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('Open conversations');

    await tabTo(page, button(page, 'Theme: System'));
    await press(page, '?', dialog('Keyboard shortcuts'));
    await dialog('Keyboard shortcuts').getByText('Ctrl', { exact: true }).first().waitFor();
    expect(await dialog('Keyboard shortcuts').getByText('⌘').count()).toBe(0);
    // One dialog after another leads back to where the first was opened.
    await press(page, 'Control+k', dialog('Commands'));
    await press(page, 'Escape');
    await dialog('Commands').waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('Theme: System');
    await press(page, 'Enter');
    expect(await focused(page)).toBe('Theme: Light');
    await tabAndPress(page, button(page, 'Commands'), { back: true, until: dialog('Commands') });
    await press(page, 'Control+k');
    await dialog('Commands').waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('Commands');
    await tabTo(page, box(page));
    await page.keyboard.type('?');
    expect(await box(page).inputValue()).toBe('?');
    await tabAndPress(page, button(page, 'Language: 中文'), { back: true });
    await page.locator('html[lang=zh]').waitFor();
    await tabAndPress(page, button(page, '语言: EN'), { key: 'Space' });
    await page.locator('html[lang=en]').waitFor();
    for (const name of ['Generate', 'Train', 'Translate'])
      await tabAndPress(page, page.getByRole('navigation', { name: 'Mode' }).getByRole('button', { name }), {
        until: page.locator(`[aria-current=page]`, { hasText: name }),
      });
    await tabAndPress(page, button(page, 'New chat').last());
    await expectFocus(box(page));
  }));

test('on a Mac the commands are given with ⌘, and Ctrl is left to the text', () =>
  withPage(
    async (page) => {
      const side = page.getByRole('navigation', { name: 'Conversations' });
      const palette = page.getByRole('dialog', { name: 'Commands' });
      await tabTo(page, button(page, 'Keyboard shortcuts'));
      await press(page, '?', page.getByRole('heading', { name: 'Keyboard shortcuts' }));
      expect(await page.getByText('⌘', { exact: true }).count()).toBe(2);
      expect(await page.getByText('Ctrl').count()).toBe(0);
      await press(page, 'Escape');
      await press(page, 'Meta+k', palette);
      await press(page, 'Escape');
      await palette.waitFor({ state: 'detached' });
      await press(page, 'Meta+b');
      await side.waitFor({ state: 'detached' });
      for (const key of ['Control+b', 'Control+k']) await press(page, key);
      expect(await side.count()).toBe(0);
      await press(page, 'Meta+b', side); // had Ctrl+K opened anything, this would not be drawn
      expect(await palette.count()).toBe(0);
    },
    {
      userAgent:
        'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/140 Safari/537.36',
    },
  ));

test('on a narrow screen the conversations open over the page and lead back', () =>
  withPage(
    async (page) => {
      const drawer = page.getByRole('dialog', { name: 'Conversations' });
      await send(page, 'I love you.');
      await press(page, 'Control+b', drawer);
      await walkAround(page);
      await press(page, 'Control+b');
      await drawer.waitFor({ state: 'detached' });
      await expectFocus(box(page));
      await press(page, 'Control+b', drawer);
      await tabAndPress(page, drawer.getByRole('button', { name: 'New chat' }));
      await drawer.waitFor({ state: 'detached' });
      await expectFocus(box(page));
    },
    { viewport: screens.tablet },
  ));
