import { after, type TestContext } from 'node:test';
import { findBrowser } from '@storepulse/local';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { NOON_ZONE } from './noon-zone.ts';

/** A page, and what it reported as errors so far. */
export interface OpenBrowser {
  page: Page;
  errors: string[];
}

/** Size of a page, CSS pixels. */
interface Size {
  width: number;
  height: number;
}

/** Starts a browser for one test; it ends with the test. */
export async function openBrowser(t: TestContext, viewport: Size): Promise<OpenBrowser> {
  const browser = await launch();
  t.after(() => browser.close());
  return watch(await browser.newPage({ viewport, timezoneId: NOON_ZONE }));
}

/**
 * A browser for all tests of the file that calls this. Each has a page of its own, which finds nothing that another has
 * stored; what they share are the compiled scripts: to start a browser and to read ours anew costs a CPU-second.
 */
export function useBrowser(viewport: Size): (t: TestContext) => Promise<OpenBrowser> {
  let context: Promise<BrowserContext> | undefined;
  after(async () => {
    await (await context)?.browser()?.close();
  });
  const open = async () => {
    const browser = await launch('--renderer-process-limit=1');
    const opened = await browser.newContext({ viewport, timezoneId: NOON_ZONE });
    // It keeps the process that has the scripts from ending with the page of a test.
    await opened.newPage();
    return opened;
  };
  return async (t) => {
    context ??= open();
    const page = await (await context).newPage();
    t.after(async () => {
      await forget(page);
      await page.close();
    });
    return watch(page);
  };
}

async function launch(...further: string[]): Promise<Browser> {
  const { executablePath, args, env } = await findBrowser();
  return chromium.launch({
    executablePath,
    args: [...args, '--disable-gpu', '--disable-background-networking', ...further],
    env: { ...process.env, ...env },
  });
}

function watch(page: Page): OpenBrowser {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${message.text()} ${message.location().url}`);
  });
  return { page, errors };
}

/** Removes what a page has stored: cookies, local storage and its like. */
async function forget(page: Page): Promise<void> {
  const { origin, protocol } = new URL(page.url());
  // A test that fails early has visited nothing.
  if (protocol === 'about:') return;
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
}
