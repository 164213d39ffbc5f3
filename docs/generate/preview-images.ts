import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { findBrowser } from '@storepulse/local';
import { chromium, type Page } from 'playwright-core';

/**
 * Takes pictures of the preview and of every editor, at three widths, into docs/images/preview/: of the stack that runs
 * (`npm start`), or of a shop in memory (`npx node bench/preview/run.ts --serve 3100`). Ends with an error when a page reports one.
 *
 * `node docs/generate/preview-images.ts [address of the preview] [name…]`
 */
const [address = 'http://127.0.0.1:3100', ...names] = process.argv.slice(2);
const folder = resolve(import.meta.dirname, '../images/preview');

/** Screens, and how many pixels of a picture are one of theirs, so that pictures stay small. */
const SCREENS = [
  { width: 1920, height: 1080, scale: 0.5 },
  { width: 1280, height: 900, scale: 0.6 },
  { width: 390, height: 844, scale: 0.8 },
];
const QUALITY = 72;

const metric = { shop: 'demo-shop', metric: 'net_sales' };
/** What each editor is shown with. */
const QUERIES: Readonly<Record<string, object>> = {
  metric: { ...metric, groupBy: 'country', limit: 5 },
  code: { ...metric, groupBy: 'country', limit: 5, editorMode: 'code' },
  distribution: { queryType: 'distribution', shop: 'demo-shop', metric: 'checkout_latency' },
  funnel: {
    ...{ queryType: 'funnel', shop: 'demo-shop', groupBy: 'device' },
    steps: ['visited', 'viewed', 'carted', 'checkout', 'ordered'],
  },
  cohort: { queryType: 'cohort', shop: 'demo-shop', months: 3 },
  events: { queryType: 'events', shop: 'demo-shop' },
  records: { queryType: 'records', records: 'orders', shop: 'demo-shop', sort: '-total' },
};

/** The address of Explore with a query over the last week. */
function explore(query: object): string {
  const queries = [{ refId: 'A', ...query }];
  const panes = JSON.stringify({ a: { queries, range: { from: 'now-7d', to: 'now' } } });
  return `/explore?${new URLSearchParams({ schemaVersion: '1', panes })}`;
}

const PAGES: Readonly<Record<string, string>> = {
  dashboard: '/d/shop-overview?refresh=',
  panel: '/d/sales?viewPanel=7&refresh=',
  inspect: '/d/sales?inspect=7&inspectTab=query&refresh=',
  'edit-panel': '/d/sales?editPanel=7&refresh=',
  kiosk: '/d/live?kiosk&refresh=',
  settings: '/editor',
  ...Object.fromEntries(Object.entries(QUERIES).map(([name, query]) => [`query-${name}`, explore(query)])),
};

const { executablePath, args, env } = await findBrowser();
const browser = await chromium.launch({ executablePath, args, env: { ...process.env, ...env } });
await mkdir(folder, { recursive: true });
try {
  for (const { width, height, scale } of SCREENS) {
    const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: scale });
    for (const [name, path] of Object.entries(PAGES)) {
      if (names.length > 0 && !names.includes(name)) continue;
      await take(await context.newPage(), path, `${name}-${width}`);
    }
    await context.close();
  }
} finally {
  await browser.close();
}

async function take(page: Page, path: string, name: string): Promise<void> {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(address + path);
  await page.locator('main').waitFor();
  // The page is still while nothing is asked.
  await page.waitForLoadState('networkidle');
  const loading = page.getByLabel('Panel loading bar');
  if ((await loading.count()) > 0) await loading.first().waitFor({ state: 'detached' });
  const file = `${name}.jpg`;
  await page.screenshot({
    path: resolve(folder, file),
    type: 'jpeg',
    quality: QUALITY,
    animations: 'disabled',
  });
  console.log(`docs/images/preview/${file}: ${errors.length} errors in the page`);
  for (const error of errors) console.error(error);
  if (errors.length > 0) process.exitCode = 1;
  await page.close();
}
