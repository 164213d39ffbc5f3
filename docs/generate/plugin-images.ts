import { resolve } from 'node:path';
import { findBrowser } from '@storepulse/local';
import { chromium, type Locator } from 'playwright-core';

/**
 * Takes the screenshots that the data source shows on its page, from the preview of the stack that runs (`npm start`),
 * into grafana-plugin/src/img/. The same stack should have run for some minutes, so that its charts are filled.
 *
 * `node docs/generate/plugin-images.ts [address of the preview]`
 */
const address = process.argv[2] ?? 'http://127.0.0.1:3100';
const folder = resolve(import.meta.dirname, '../../grafana-plugin/src/img');
const WIDTH = 1280;
/** Of the dashboard: what is seen without scrolling. */
const HEIGHT = 900;
/** Around what is taken. */
const MARGIN = 16;

const { executablePath, args, env } = await findBrowser();
const browser = await chromium.launch({ executablePath, args, env: { ...process.env, ...env } });
try {
  const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT } });
  const take = async (name: string, of: Locator) => {
    // The page is still while nothing is asked.
    await page.waitForLoadState('networkidle');
    const { x, y, width, height } = (await of.boundingBox())!;
    const clip = {
      x: Math.max(0, x - MARGIN),
      y: Math.max(0, y - MARGIN),
      width: Math.min(WIDTH, width + 2 * MARGIN),
      height: height + 2 * MARGIN,
    };
    const path = resolve(folder, `${name}.png`);
    await page.screenshot({ path, clip, animations: 'disabled' });
    console.log(`grafana-plugin/src/img/${name}.png`);
  };
  const panel = (title: string) => page.getByTestId(`data-testid Panel header ${title}`);

  await page.goto(`${address}/d/shop-overview?refresh=`);
  await panel('Top products').getByRole('row').nth(1).waitFor();
  await page.screenshot({ path: resolve(folder, 'shop-overview.png') });

  await page.setViewportSize({ width: WIDTH, height: 2 * HEIGHT });
  await page.goto(`${address}/editor`);
  const query = page.getByRole('group', { name: 'Query' });
  await page.getByRole('combobox', { name: 'Shop' }).click();
  await page.getByRole('option', { name: /^Demo Shop/ }).click();
  await page.getByRole('combobox', { name: 'Group by' }).click();
  await page.getByRole('option', { name: /^Country/ }).click();
  await panel('Net sales of Demo Shop by country').getByText('GB', { exact: true }).waitFor();
  await take('query-editor', query);

  await page.getByRole('radio', { name: 'Code' }).click();
  await page.getByRole('textbox', { name: 'Query as text' }).waitFor();
  await take('query-code', query);

  await page.getByRole('radio', { name: 'Builder' }).click();
  await page.getByRole('combobox', { name: 'Query type' }).click();
  await page.getByRole('option', { name: /^Funnel/ }).click();
  await page
    .getByRole('row', { name: /Added to cart/ })
    .first()
    .waitFor();
  await take('query-funnel', query);

  await page.getByRole('button', { name: 'Test' }).click();
  await page.getByText(/^Connected: /).waitFor();
  await take('settings', page.getByRole('group', { name: 'Settings' }));
} finally {
  await browser.close();
}
