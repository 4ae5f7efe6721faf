// Opens a built page in Chromium, straight from its folder.

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

/** The path of Chromium: $CHROMIUM, or one found in $PATH. */
export function findChromium(): string | undefined {
  const { CHROMIUM, PATH = '' } = process.env;
  const paths = PATH.split(delimiter).flatMap((folder) =>
    ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)),
  );
  return (CHROMIUM ? [CHROMIUM] : paths).find((path) => existsSync(path));
}

/** What the element shows once it is not empty; an error of the page is thrown. */
export async function textOf(folder: string, selector: string): Promise<string> {
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    const failed = new Promise<never>((_, reject) => page.on('pageerror', reject));
    await page.route('**/*', async (route) => {
      const { pathname } = new URL(route.request().url());
      const path = join(folder, pathname === '/' ? 'index.html' : pathname);
      await (existsSync(path) ? route.fulfill({ path }) : route.fulfill({ status: 404 }));
    });
    await page.goto('http://page.test/');
    const element = page.locator(selector, { hasText: /./ });
    await Promise.race([element.waitFor(), failed]);
    return await element.innerText();
  } finally {
    await browser.close();
  }
}
