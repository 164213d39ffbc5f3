import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findBrowser } from '@storepulse/local';
import { chromium } from 'playwright-core';

/**
 * Takes docs/images/simulator.png from the simulator that runs (`npm start`), which it steers by its page: for half a
 * minute at another rate, with a payment outage of one minute.
 *
 * `node docs/generate/simulator-image.ts [address of the simulator]`
 */
const address = process.argv[2] ?? 'http://127.0.0.1:8089';
const file = resolve(import.meta.dirname, '../images/simulator.png');
/** Long enough for the achieved rate, a mean over ten seconds, to reach the requested one. */
const WATCHED_MS = 15_000;

const { executablePath, args, env } = await findBrowser();
const browser = await chromium.launch({ executablePath, args, env: { ...process.env, ...env } });
try {
  const page = await browser.newPage({ viewport: { width: 1180, height: 1240 } });
  await page.goto(address);
  await sleep(WATCHED_MS);
  await page.getByRole('spinbutton', { name: 'Events per second, from now on' }).fill('120');
  await page.getByRole('button', { name: 'Set the rate' }).click();
  await page.getByLabel('A scenario that is begun lasts').selectOption('1m');
  await page.getByRole('button', { name: 'Begin: Payment outage' }).click();
  await page.getByRole('button', { name: 'End: Payment outage' }).waitFor();
  await sleep(WATCHED_MS);
  await page.screenshot({ path: file });
} finally {
  await browser.close();
}
console.log(file);
