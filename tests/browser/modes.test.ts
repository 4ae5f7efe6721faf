// What modes say of the chosen model, and the requests behind their views.
import { expect, test } from 'vitest';
import type { ModelList } from '../../apps/playground/src/api/types.ts';
import {
  expectAccessible,
  expectNoOverflow,
  screens,
  translate,
  useChromium,
  withPage,
} from './support/browser.ts';
import { shownBody } from './support/shownRequest.ts';

useChromium();

test('the empty page of Translate names the languages of the chosen model, in both languages', () =>
  withPage(async (page) => {
    await page.route('**/api/v1/models*', async (route) => {
      const response = await route.fetch();
      const list = (await response.json()) as ModelList;
      const models = list.models.map((model) =>
        model.id === list.default ? { ...model, source: 'de', target: 'es' } : model,
      );
      await route.fulfill({ response, json: { ...list, models } });
    });
    await page.reload();
    await page.getByRole('heading', { name: 'Say it in Spanish' }).waitFor();
    await page.getByText('Type a sentence in German. A model').waitFor();
    const box = page.getByLabel('Text to translate');
    expect(await box.getAttribute('placeholder')).toBe('Type a sentence in German …');
    expect(await box.getAttribute('lang')).toBe('de');
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByText('输入一句德语。').waitFor();
  }));

test('the requests of Attention and Compare are shown as they are sent', () =>
  withPage(
    async (page) => {
      await translate(page, 'I love you.');
      await page.getByRole('button', { name: 'See why' }).click();
      const asked = page.waitForRequest('**/api/v1/attention');
      await page.getByRole('tab', { name: 'Attention' }).click();
      const attention: unknown = (await asked).postDataJSON();
      expect(attention).toMatchObject({ task: 'translate', text: 'I love you.', from: 0 });
      await page.getByRole('grid').waitFor();
      await page.getByText('View as request').click();
      expect(await shownBody(page)).toEqual(attention);
      await expectAccessible(page);
      await expectNoOverflow(page);

      await page.getByRole('tab', { name: 'Compare' }).click();
      await page.getByText('View as request').click();
      const shown = (await shownBody(page)) as { model: string };
      const sent: unknown[] = [];
      page.on('request', (request) => {
        if (request.url().endsWith('/api/v1/translate')) sent.push(request.postDataJSON());
      });
      await page.getByRole('button', { name: 'Compare', exact: true }).click();
      await page.getByRole('tabpanel').getByText(/ ms$/).last().waitFor();
      expect(sent).toContainEqual(shown);
      for (const body of sent) expect({ ...(body as object), model: shown.model }).toEqual(shown);
      await expectAccessible(page);
      await expectNoOverflow(page);
    },
    { viewport: screens.phone },
  ));
