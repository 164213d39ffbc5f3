import type { Page } from 'playwright-core';
import { RAN } from './hostile-shop.ts';

/** What a page must not do with hostile names, as far as it has done it. */
export interface Watched {
  /** Scripts that ran, dialogs that opened, requests that left for elsewhere: one line each. */
  readonly happened: string[];
  /** Answers, addresses and headers of requests in which the secret was. */
  readonly leaked: string[];
  /** Elements that names have become, as HTML, and what the browser keeps with the secret in it. */
  look(): Promise<string[]>;
}

/** Elements that only a name could have put there. */
const MADE_OF_NAMES = [
  'img[src="x"]',
  'iframe[srcdoc]',
  '[onerror]',
  '[onload]',
  '[onfocus]',
  'a[href^="javascript:" i]',
  'a[href^="data:text/html" i]',
  '[src^="javascript:" i]',
].join(', ');

/** Watches a page from its begin on. @param secret what only servers may know */
export async function watchScripts(page: Page, origin: () => string, secret: string): Promise<Watched> {
  const happened: string[] = [];
  const leaked: string[] = [];
  await page.exposeFunction(RAN, () => void happened.push('a script ran'));
  page.on('dialog', (dialog) => {
    happened.push(`a dialog opened: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!/^(data|blob):/.test(url) && !url.startsWith(origin())) happened.push(`asked ${url}`);
    if (new URL(url).pathname.endsWith('/x')) happened.push(`asked ${url}`);
    if (`${url}${JSON.stringify(request.headers())}`.includes(secret)) leaked.push(`asked ${url}`);
  });
  page.on('response', (response) => {
    const read = async () => `${JSON.stringify(response.headers())}${await response.text()}`;
    void read().then(
      (told) => told.includes(secret) && leaked.push(`answer of ${response.url()}`),
      // A stream that is cut off, or a page that is left.
      () => undefined,
    );
  });
  return {
    happened,
    leaked,
    look: async () => {
      const made = await page
        .locator(MADE_OF_NAMES)
        .evaluateAll((elements) => elements.map((element) => element.outerHTML.slice(0, 200)));
      const kept: string = await page.evaluate(
        'document.documentElement.outerHTML + JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie',
      );
      return [...made, ...(kept.includes(secret) ? ['the secret is in the page'] : [])];
    },
  };
}
