// Takes the README's pictures: `node apps/playground/scripts/screenshots.mjs http://127.0.0.1:3000`, with Chromium.
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { findChromium } from '../../../scripts/bootstrap.mjs';

const [origin = 'http://127.0.0.1:3000'] = process.argv.slice(2);
const folder = fileURLToPath(new URL('../docs/', import.meta.url));
const browser = await chromium.launch({
  executablePath: findChromium(),
  args: ['--no-sandbox', '--disable-gpu'],
});

for (const [screen, viewport, colorScheme] of [
  ['desktop', { width: 1280, height: 860 }, 'light'],
  ['phone', { width: 390, height: 780 }, 'dark'],
]) {
  const context = await browser.newContext({
    viewport,
    colorScheme,
    locale: 'en-US',
    hasTouch: screen === 'phone',
  });
  const page = await context.newPage();
  const shot = async (name) => {
    await page.mouse.move(0, 0);
    await page.waitForTimeout(300);
    await page.screenshot({ path: `${folder}${screen}-${name}.png` });
  };
  await page.goto(origin);
  await page.getByText('BLEU').first().waitFor();
  await shot('empty');
  await page.getByLabel('Text to translate').fill('Could you help me, please?');
  await page.keyboard.press('Enter');
  await page.locator('[data-status=done]').waitFor();
  await page.getByRole('button', { name: 'See why' }).click();
  for (const name of ['Candidates', 'Attention', 'Beam tree', 'Score', 'Request']) {
    await page.getByRole('tab', { name, exact: true }).click();
    if (name === 'Attention') await page.getByRole('grid').waitFor();
    if (name === 'Score') {
      await page.getByLabel('Reference translation').fill('Pouvez-vous m’aider, s’il vous plaît ?');
      await page.getByRole('button', { name: 'Score it' }).click();
      await page.getByText('nrefs:1').first().waitFor();
    }
    await shot(name.toLowerCase().replace(' ', '-'));
  }
  await page.getByRole('button', { name: /^Decoding/ }).click();
  await page.getByTestId('preview').getByText('?').waitFor();
  await shot('settings');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Model/ }).click();
  await shot('models');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await shot('commands');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+b');
  await shot('conversations');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Generate', exact: true }).click();
  await page.getByText('Perplexity').first().waitFor();
  await shot('generate-empty');
  await page.getByRole('button', { name: 'To be, or not to be' }).click();
  await page.locator('[data-status=done]').waitFor();
  await shot('generate');
  await page.getByRole('button', { name: 'See why' }).click();
  await page.getByRole('group', { name: 'Continuation' }).getByRole('button').nth(4).click();
  await shot('generate-why');
  await page.getByRole('button', { name: /^Decoding/ }).click();
  await page.getByTestId('preview').getByText(/\w/).waitFor();
  await shot('generate-settings');
  await page.keyboard.press('Escape');
  const mode = page.getByRole('navigation', { name: 'Mode' });
  await mode.getByRole('button', { name: 'Train' }).click();
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
  await mode.getByRole('button', { name: 'Translate' }).click();
  await page.route('**/api/v1/translate', (route) =>
    route.fulfill({
      status: 503,
      json: {
        error: { code: 'queue_full', message: '64 requests are waiting already; try again in a few seconds' },
      },
    }),
  );
  await page.getByLabel('Text to translate').fill('Where is the train station?');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').first().waitFor();
  await shot('error');
  await context.close();
}
await browser.close();
