import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { findBrowser } from '@storepulse/local';
import { ROOT } from '@storepulse/local/paths';
import { chromium } from 'playwright-core';

/**
 * Takes the pictures of dashboards for docs/images/ from the preview of the stack that runs (`npm start -- --with
 * prometheus`), once its history has been counted and Prometheus has looked on for some minutes. Ends with an error when a panel has no data or says what is wrong.
 *
 * `node docs/generate/dashboard-images.ts [address of the preview] [width of the page] [folder] [uid…]`
 */
const [address = 'http://127.0.0.1:3100', width = '1280', folder = '', ...uids] = process.argv.slice(2);
const target = folder === '' ? resolve(import.meta.dirname, '../images') : resolve(folder);
const names = uids.length > 0 ? uids : await allDashboards();
/** Higher than any dashboard is at once, so that every panel is drawn. */
const HEIGHT = 1_000;
const DRAWN_MS = 1_500;

const { executablePath, args, env } = await findBrowser();
const browser = await chromium.launch({ executablePath, args, env: { ...process.env, ...env } });
try {
  for (const name of names) {
    const page = await browser.newPage({ viewport: { width: Number(width), height: HEIGHT } });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await page.goto(`${address}/d/${name}?refresh=`);
    await page.locator('[data-testid^="data-testid Panel header"]').first().waitFor();
    // Panels that are out of sight are drawn once the page is as high as all of them.
    const height: number = await page.evaluate(
      "Math.max(...[...document.querySelectorAll('*')].map(({ scrollHeight }) => scrollHeight))",
    );
    await page.setViewportSize({ width: Number(width), height: Math.max(HEIGHT, height) });
    await page.waitForLoadState('networkidle');
    await page.waitForTimeout(DRAWN_MS);
    const path = resolve(target, `${name}.png`);
    await page.screenshot({ path, animations: 'disabled' });
    const empty = await page.getByText('No data', { exact: true }).count();
    const failed = await page.locator('[data-testid="data-testid Panel status error"]').count();
    console.log(
      `${path}: ${empty} panels without data, ${failed} with an error, ${errors.length} errors in the page`,
    );
    for (const error of errors) console.error(error);
    if (empty + failed + errors.length > 0) process.exitCode = 1;
    await page.close();
  }
} finally {
  await browser.close();
}

/** Their uids, which are the names of their files. */
async function allDashboards(): Promise<string[]> {
  const files = await readdir(resolve(ROOT, 'provisioning/grafana/dashboards'));
  return files.filter((file) => file.endsWith('.json')).map((file) => file.replace('.json', ''));
}
