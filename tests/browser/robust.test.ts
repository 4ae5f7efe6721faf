// What goes wrong outside the page is said, in the page's language, with a way on: damaged files, a lost server, no such page.
import { expect, test } from 'vitest';
import { trainLimits, type TrainRun } from '../../apps/playground/src/api/train.ts';
import {
  expectAccessible,
  expectNoOverflow,
  openTrain,
  screens,
  translate,
  useChromium,
  withPage,
} from './support/browser.ts';
import { shownBody } from './support/shownRequest.ts';

useChromium();

test('a beam’s answer has next-token probabilities too, and one can be forced', () =>
  withPage(async (page) => {
    await translate(page, 'I love you.');
    await page.getByRole('button', { name: 'See why' }).click();
    await page.getByRole('tab', { name: 'Probabilities' }).click();
    const panel = page.getByRole('tabpanel');
    await panel.getByRole('listitem').nth(7).waitFor();
    expect(await panel.getByRole('listitem').count()).toBe(8);
    await expectAccessible(page);
    const second = panel.getByRole('listitem').nth(1).getByRole('button');
    await second.click();
    await page.getByText('Forced beginning').waitFor();
    await panel.getByRole('listitem').nth(7).waitFor();
  }));

/** A conversation of one answer, as the export writes it, with something spoiled. */
const exported = (change: object) =>
  JSON.stringify({
    format: 'd2lts-conversations',
    conversations: [
      {
        id: 'damaged',
        mode: 'translate',
        title: 'Damaged',
        createdAt: 1,
        updatedAt: 1e300,
        turns: [
          null,
          {
            id: 7,
            current: 12,
            versions: [
              {
                source: 'I love you.',
                settings: { beam: 'x' },
                lines: [{ steps: [[{}], 7], result: {} }],
                ...change,
              },
            ],
          },
        ],
      },
    ],
  });

test('a damaged file of conversations is mended: it opens, and its views too, also after a reload', () =>
  withPage(async (page) => {
    const buffer = Buffer.from(exported({ status: 'done', prefix: 'x', timing: 3 }));
    const file = { name: 'damaged.json', mimeType: 'application/json', buffer };
    await page.locator('input[type=file]').first().setInputFiles(file);
    await page.getByText('1 conversations imported').waitFor();
    await page.getByRole('button', { name: 'Damaged', exact: true }).first().click();
    for (let loads = 0; loads < 2; loads += 1) {
      await page.getByText('I love you.').first().waitFor();
      await page.getByRole('button', { name: 'See why' }).click();
      for (const name of ['Attention', 'Beam tree', 'Probabilities', 'Score', 'Request'])
        await page.getByRole('tab', { name }).click();
      await expectAccessible(page);
      await page.reload();
    }
  }));

test('a broken page can be drawn again, or left without the conversation that was open; in Chinese too', async () => {
  for (const [locale, send, why, again, empty] of [
    ['en-US', 'Text to translate', 'See why', 'Draw it again', 'Start without this conversation'],
    ['zh-CN', '要翻译的文本', '看看为什么', '重新绘制', '不打开此对话并开始'],
  ] as const)
    await withPage(
      async (page) => {
        await page.getByLabel(send).fill('I love you.');
        await page.keyboard.press('Enter');
        await page.locator('[data-testid=translation][data-status=done]').waitFor();
        // A fault of ours, which only the list of candidates meets.
        await page.evaluate(() => {
          Object.assign(Number.prototype, {
            toFixed: () => {
              throw new Error('broken on purpose');
            },
          });
        });
        const breakIt = () => page.getByRole('button', { name: why }).click();
        await breakIt();
        await page.getByRole('alert').getByText('broken on purpose').waitFor();
        await expectAccessible(page);
        await expectNoOverflow(page);
        await page.getByRole('button', { name: again }).click();
        await page.getByTestId('translation').waitFor();
        await breakIt();
        await page.getByRole('button', { name: empty }).click();
        await page.getByRole('heading', { level: 1 }).waitFor();
        expect(await page.getByTestId('translation').count()).toBe(0);
        await page.reload();
        await page.getByRole('heading', { level: 1 }).waitFor();
        expect(await page.getByTestId('translation').count()).toBe(0);
      },
      { locale, viewport: screens.tablet, allowed: /broken on purpose|%o/ },
    );
});

