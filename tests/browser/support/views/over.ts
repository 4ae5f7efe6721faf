// What opens over the page.
import { decodeWith, escape, follow, openDialog, translation } from './steps.ts';
import { view, type Scene } from './view.ts';

export const over: Scene = {
  name: 'over the page',
  views: [
    view('settings', async (page) => {
      await follow(page, { ...translation, text: 'Could you help me, please?' });
      await openDialog(page, /^Decoding/);
      await decodeWith(page, /^Beam/);
    }),
    view('settings-greedy', (page) => decodeWith(page, /^Greedy/)),
    view('settings-sampling', (page) => decodeWith(page, /^Sampling/)),
    view('models', (page) => openDialog(page, /^Model/)),
    view('shortcuts', async (page) => {
      await escape(page);
      await page.locator('body').press('?');
      await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor();
    }),
    view('commands', async (page) => {
      await escape(page);
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').waitFor();
    }),
    view('commands-filtered', (page) => page.keyboard.type('the')),
    view('commands-none', async (page) => {
      await page.keyboard.type('xyz');
      await page.getByText('Nothing matches.').waitFor();
    }),
  ],
};
