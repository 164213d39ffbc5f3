import assert from 'node:assert/strict';
import { api, type StoreEvent } from '@storepulse/contracts';
import { anOrder, SHOP } from '@storepulse/contracts/testing/events';
import { createMongoStore } from '@storepulse/exporter/store/mongo-store';
import { appOver } from '@storepulse/exporter/testing/app';
import type { Pipeline } from '../support/pipeline/pipeline.ts';
import { until } from '../support/until.ts';

const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);

/**
 * Sends an order, a customer, a product, a review and an exchange rate through the collector, and finds them in the exporter's
 * lists, by its search, and in an answer that is converted.
 * @returns how many events were sent
 */
export async function findWhatWasSent(
  { settings }: Pipeline,
  send: (events: readonly StoreEvent[]) => Promise<{ readonly body: { readonly accepted: number } }>,
  eventTime: number,
): Promise<number> {
  const own = { eventTime, shop: SHOP.shop };
  const order = anOrder({ eventTime, orderId: 'kettle-order', visitorId: 'v1', customerId: 'kettle-buyer' });
  const { visitorId, sessionId, customerId, device, channel, country } = order;
  const visit = { visitorId, sessionId, customerId, device, channel, country };
  const events: StoreEvent[] = [
    order,
    {
      ...{ ...own, type: 'customer_upserted', eventId: 'kettle-buyer-1', customerId: 'kettle-buyer' },
      ...{ name: 'Kettle Lover', email: 'k@example.org', country: 'France', createdAt: eventTime },
      lastLoginAt: null,
    },
    {
      ...{ ...own, type: 'product_upserted', eventId: 'kettle-product-1', sku: 'kettle-1' },
      ...{ name: 'Kettle', category: null, price: 2_500, stock: 3, supplier: null, rating: null },
    },
    {
      ...{ ...own, ...visit, type: 'review_submitted', eventId: 'kettle-review-1', sku: 'kettle-1' },
      ...{ category: null, rating: 5, text: 'This kettle sings' },
    },
    {
      ...{ ...own, type: 'exchange_rate_posted', eventId: 'rate-of-today-1', source: 'ECB' },
      ...{ day: dayOf(eventTime), toCurrency: 'JPY', rate: '191.5' },
    },
  ];
  const store = createMongoStore({ uri: settings.MONGODB_URI!, database: settings.MONGODB_DATABASE! });
  const app = await appOver(store);
  try {
    const { body } = await send(events);
    assert.equal(body.accepted, events.length);
    const search = async () => {
      const answer = await app.inject(`/api/v1/search?shop=${SHOP.shop}&q=kettle`);
      return (answer.json().results ?? []).map(({ kind }: { kind: string }) => kind).sort();
    };
    const all = ['customers', 'orders', 'products', 'reviews'];
    await until('a search finds all four', search, (kinds) => kinds.join() === all.join());
    const list = async (address: string) =>
      (await app.inject(`/api/v1/${address}&shop=${SHOP.shop}`)).json().records;
    const [found] = await list('orders?customerId=kettle-buyer');
    assert.deepEqual([found.orderId, found.total], ['kettle-order', order.total / 100]);
    assert.deepEqual(
      (await list('products?maxPrice=25')).map(({ sku }: { sku: string }) => sku),
      ['kettle-1'],
    );
    assert.equal((await list('reviews?sku=kettle-1'))[0].text, 'This kettle sings');
    assert.equal((await list('customers?country=France'))[0].name, 'Kettle Lover');
    const told = { from: 'GBP', to: 'JPY', rate: '191.5', source: 'ECB' };
    const query = {
      refId: 'A',
      shop: SHOP.shop,
      metric: 'orders',
      currency: 'JPY',
      rateDay: dayOf(eventTime),
    };
    const {
      method,
      path,
      body: payload,
    } = api.query({
      range: { from: eventTime - 1_000, to: eventTime + 1_000 },
      queries: [query],
    });
    const converted = async () =>
      (await app.inject({ method, url: `/api/v1/${path}`, payload: payload as object })).json().results.A;
    const { meta } = await until('the rate converts', converted, ({ error }) => error === undefined);
    assert.deepEqual(meta.conversions, [{ ...told, shop: SHOP.shop, day: dayOf(eventTime) }]);
  } finally {
    await app.close();
    await store.close();
  }
  return events.length;
}
