// Conversations stay in the browser: reload, search, rename, delete, export and import.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { expectAccessible, outputOf, translate, useChromium, withPage } from './support/browser.ts';

useChromium();

test('history survives a reload and can be searched, renamed and deleted', () =>
  withPage(async (page) => {
    const list = page.getByRole('list', { name: 'Conversations' });
    await translate(page, 'I love you.');
    await page.getByRole('button', { name: 'New chat' }).first().click();
    await translate(page, 'It is raining.');
    await page.reload();
    await list.getByRole('button', { name: 'I love you.', exact: true }).waitFor();
    expect(outputOf(await page.getByTestId('translation').innerText())).toBe('Il pleut.');
    await list.getByRole('button', { name: 'I love you.', exact: true }).click();
    await page.getByText("Je t'aime.").first().waitFor();

    await page.getByRole('searchbox', { name: 'Search conversations' }).fill('pleut');
    expect(await list.getByRole('listitem').count()).toBe(1);
    await page.getByRole('searchbox', { name: 'Search conversations' }).fill('nothing like it');
    await page.getByText('No conversation matches.').waitFor();
    await page.getByRole('searchbox', { name: 'Search conversations' }).fill('');

    await page.getByRole('button', { name: 'Rename: It is raining.' }).click();
    await page.getByRole('textbox', { name: 'Rename' }).fill('Weather');
    await page.keyboard.press('Enter');
    await list.getByRole('button', { name: 'Weather', exact: true }).waitFor();

    await page.getByRole('button', { name: 'Delete: Weather' }).click();
    await expectAccessible(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    expect(await list.getByRole('listitem').count()).toBe(1);
    await page.reload();
    await list.getByRole('button', { name: 'I love you.', exact: true }).waitFor();
    expect(await list.getByRole('listitem').count()).toBe(1);
  }));

test('exported conversations can be imported elsewhere', () => {
  let file = Buffer.alloc(0);
  return withPage(async (page) => {
    await translate(page, 'I love you.');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export' }).click(),
    ]);
    file = await readFile(await download.path());
    await withPage(async (other) => {
      const chosen = (name: string, buffer: Buffer) =>
        other
          .locator('input[type=file]')
          .first()
          .setInputFiles({ name, mimeType: 'application/json', buffer });
      await chosen('wrong.json', Buffer.from('{}'));
      await other.getByText('holds no conversations').waitFor();
      await chosen('d2lts-conversations.json', file);
      await other.getByRole('button', { name: 'I love you.', exact: true }).first().click();
      await other.getByTestId('translation').getByText("Je t'aime.").waitFor();
    });
  });
});
