// The mode that generates text.
import { follow, holdAnswers, openDialog, openMode, openTab, press, send } from './steps.ts';
import { view, type Scene } from './view.ts';

const generated = { mode: 'generate', strategy: 'sampling', seed: '3', maxLength: '120' };
export const generate: Scene = {
  name: 'generate',
  views: [
    view('generate-empty', async (page) => {
      await openMode(page, 'Generate');
      await page.getByText('Perplexity').first().waitFor();
    }),
    view('generate-streaming', async (page) => {
      await holdAnswers(page, 30);
      await send(page, 'ROMEO:');
      await page.locator('[data-status=streaming] .caret').waitFor();
    }),
    view('generate', (page) =>
      follow(page, { ...generated, model: 'shakespeare-lstm', text: 'To be, or not to be' }),
    ),
    view('generate-why', async (page) => {
      await press(page, 'See why');
      await page.getByRole('group', { name: 'Continuation' }).getByRole('button').nth(4).click();
    }),
    view('generate-settings', async (page) => {
      await openDialog(page, /^Decoding/);
      await page.getByTestId('preview').getByText(/\w/).waitFor();
    }),
    view('generate-models', (page) => openDialog(page, /^Model/)),
    view('generate-attention', async (page) => {
      await follow(page, { ...generated, model: 'shakespeare-transformer', text: 'To be, or not to be' });
      await press(page, 'See why');
      await openTab(page, 'Attention');
      await page.getByRole('grid').waitFor();
    }),
    view('generate-request', (page) => openTab(page, 'Request')),
  ],
};
