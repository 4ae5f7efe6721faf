// A fault of ours.
import { answered, press, send } from './steps.ts';
import { view, type Scene } from './view.ts';

export const broken: Scene = {
  name: 'a fault while drawing',
  allowed: /broken on purpose|%o/,
  views: [
    view('broken', async (page) => {
      await send(page, 'It is raining.');
      await answered(page);
      // A fault of ours, which only the list of candidates meets.
      await page.evaluate(() => {
        Object.assign(Number.prototype, {
          toFixed() {
            throw new Error('broken on purpose');
          },
        });
      });
      await press(page, 'See why');
      await page.getByRole('alert').getByText('broken on purpose').waitFor();
    }),
  ],
};
