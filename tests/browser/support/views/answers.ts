// Answers in all their states.
import { answered, box, escape, follow, holdAnswers, press, refuse, send, translation } from './steps.ts';
import { view, type Scene } from './view.ts';

export const answers: Scene = {
  name: 'answers',
  allowed: /status of (422|503)/,
  views: [
    view('empty', async (page) => {
      await page.goto('/');
      await page.getByText('BLEU').first().waitFor();
    }),
    view('too-long', async (page) => {
      await box(page).fill('word '.repeat(420));
      await page.getByText('2100 of 2000').waitFor();
    }),
    view('queued', async (page) => {
      await holdAnswers(page, 0, [{ type: 'queued', position: 3 }]);
      await send(page, 'Could you help me, please?');
      await page.getByText('3 before you').first().waitFor();
    }),
    view('stopped-early', async (page) => {
      await escape(page);
      await page.getByText('Stopped before').first().waitFor();
    }),
    view('waiting', async (page) => {
      await page.reload();
      await holdAnswers(page, 0);
      await press(page, 'Regenerate');
      await page.getByText('Translating').first().waitFor();
    }),
    view('streaming', async (page) => {
      await page.reload();
      await holdAnswers(page, 6);
      await press(page, 'Regenerate');
      await page.locator('[data-status=streaming] .caret').waitFor();
    }),
    view('stopped', async (page) => {
      await escape(page);
      await page.locator('[data-status=stopped]').waitFor();
    }),
    view('error', async (page) => {
      await page.reload();
      await refuse(
        page,
        '**/api/v1/translate',
        503,
        'queue_full',
        '128 requests are waiting already; try again in a few seconds',
      );
      await send(page, 'Where is the train station?');
      await page.getByRole('alert').first().waitFor();
    }),
    view('line-too-long', async (page) => {
      await page.unroute('**/api/v1/translate');
      await send(page, `Please tell me ${'everything about it '.repeat(60)}`);
      await page.getByRole('alert').getByText('split it into shorter lines').waitFor();
    }),
    view('answer', (page) => follow(page, { ...translation, text: 'Could you help me, please?' })),
    view('long-answer', async (page) => {
      const sentence =
        'The old man and the young woman walk to the station with a very big dog, and it rains.';
      await send(page, `${`${sentence}\n`.repeat(8)}https://example.org/${'a-very-long-address-'.repeat(4)}`);
      await answered(page);
    }),
    view('editing', async (page) => {
      await box(page).focus();
      await page.keyboard.press('ArrowUp');
    }),
    view('versions', async (page) => {
      await box(page).fill('She is reading a book.\nIt is raining.');
      await page.keyboard.press('Enter');
      await page.getByLabel('2 of 2').waitFor();
      await answered(page);
    }),
    view('copied', async (page) => {
      await press(page, 'Copy');
      await page.getByRole('status').getByText('Copied').waitFor();
    }),
  ],
};
