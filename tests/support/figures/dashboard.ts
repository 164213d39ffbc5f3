import { catalog, parseMoney } from '@storepulse/contracts';
import { findBrowser } from '@storepulse/local';
import { chromium, type Locator } from 'playwright-core';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { type Figures, isMoney, type Metric, SCALE } from './figures.ts';

/** Metrics that have a panel in the dashboard's row "Lifetime". */
const LIFETIME_PANELS: readonly Metric[] = [
  'gross_sales',
  'returns',
  'net_sales',
  'orders',
  'adjustments',
  'net_after_adjustments',
  'customers',
];

/** The dashboard "Shop overview" in a browser, read as a person does: by its texts. */
export interface Dashboard {
  /** What the panels of the row "Lifetime" show of a shop. */
  lifetime(shop: string): Promise<Partial<Figures>>;
  /** What the bars of the panel "Net sales by country" add up to over a range of epoch ms, in minor units. */
  netSalesOfCountries(shop: string, range: { from: number; to: number }): Promise<number>;
}

/** All panels in sight, so that none waits to be scrolled to. */
const VIEWPORT = { width: 1280, height: 1600 };

/** Generous: a machine that is busy must not fail a test. */
const PATIENCE_MS = 120_000;

/** Starts the preview in front of an exporter, and a browser; both end with the pipeline. */
export async function openDashboard(pipeline: Pipeline, exporterUrl: string): Promise<Dashboard> {
  const preview = await pipeline.start('preview', { EXPORTER_URL: exporterUrl });
  const { executablePath, args, env } = await findBrowser();
  const browser = await chromium.launch({ executablePath, args, env: { ...process.env, ...env } });
  pipeline.onStop(() => browser.close());

  const open = async (shop: string, range = '') => {
    const page = await browser.newPage({ viewport: VIEWPORT });
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(`${preview.url}/d/shop-overview?var-shop=${shop}${range}`);
    return (title: string) => page.getByTestId(`data-testid Panel header ${title}`);
  };
  return {
    lifetime: async (shop) => {
      const panel = await open(shop);
      const read = async (metric: Metric) => {
        const { title } = catalog.metrics.get(metric)!;
        const [shown] = await numbersIn(panel(title));
        return [metric, isMoney(metric) ? parseMoney(shown!, SCALE) : Number(shown)] as const;
      };
      return Object.fromEntries(await Promise.all(LIFETIME_PANELS.map(read)));
    },
    netSalesOfCountries: async (shop, { from, to }) => {
      const panel = await open(shop, `&from=${from}&to=${to}`);
      const amounts = await numbersIn(panel('Net sales by country'));
      return amounts.reduce((sum, amount) => sum + parseMoney(amount, SCALE), 0);
    },
  };
}

/** The numbers that a panel shows, as plain decimals, once it shows any. */
async function numbersIn(panel: Locator): Promise<string[]> {
  await panel.getByText(/\d/).first().waitFor();
  const text = await panel.innerText();
  return [...text.matchAll(/-?\d[\d,]*(?:\.\d+)?/g)].map(([number]) => number.replaceAll(',', ''));
}
