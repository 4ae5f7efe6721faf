// What leads from one view to the next.
import type { Page } from 'playwright-core';

export const escape = (page: Page) => page.keyboard.press('Escape');
export const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
export const press = (page: Page, name: string | RegExp) => button(page, name).first().click();
export const answered = (page: Page) =>
  page.waitForFunction(() => {
    const answers = [...document.querySelectorAll<HTMLElement>('[data-testid=translation]')];
    return answers.length > 0 && answers.every(({ dataset }) => !/queued|streaming/.test(dataset['status']!));
  });
export const box = (page: Page) => page.locator('#text');
export const send = async (page: Page, text: string) => {
  await box(page).fill(text);
  await page.keyboard.press('Enter');
};
export const openMode = (page: Page, name: string) =>
  page
    .getByRole('navigation', { name: /Mode|模式/ })
    .getByRole('button', { name })
    .click();
export const openTab = async (page: Page, name: string) => {
  const tab = page.getByRole('tab', { name, exact: true });
  await tab.click();
  await page.getByRole('tabpanel').waitFor();
};
export const openDialog = async (page: Page, name: RegExp) => {
  await escape(page);
  await press(page, name);
  await page.locator('dialog:modal').waitFor();
};
export const decodeWith = async (page: Page, strategy: RegExp) => {
  await page.getByRole('radio', { name: strategy }).check();
  await page.getByTestId('preview').getByText(/\w/).waitFor();
};
/** Opens the page anew with a link's text; the models that ship are named, as others may be installed. */
export const follow = async (page: Page, link: Record<string, string>) => {
  await page.goto('about:blank');
  await page.goto(`/#${new URLSearchParams(link).toString()}`);
  await answered(page);
};
export const translation = { mode: 'translate', model: 'en-fr-transformer', strategy: 'beam', beam: '4' };

/** Lets through the first events of an answer, after some others, and never the rest. */
export const holdAnswers = (page: Page, count: number, before: readonly object[] = []) =>
  page.evaluate(
    ([events, told]) => {
      const real = window.fetch;
      window.fetch = async (input, init) => {
        const response = await real(input, init);
        if (!/\/(translate|generate)$/.test(String(input))) return response;
        const text = (await response.text()).split('\n\n').slice(0, events).join('\n\n');
        const body = new ReadableStream({
          start(controller) {
            init?.signal?.addEventListener('abort', () => controller.error(init.signal!.reason));
            controller.enqueue(new TextEncoder().encode(`${told}${text}\n\n`));
          },
        });
        return new Response(body, response);
      };
    },
    [count, before.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')] as const,
  );

/** Answers a route with a refusal. */
export const refuse = (page: Page, url: string, status: number, code: string, message: string) =>
  page.route(url, (route) => route.fulfill({ status, json: { error: { code, message } } }));
/** Opens the page anew in the mode that trains, whose name is translated. */
export const openTrain = async (page: Page, name: string) => {
  await page.reload();
  await openMode(page, name);
};
