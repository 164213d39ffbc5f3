import { catalog } from '@storepulse/contracts';
import { documentsOf } from '@storepulse/exporter/testing/documents';
import { createMemoryStore } from '@storepulse/exporter/testing/memory-store';
import { makeShop } from '@storepulse/exporter/testing/shops';

const HOUR = 3_600_000;
const HOURS = 30 * 24;
const COUNTRIES = ['Germany', 'France', 'Ireland', 'Spain', 'Italy', 'Austria'];
const DEVICES = ['mobile', 'desktop', 'tablet'];
const CHANNELS = ['organic', 'email', 'social', 'direct'];

/** A shop with a visit, a view and an order of each country in each hour of the last thirty days. */
export function thirtyDays() {
  const shop = makeShop({ shop: 'demo', name: 'Demo shop', currency: 'EUR', scale: 2, timeZone: 'UTC' });
  const now = Date.now();
  const happenings = Array.from({ length: HOURS }, (_, hour) =>
    COUNTRIES.map((country, n) => ({
      time: now - hour * HOUR - n * 60_000,
      adds: {
        gross_sales: 1_000 + 10 * n + hour,
        orders: 1,
        product_views: 2,
        sessions: 3,
        settled_sessions: 3,
      },
      dimensions: {
        ...{ country, device: DEVICES[(n + hour) % DEVICES.length]! },
        channel: CHANNELS[(n + hour) % CHANNELS.length]!,
      },
    })),
  ).flat();
  return createMemoryStore({
    shops: [shop],
    documents: documentsOf(catalog, shop, happenings, ['1h', '1d', 'all']),
  });
}
