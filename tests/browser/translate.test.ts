// The first path: a text becomes French, token by token; it can be stopped, copied, done again, edited.
import { expect, test } from 'vitest';
import {
  expectAccessible,
  outputOf,
  runningJobs,
  slowDown,
  translate,
  useChromium,
  withPage,
} from './support/browser.ts';

useChromium();

test('a sentence becomes French', () =>
  withPage(async (page) => {
    expect(await translate(page, 'I love you.')).toBe("Je t'aime.");
    const spoken = page.getByTestId('announcer').locator('p');
    expect(await spoken.allInnerTexts()).toEqual(["Je t'aime."]);
    expect(await spoken.getAttribute('lang')).toBe('fr');
    await expectAccessible(page);
  }));

test('an example of the empty page is one press away', () =>
  withPage(async (page) => {
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Where is the train station?' }).click();
    await page.locator('[data-status=done]').waitFor();
    expect(outputOf(await page.getByTestId('translation').innerText())).toBe('Où est la gare ?');
  }));

test('the answer grows while it is made, its lines are read out, and stop keeps what is there', () =>
  withPage(async (page) => {
    await slowDown(page, 12_000);
    const lines = Array.from({ length: 40 }, () => 'I love you.');
    await page.getByLabel('Text to translate').fill(lines.join('\n'));
    await page.keyboard.press('Enter');
    const answer = page.getByTestId('translation');
    const announcer = page.getByTestId('announcer');
    await announcer.getByText('Translating …').waitFor({ state: 'attached' });
    const spoken = announcer.locator('p[lang=fr]');
    await spoken.nth(1).waitFor({ state: 'attached' });
    expect(await answer.getAttribute('data-status')).toBe('streaming');
    expect(await spoken.first().innerText()).toBe("Je t'aime.");
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.locator('[data-status=stopped]').waitFor();
    const text = outputOf(await answer.innerText());
    expect(text).toMatch(/^Je t'aime\.\nJe t'aime\./);
    expect(text.split('\n').length).toBeLessThan(lines.length);
    await page.getByText('Stopped').first().waitFor();
    await expect.poll(() => runningJobs(page)).toBe(0);
    expect(outputOf(await answer.innerText())).toBe(text);
  }));

test('a version of an earlier text is read out too', () =>
  withPage(async (page) => {
    await translate(page, 'It is raining.');
    await translate(page, 'I love you.');
    await page.getByRole('button', { name: 'Regenerate' }).first().click();
    const spoken = page.getByTestId('announcer').locator('p[lang=fr]');
    await spoken.getByText('Il pleut.').waitFor({ state: 'attached' });
    expect(await spoken.count()).toBe(1);
  }));

test('regenerate and edit keep the versions before', () =>
  withPage(async (page) => {
    await translate(page, 'It is raining.');
    await page.getByRole('button', { name: 'Regenerate' }).click();
    await page.getByLabel('2 of 2').waitFor();
    await page.locator('[data-status=done]').waitFor();
    await page.getByRole('button', { name: /^Edit/ }).click();
    const box = page.getByLabel('Text to translate');
    expect(await box.inputValue()).toBe('It is raining.');
    await box.fill('I love you.');
    await page.keyboard.press('Enter');
    await page.getByLabel('3 of 3').waitFor();
    await page.locator('[data-status=done]').waitFor();
    expect(outputOf(await page.getByTestId('translation').innerText())).toBe("Je t'aime.");
    await page.getByRole('button', { name: 'Previous version' }).click();
    expect(outputOf(await page.getByTestId('translation').innerText())).toBe('Il pleut.');
  }));

test('copy and share: the link gives the same text with the same settings on another page', () => {
  let link = '';
  return withPage(async (page) => {
    await page.getByRole('button', { name: /^Decoding/ }).click();
    await page.getByRole('radio', { name: /^Sampling/ }).check();
    await page.getByRole('spinbutton', { name: 'Seed' }).fill('7');
    await page.keyboard.press('Escape');
    const text = await translate(page, 'She is not raining a train.');
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text);
    await page.getByRole('button', { name: 'Copy share link' }).click();
    await page.getByText('Copied').waitFor();
    link = await page.evaluate(() => navigator.clipboard.readText());
    await withPage(
      async (other) => {
        await other.locator('[data-status=done]').waitFor();
        expect(outputOf(await other.getByTestId('translation').innerText())).toBe(text);
        await other
          .getByText(/Sampling/)
          .first()
          .waitFor();
        expect(new URL(other.url()).hash).toBe('');
      },
      { path: new URL(link).hash ? `/${new URL(link).hash}` : '/' },
    );
  });
});

