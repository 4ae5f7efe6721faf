// Takes the README's pictures of every view, with Chromium and a font that has Chinese:
//   node apps/playground/scripts/screenshots.mjs http://127.0.0.1:3000
// The server should keep its runs in an empty folder (D2LTS_RUNS); the pictures train a small model there.
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { findChromium } from '../../../scripts/bootstrap.mjs';

const [origin = 'http://127.0.0.1:3000'] = process.argv.slice(2);
const folder = fileURLToPath(new URL('../docs/', import.meta.url));
const browser = await chromium.launch({
  executablePath: findChromium(),
  args: ['--no-sandbox', '--disable-gpu'],
});

const screens = [
  ['desktop', { width: 1280, height: 860 }, 'light'],
  ['phone', { width: 390, height: 780 }, 'dark'],
];

/** Views of an answer: the tab, and what has to be done and seen there. */
const panels = [
  ['candidates', 'Candidates'],
  ['attention', 'Attention', (page) => page.getByRole('grid')],
  ['beam-tree', 'Beam tree', (page) => page.getByRole('group', { name: 'Beam tree' })],
  ['probabilities', 'Probabilities', (page) => page.getByText('What the model held probable')],
  ['compare', 'Compare', compareModels],
  ['score', 'Score', scoreAnswer],
  ['request', 'Request', (page) => page.getByText('/api/v1/translate').first()],
];

async function compareModels(page) {
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await page
    .getByRole('heading', { name: 'en-fr-seq2seq' })
    .or(page.getByText('en-fr-seq2seq').last())
    .waitFor();
  await page.waitForTimeout(3000);
  return page.getByText('en-fr-bahdanau').last();
}

async function scoreAnswer(page) {
  await page.getByLabel('Reference translation').fill("Pouvez-vous m'aider, s'il vous plaît ?");
  await page.getByRole('button', { name: 'Score it' }).click();
  await page.getByText('nrefs:1').first().waitFor();
  return page.getByRole('button', { name: 'Score it' });
}

