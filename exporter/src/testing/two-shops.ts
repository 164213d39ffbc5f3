import { catalog, type Shop } from '@storepulse/contracts';
import type { MetricStore } from '../store/store.ts';
import { documentsOf } from './documents.ts';
import { createMemoryStore } from './memory-store.ts';
import { makeOrder, makeProduct, makeReview } from './records.ts';
import { makeShop } from './shops.ts';

/** The shop that a caller may see. */
export const OWN = 'uk-retail';
/** The shop that it may not see. */
export const OTHER = 'secret-shop';
/** What nobody may learn who is bound to the shop `OWN`. */
export const SECRETS = /secret-shop|Secret Ltd|Atlantis|987\.?654/;
/** When all of it happened, epoch ms. */
export const TIME = Date.UTC(2026, 0, 1, 10);

/** A store of two shops with something of everything, for tests of who learns what. */
export function storeOfTwoShops(): MetricStore {
  const shops: [Shop, Shop] = [makeShop({ shop: OWN }), makeShop({ shop: OTHER, name: 'Secret Ltd' })];
  const documents = [
    ...documentsOf(catalog, shops[0], [
      { time: TIME, adds: { gross_sales: 1_000, orders: 1 }, dimensions: { country: 'France' } },
    ]),
    ...documentsOf(catalog, shops[1], [
      { time: TIME, adds: { gross_sales: 987_654, orders: 7 }, dimensions: { country: 'Atlantis' } },
    ]),
  ];
  const progress = [
    {
      offsets: { transactions: 1 },
      watermarks: { [OWN]: TIME, [OTHER]: TIME },
      latest: { [OTHER]: 987_654 },
    },
  ];
  const annotations = [OWN, OTHER].map((shop) => ({
    ...{ _id: `${shop}|release`, shop, start: TIME, end: TIME, text: '', tags: [] },
    title: shop === OTHER ? 'Atlantis opens' : 'release',
  }));
  const named: Record<string, string> = { [OWN]: 'France', [OTHER]: 'Atlantis' };
  const of = (shop: string, id: string) => ({
    ...{ shop, _id: `${shop}|${id}`, country: named[shop], category: named[shop] },
  });
  const records = {
    orders: [OWN, OTHER].map((shop) => makeOrder('o1', of(shop, 'o1'))),
    products: [OWN, OTHER].map((shop) => makeProduct('p1', of(shop, 'p1'))),
    reviews: [OWN, OTHER].map((shop) => makeReview('review-1', of(shop, 'review-1'))),
    customers: [OWN, OTHER].map((shop) => ({
      ...{
        ...of(shop, 'ann'),
        customerId: 'ann',
        name: 'Ann',
        createdAt: TIME,
        eventTime: TIME,
        lastLoginAt: null,
      },
    })),
  };
  return createMemoryStore({ shops, documents, progress, annotations, records });
}