test('a link that is opened on a page that is there already is answered too', () =>
  withPage(async (page) => {
    await translate(page, 'It is raining.');
    await page.getByLabel('Text to translate').press('ArrowUp'); // an edit that is under way goes
    for (const text of ['I love you.', 'She is reading a book.']) {
      await page.evaluate(
        (hash) => {
          location.hash = hash;
        },
        new URLSearchParams({ mode: 'translate', text, beam: '2', seed: '1.6' }).toString(),
      );
      await page.getByRole('article').getByText(text).waitFor();
      await page.locator('[data-status=done]').waitFor();
      await page.getByText('· Beam 2').waitFor();
      expect(new URL(page.url()).hash).toBe('');
      expect(await page.getByRole('article').count()).toBe(1);
    }
  }));

test('markup is shown, never run: in a text, a title, an answer, its tokens and an error', () =>
  withPage(
    async (page) => {
      const markup = (name: string) => `<img src=x onerror="document.title='${name}'"><b>${name}</b>`;
      const article = page.getByRole('article');
      await translate(page, markup('text'));
      await article.getByText(markup('text')).waitFor();
      await page.getByRole('navigation', { name: 'Conversations' }).getByText('<img src=x').waitFor();

      const segment = { type: 'segment', segment: 0 };
      const token = { id: 1, text: markup('token'), logProb: -1 };
      const result = {
        source: 'x',
        sourceTokens: [markup('source')],
        text: markup('answer'),
        tokens: [token],
        logProb: -1,
        score: -1,
        alternatives: [],
      };
      const events = [
        { type: 'start', segment: 0, source: 'x', sourceTokens: result.sourceTokens },
        {
          type: 'step',
          segment: 0,
          step: 0,
          text: markup('step'),
          nodes: [{ ...token, parent: -1, total: -1, state: 'kept' }],
        },
        { ...segment, result },
        {
          type: 'done',
          model: markup('model'),
          translation: result.text,
          segments: [result],
          timing: { queued: 0, firstToken: 1, total: 2 },
        },
      ];
      const body = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
      await page.route(
        '**/api/v1/translate',
        (route) => route.fulfill({ contentType: 'text/event-stream', body }),
        {
          times: 1,
        },
      );
      const maps = [{ kind: 'cross', layers: [[[[1]]]], rows: [markup('row')], columns: [markup('column')] }];
      await page.route('**/api/v1/attention', (route) => route.fulfill({ json: { model: 'x', maps } }));
      await translate(page, 'x');
      await article.getByText(markup('answer')).first().waitFor();
      await page.getByRole('button', { name: 'See why' }).last().click();
      for (const name of ['Attention', 'Beam tree', 'Request']) {
        await page.getByRole('tab', { name }).click();
        await page.getByRole('tabpanel').waitFor();
        if (name === 'Attention') await page.getByRole('rowheader', { name: markup('row') }).waitFor();
      }

      const error = { error: { code: 'x', message: markup('error') } };
      await page.route('**/api/v1/translate', (route) => route.fulfill({ status: 422, json: error }), {
        times: 1,
      });
      await page.getByLabel('Text to translate').fill('y');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').getByText(markup('error')).waitFor();
      expect(await page.title()).toBe('d2l.ts playground');
      expect(await page.locator('main img, main b').count()).toBe(0);
    },
    { allowed: /status of 422/ },
  ));

test('an error says what happened and offers to try again', () =>
  withPage(
    async (page) => {
      const refusal = {
        error: { code: 'queue_full', message: '64 requests are waiting already; try again in a few seconds' },
      };
      await page.route('**/api/v1/translate', (route) => route.fulfill({ status: 503, json: refusal }), {
        times: 1,
      });
      await page.getByLabel('Text to translate').fill('I love you.');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').getByText('try again in a few seconds').waitFor();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.locator('[data-status=done]').waitFor();
    },
    { allowed: /status of 503/ },
  ));

test('a server that is not there is said, and found again', () =>
  withPage(
    async (page) => {
      await page.route('**/api/v1/models', (route) => route.abort(), { times: 1 });
      await page.reload();
      await page.getByRole('alert').getByText('The models could not be loaded').waitFor();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByText('BLEU').first().waitFor();
    },
    { allowed: /ERR_FAILED/ },
  ));
