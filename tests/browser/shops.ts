import { catalog } from '@storepulse/contracts';
import { documentsOf } from '@storepulse/exporter/testing/documents';
import { createMemoryStore } from '@storepulse/exporter/testing/memory-store';
import { makeShop } from '@storepulse/exporter/testing/shops';

const ukRetail = makeShop();
const demo = makeShop({
  shop: 'demo',
  name: 'Demo shop',
  currency: 'EUR',
  scale: 2,
  timeZone: 'Europe/Berlin',
});

/** When the one order of the British shop was placed. */
export const UK_ORDER_TIME = Date.UTC(2010, 11, 1, 8, 26);

/**
 * What the exporter reads in these tests: a British shop with pounds of three decimals and its sales in 2010, and a
 * German one with an order a minute ago.
 */
export function twoShops() {
  const country = (name: string) => ({ country: name, sku: '85123A' });
  return createMemoryStore({
    shops: [demo, ukRetail],
    documents: [
      ...documentsOf(catalog, ukRetail, [
        {
          time: UK_ORDER_TIME,
          adds: { gross_sales: 10_666_684_544, orders: 1 },
          dimensions: country('United Kingdom'),
        },
        { time: UK_ORDER_TIME, adds: { returns: 896_812_490 }, dimensions: country('United Kingdom') },
        { time: UK_ORDER_TIME, adds: { adjustments: -22_124_120 }, dimensions: {} },
      ]),
      ...documentsOf(catalog, demo, [
        {
          time: Date.now() - 60_000,
          adds: { gross_sales: 1_250, orders: 1 },
          dimensions: country('Germany'),
        },
      ]),
    ],
  });
}
