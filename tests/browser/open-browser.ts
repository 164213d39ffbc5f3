import type { TestContext } from 'node:test';
import { findBrowser } from '@storepulse/local';
import { chromium, type Page } from 'playwright-core';
import { NOON_ZONE } from './noon-zone.ts';

/** A page in a browser of its own, and what the page reported as errors so far. */
export interface OpenBrowser {
  page: Page;
  errors: string[];
}

/**
 * Starts a browser for one test; it ends with the test.
 * @param viewport size of the page, CSS pixels
 */
export async function openBrowser(
  t: TestContext,
  viewport: { width: number; height: number },
): Promise<OpenBrowser> {
  const { executablePath, args, env } = await findBrowser();
  const browser = await chromium.launch({
    executablePath,
    args: [...args, '--disable-gpu', '--disable-background-networking'],
    env: { ...process.env, ...env },
  });
  t.after(() => browser.close());

  const page = await browser.newPage({ viewport, timezoneId: NOON_ZONE });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${message.text()} ${message.location().url}`);
  });
  return { page, errors };
}
