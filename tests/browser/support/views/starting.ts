// Views before anything can be asked.
import { refuse } from './steps.ts';
import { view, type Scene } from './view.ts';

export const starting: Scene = {
  name: 'before anything can be asked',
  allowed: /status of (404|503)|ERR_FAILED/,
  views: [
    view('loading', async (page) => {
      await page.route('**/api/v1/models*', () => {});
      await page.goto('/');
      await page.getByText('Loading the model').first().waitFor();
    }),
    view('no-model', async (page) => {
      await page.unroute('**/api/v1/models*');
      const list = (await (await page.request.get('/api/v1/models')).json()) as object;
      await page.route('**/api/v1/models*', (route) =>
        route.fulfill({ json: { ...list, models: [], default: null } }),
      );
      await page.goto('/');
      await page.getByText('No model installed').first().waitFor();
    }),
    view('models-failed', async (page) => {
      await page.unroute('**/api/v1/models*');
      await refuse(
        page,
        '**/api/v1/models*',
        503,
        'engine_failed',
        'The engine ended while it loaded a model',
      );
      await page.goto('/');
      await page.getByText('could not be loaded').first().waitFor();
    }),
    view('offline', async (page) => {
      await page.unroute('**/api/v1/models*');
      await page.route('**/api/v1/models*', (route) => route.abort());
      await page.goto('/');
      await page.getByText('The server does not answer').first().waitFor();
    }),
    view('not-found', async (page) => {
      await page.unroute('**/api/v1/models*');
      await page.goto('/nowhere');
      await page.getByText('There is no page here').waitFor();
    }),
  ],
};
