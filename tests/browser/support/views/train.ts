// The mode that trains.
import { runOf, routeRuns } from '../trainRuns.ts';
import { button, openTrain, press } from './steps.ts';
import { view, type Scene } from './view.ts';

export const train: Scene = {
  name: 'train',
  allowed: /status of 400|ERR_FAILED/,
  views: [
    view('train-loading', async (page) => {
      await page.route('**/api/v1/train', () => {});
      await openTrain(page, 'Train');
      await page.getByText('Looking for training runs').waitFor();
    }),
    view('train-empty', async (page) => {
      await page.unroute('**/api/v1/train');
      await routeRuns(page, []);
      await openTrain(page, 'Train');
      await button(page, 'Start training').waitFor();
    }),
    view('train-request', (page) => page.getByText('View as request').click()),
    view('train-pairs', async (page) => {
      await page.getByText('View as request').click();
      await page.getByRole('radio', { name: /^My sentence pairs/ }).check();
    }),
    view('train-refused', async (page) => {
      await page.getByLabel('Sentence pairs', { exact: true }).fill('Good morning.\tBonjour.\nno tab here');
      await press(page, 'Start training');
      await page.getByRole('alert').getByText('line 2 of the pairs must be').waitFor();
    }),
    view('train-text', async (page) => {
      await page.getByRole('radio', { name: /^My text/ }).check();
      await page.getByLabel('Text', { exact: true }).fill('too short');
      await page.getByText('Paste at least').waitFor();
    }),
    view('train-preparing', async (page) => {
      await routeRuns(page, [runOf('running', 0)]);
      await openTrain(page, 'Train');
      await page.getByText('Reading the data').waitFor();
    }),
    view('train-progress', async (page) => {
      await routeRuns(page, [runOf('running', 190)]);
      await openTrain(page, 'Train');
      await page.locator('[data-testid=checkpoint-output][data-step]').waitFor();
    }),
    view('train-busy', async (page) => {
      await press(page, 'New run');
      await page.getByText('A run is training already').waitFor();
    }),
    view('train-lost', async (page) => {
      await press(page, /^Transformer/);
      await page.route('**/api/v1/train', (route) => route.abort());
      await page.evaluate(() => window.dispatchEvent(new Event('focus')));
      await page.getByText('Connection lost').waitFor();
    }),
    view('train-paused', async (page) => {
      await page.unroute('**/api/v1/train');
      await routeRuns(page, [runOf('paused', 210)]);
      await openTrain(page, 'Train');
      await page.getByRole('button', { name: 'Resume' }).waitFor();
      await page.locator('[data-testid=checkpoint-output][data-step]').waitFor();
    }),
    view('train-failed', async (page) => {
      await routeRuns(page, [runOf('failed', 60)]);
      await openTrain(page, 'Train');
      await press(page, /^Transformer/);
      await page.getByText('the loss is NaN').waitFor();
    }),
    view('train-done', async (page) => {
      const others = (['done', 'stopped', 'failed', 'done'] as const).map((status, index) =>
        runOf(status, 100 * (index + 1), index + 1),
      );
      await routeRuns(page, [runOf('done', 400), ...others]);
      await openTrain(page, 'Train');
      await press(page, /^Transformer/);
      await page.locator('[data-testid=checkpoint-output][data-step]').waitFor();
    }),
    view('train-perplexity', (page) => press(page, 'Perplexity')),
    view('train-bleu', (page) => press(page, 'BLEU')),
    view('train-table', (page) => page.getByLabel('Table').check()),
    view('train-delete', async (page) => {
      await page
        .getByRole('button', { name: /^Delete: / })
        .first()
        .click();
      await page.getByText('deleted for good').waitFor();
    }),
    view('train-chat', async (page) => {
      await page.getByRole('button', { name: 'Cancel' }).click();
      await press(page, /^Chat with the model at/);
      await page.getByRole('heading', { level: 1, name: /^Say it/ }).waitFor();
    }),
  ],
};