test('what fails is said in Chinese: no such page, a wrong file, a refused copy', async () => {
  await withPage(
    async (page) => {
      await page.getByText('这里没有页面').waitFor();
      await expectAccessible(page);
      await page.getByRole('link', { name: '打开演练场' }).click();
      expect(await page.title()).toBe('d2l.ts 演练场');
      const file = { name: 'wrong.json', mimeType: 'application/json', buffer: Buffer.from('{') };
      await page.locator('input[type=file]').first().setInputFiles(file);
      await page.getByText('文件不是 JSON，请选择由导出按钮写出的文件。').waitFor();
      await page.evaluate(() => {
        navigator.clipboard.writeText = () => Promise.reject(new Error('denied'));
      });
      await page.getByLabel('要翻译的文本').fill('I love you.');
      await page.keyboard.press('Enter');
      await page.locator('[data-testid=translation][data-status=done]').waitFor();
      await page.getByRole('button', { name: '复制', exact: true }).first().click();
      await page.getByText('浏览器不允许页面复制，请自行选中文字并复制。').waitFor();
    },
    { path: '/nowhere', locale: 'zh-CN', allowed: /status of 404/ },
  );
});

const run: TrainRun = {
  id: '0a1b2c3d4e5f',
  status: 'running',
  task: 'translate',
  data: 'emoji',
  dataSize: 1900,
  settings: {
    architecture: 'transformer',
    size: 'small',
    target: 'fr',
    steps: 400,
    learningRate: 0.005,
    seed: 1,
  },
  createdAt: 1,
  parameters: 50_000,
  step: 20,
  elapsed: 1,
  tokensPerSecond: 100,
  train: [],
  heldOut: [],
  checkpoints: [],
};

test('a server that is lost while a run is watched is said; when it is back, the run is as it is then', () =>
  withPage(
    async (page) => {
      let runs: TrainRun[] | undefined = [run];
      await page.route('**/api/v1/train', (route) =>
        runs ? route.fulfill({ json: { runs, limits: trainLimits } }) : route.abort(),
      );
      // A stream that tells the run and breaks off.
      await page.route('**/api/v1/train/*/events', (route) =>
        route.fulfill({
          contentType: 'text/event-stream',
          body: `event: run\ndata: ${JSON.stringify({ type: 'run', run: { ...run, step: 21 } })}\n\n`,
        }),
      );
      await openTrain(page);
      const status = page.getByTestId('train-status');
      await status.getByText('Training', { exact: true }).waitFor();
      await page.getByText('Step 21 of 400').first().waitFor();
      runs = undefined;
      await page.getByRole('alert').getByText('The server does not answer').waitFor();
      expect(await status.innerText()).toBe('Connection lost');
      expect(await page.getByRole('button', { name: 'Pause' }).isDisabled()).toBe(true);
      await expectAccessible(page);
      runs = [{ ...run, status: 'paused', step: 30 }];
      await page.getByRole('button', { name: 'Try again' }).click();
      await status.getByText('Paused', { exact: true }).waitFor();
      await page.getByText('The server does not answer').waitFor({ state: 'detached' });
      // One that was started elsewhere is seen when the page is looked at again.
      const other = { ...run, id: 'aaaaaaaaaaaa', data: 'text' as const, status: 'done' as const };
      runs = [other, ...runs];
      await page.evaluate(() => window.dispatchEvent(new Event('focus')));
      await page
        .getByRole('button', { name: /Transformer · My text/ })
        .first()
        .waitFor();
    },
    { allowed: /ERR_FAILED/ },
  ));

test('the requests of Train and Score are shown as they will be sent', () =>
  withPage(async (page) => {
    await translate(page, 'I love you.');
    await page.getByRole('button', { name: 'See why' }).click();
    await page.getByRole('tab', { name: 'Score' }).click();
    await page.getByLabel('Reference translation').fill('Je t’adore.');
    await page.getByText('View as request').click();
    const [sent] = await Promise.all([
      page.waitForRequest('**/api/v1/score'),
      page.getByRole('button', { name: 'Score it' }).click(),
    ]);
    expect(await shownBody(page)).toEqual(sent.postDataJSON());
    expect(sent.postDataJSON()).toMatchObject({ target: 'fr', reference: 'Je t’adore.' });
    await expectAccessible(page);
    await openTrain(page);
    await page.getByText('View as request').click();
    expect(await shownBody(page)).toMatchObject({ architecture: 'transformer', steps: 400 });
    await page.getByLabel('Steps').fill('10');
    expect(await shownBody(page)).toMatchObject({ steps: 10 });
    await expectAccessible(page);
    await expectNoOverflow(page);
  }));
