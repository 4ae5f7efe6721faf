// The list of conversations, at the side and as a drawer.
import type { Page } from 'playwright-core';
import { answered, escape, press, send } from './steps.ts';
import { view, type Scene } from './view.ts';

/** A file of conversations with titles of all lengths. */
const history = JSON.stringify({
  format: 'd2lts-conversations',
  version: 1,
  conversations: [
    'Where is the train station?',
    'It is raining.',
    'A title as long as titles may be made by hand, which has no end at all and goes on and on until there is no room',
    'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft',
    ...Array.from({ length: 36 }, (_, index) => `Conversation ${index + 1}`),
  ].map((title, index) => ({
    id: `c${index}`,
    mode: index % 5 === 4 ? 'generate' : 'translate',
    title,
    createdAt: 1,
    updatedAt: 1000 - index,
    turns: [{ id: `t${index}`, current: 0, versions: [{ source: title, status: 'done', lines: [] }] }],
  })),
});
const choose = (page: Page, content: string) =>
  page
    .locator('input[type=file]')
    .last()
    .setInputFiles({ name: 'history.json', mimeType: 'application/json', buffer: Buffer.from(content) });
const narrow = ['tablet', 'phone'] as const;

export const conversations: Scene = {
  name: 'conversations',
  views: [
    view('imported', async (page) => {
      await page.goto('/');
      await choose(page, history);
      await page.getByText('40 conversations imported').waitFor();
    }),
    view('import-error', async (page) => {
      await choose(page, '{');
      await page.getByText('The file is not JSON').first().waitFor();
    }),
    view('storage-full', async (page) => {
      await page.evaluate(() => {
        Storage.prototype.setItem = () => {
          throw new DOMException('full', 'QuotaExceededError');
        };
      });
      await send(page, 'It is raining.');
      await page.getByText('storage is full').waitFor();
      await answered(page);
    }),
    view(
      'renaming',
      async (page) => {
        await page.goto('/');
        await press(page, 'Rename: Where is the train station?');
        await page.getByRole('textbox', { name: 'Rename' }).waitFor();
      },
      ['desktop'],
    ),
    view('search', (page) => page.getByRole('searchbox').fill('conversation 1'), ['desktop']),
    view('search-none', (page) => page.getByRole('searchbox').fill('nothing like it'), ['desktop']),
    view(
      'delete',
      async (page) => {
        await page.getByRole('searchbox').fill('');
        await press(page, /^Delete: A title/);
        await page.getByText('for good').waitFor();
      },
      ['desktop'],
    ),
    view(
      'drawer',
      async (page) => {
        await escape(page);
        await page.keyboard.press('Control+b');
        await page.getByRole('dialog', { name: 'Conversations' }).waitFor();
      },
      narrow,
    ),
    view(
      'drawer-imported',
      async (page) => {
        await choose(page, history);
        await page.getByRole('dialog').getByText('40 conversations imported').waitFor();
      },
      narrow,
    ),
    view(
      'drawer-renaming',
      async (page) => {
        await press(page, 'Rename: Where is the train station?');
        await page.getByRole('textbox', { name: 'Rename' }).waitFor();
      },
      narrow,
    ),
    view(
      'drawer-search-none',
      async (page) => {
        await page.getByRole('dialog').getByRole('searchbox').fill('nothing like it');
        await page.getByRole('dialog').getByText('No conversation matches.').waitFor();
      },
      narrow,
    ),
    view(
      'drawer-delete',
      async (page) => {
        await page.getByRole('dialog').getByRole('searchbox').fill('');
        await page
          .getByRole('dialog')
          .getByRole('button', { name: /^Delete: A title/ })
          .click();
        await page.getByText('for good').waitFor();
      },
      narrow,
    ),
  ],
};
