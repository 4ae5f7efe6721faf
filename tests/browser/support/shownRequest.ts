// The request that a view shows as a command.
import type { Page } from 'playwright-core';

/** The body of the command under "View as request". */
export async function shownBody(page: Page): Promise<object> {
  const command = await page.getByRole('region', { name: 'Request' }).innerText();
  const [, body] = /-d '(.*)'$/s.exec(command)!;
  return JSON.parse(body!.replaceAll(String.raw`'\''`, "'")) as object;
}