async function takeViews(page, shot) {
  const modeButton = (name) => page.getByRole('navigation', { name: 'Mode' }).getByRole('button', { name });
  const escape = () => page.keyboard.press('Escape');
  const answered = () => page.locator('[data-status=done]').last().waitFor();

  // What the server may say before anything can be asked.
  await page.route('**/api/v1/models*', () => {});
  await page.goto(origin);
  await page.getByText('Loading the model').first().waitFor();
  await shot('loading');
  await page.unroute('**/api/v1/models*');
  const models = (answer) => page.route('**/api/v1/models*', (route) => route.fulfill(answer));
  const list = await (await fetch(`${origin}/api/v1/models`)).json();
  await models({ json: { ...list, models: [], default: null } });
  await page.goto(origin);
  await page.getByText('No model installed').first().waitFor();
  await shot('no-model');
  await page.unroute('**/api/v1/models*');
  await models({
    status: 503,
    json: { error: { code: 'engine_failed', message: 'The models could not be loaded' } },
  });
  await page.goto(origin);
  await page.getByText('could not be loaded').first().waitFor();
  await shot('models-failed');
  await page.unroute('**/api/v1/models*');
  await page.goto(`${origin}/nowhere`);
  await shot('not-found');

  await page.goto(origin);
  await page.getByText('BLEU').first().waitFor();
  await shot('empty');
  const box = page.getByLabel('Text to translate');
  await page.route('**/api/v1/translate', () => {});
  await box.fill('Could you help me, please?');
  await page.keyboard.press('Enter');
  await page.getByText('Translating').first().waitFor();
  await shot('waiting');
  await escape();
  await page.unroute('**/api/v1/translate');
  await page.getByRole('button', { name: 'Regenerate' }).click();
  await answered();
  await page.getByRole('button', { name: 'See why' }).click();
  for (const [name, tab, ready] of panels) {
    await page.getByRole('tab', { name: tab, exact: true }).click();
    const seen = await ready?.(page);
    await seen?.waitFor();
    await seen?.scrollIntoViewIfNeeded();
    await shot(name);
    if (name !== 'attention') continue;
    await page.getByRole('button', { name: 'Table' }).or(page.getByLabel('Table')).first().click();
    await page.getByRole('table').last().scrollIntoViewIfNeeded();
    await shot('attention-table');
  }
  await page.getByRole('tab', { name: 'Beam tree', exact: true }).click();
  await page.locator('[data-state=pruned]').first().click();
  await page.getByText('Forced beginning').first().waitFor();
  await answered();
  await shot('forced');
  await box.focus();
  await page.keyboard.press('ArrowUp');
  await shot('editing');
  await escape();

  await page.getByRole('button', { name: /^Decoding/ }).click();
  await page.getByTestId('preview').getByText('?').waitFor();
  await shot('settings');
  await escape();
  await page.getByRole('button', { name: /^Model/ }).click();
  await shot('models');
  await escape();
  await page.keyboard.press('Control+k');
  await shot('commands');
  await escape();
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await shot('shortcuts');
  await escape();
  const wide = page.viewportSize().width >= 1024; // the conversations are at the side already
  if (!wide) await page.keyboard.press('Control+b');
  await page
    .getByRole('button', { name: /^Delete/ })
    .first()
    .waitFor();
  await shot('conversations');
  await page
    .getByRole('button', { name: /^Delete/ })
    .first()
    .click();
  await page.getByText('for good').first().waitFor();
  await shot('delete');
  await page.getByRole('button', { name: 'Cancel' }).click();
  if (!wide) await escape();

  await modeButton('Generate').click();
  await page.getByText('Perplexity').first().waitFor();
  await shot('generate-empty');
  await page.getByRole('button', { name: 'To be, or not to be' }).click();
  await answered();
  await shot('generate');
  await page.getByRole('button', { name: 'See why' }).click();
  await page.getByRole('group', { name: 'Continuation' }).getByRole('button').nth(4).click();
  await shot('generate-why');
  await page.getByRole('button', { name: /^Decoding/ }).click();
  await page.getByTestId('preview').getByText(/\w/).waitFor();
  await shot('generate-settings');
  await escape();
  await page.getByRole('button', { name: /^Model/ }).click();
  await page.getByRole('button', { name: /shakespeare-transformer/ }).click();
  await page.getByRole('button', { name: 'Regenerate' }).click();
  await answered();
  await page.getByRole('tab', { name: 'Attention', exact: true }).click();
  await page.getByRole('grid').waitFor();
  await page.getByRole('grid').scrollIntoViewIfNeeded();
  await shot('generate-attention');

  await modeButton('Train').click();
  await page.getByRole('button', { name: 'Start training' }).waitFor();
  await shot('train-empty');
  await page.getByRole('button', { name: 'Start training' }).click();
  await page.locator('[data-testid=checkpoint-output][data-step]').waitFor({ timeout: 300_000 });
  await shot('train-running');
  await page.locator('[data-testid=train-status][data-status=done]').waitFor({ timeout: 300_000 });
  await page.getByRole('slider', { name: 'Checkpoint' }).focus();
  await page.keyboard.press('End');
  await page.locator('[data-testid=checkpoint-output][data-step="400"]').waitFor();
  await shot('train');

  await modeButton('Translate').click();
  await page.route('**/api/v1/translate', (route) =>
    route.fulfill({
      status: 503,
      headers: { 'Retry-After': '5' },
      json: {
        error: {
          code: 'queue_full',
          message: '128 requests are waiting already; try again in a few seconds',
        },
      },
    }),
  );
  await box.fill('Where is the train station?');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').first().waitFor();
  await shot('error');
}

for (const [screen, viewport, colorScheme] of screens) {
  const options = { viewport, colorScheme, hasTouch: screen === 'phone' };
  const context = await browser.newContext({ ...options, locale: 'en-US' });
  const page = await context.newPage();
  const shotOf = (page) => async (name) => {
    await page.mouse.move(0, 0);
    await page.waitForTimeout(300);
    await page.screenshot({ path: `${folder}${screen}-${name}.png` });
  };
  await takeViews(page, shotOf(page));
  await context.close();

  const chinese = await browser.newContext({ ...options, locale: 'zh-CN' });
  const chinesePage = await chinese.newPage();
  await chinesePage.goto(origin);
  await chinesePage.getByText('BLEU').first().waitFor();
  await shotOf(chinesePage)('chinese');
  await chinese.close();
}
await browser.close();
