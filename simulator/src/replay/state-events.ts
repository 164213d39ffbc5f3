import type { StoreEvent } from '@storepulse/contracts';
import { derivedEventId } from './event-id.ts';
import { CURRENCY } from './invoice.ts';
import { SCALE } from './row.ts';
import type { Survey } from './survey.ts';

/** Time zone that the data set's wall times are in. */
export const TIME_ZONE = 'Europe/London';

/** The shop that a file is replayed into: it keeps every window, since its history is long past. */
export function shopEvent(shop: string, firstTime: number): StoreEvent {
  return {
    type: 'shop_upserted',
    eventId: derivedEventId(firstTime, shop, 'shop_upserted'),
    eventTime: firstTime,
    shop,
    name: 'UK Online Retail',
    currency: CURRENCY,
    scale: SCALE,
    timeZone: TIME_ZONE,
    weekStart: 'monday',
    retention: 'forever',
  };
}

/** The state of every customer and product of the file; what the file does not tell is null. */
export function* stateEvents(shop: string, survey: Survey): Generator<StoreEvent> {
  for (const [customerId, { firstTime, lastTime, country }] of survey.customers) {
    yield {
      type: 'customer_upserted',
      eventId: derivedEventId(lastTime, shop, 'customer_upserted', customerId),
      eventTime: lastTime,
      shop,
      customerId,
      name: null,
      email: null,
      country,
      createdAt: firstTime,
      lastLoginAt: null,
    };
  }
  for (const [sku, { name, price, time }] of survey.products) {
    yield {
      type: 'product_upserted',
      eventId: derivedEventId(time, shop, 'product_upserted', sku),
      eventTime: time,
      shop,
      sku,
      name: name || sku,
      category: null,
      price,
      stock: null,
      supplier: null,
      rating: null,
    };
  }
}
