import type { EventOf, StoreEvent } from '@storepulse/contracts';
import { derivedEventId } from '@storepulse/contracts/sales/event-id';
import type { Target } from '@storepulse/contracts/sales/invoice';
import { asHistory, type Telling } from '@storepulse/contracts/sales/telling';
import { SCALE, TIME_ZONE } from './data-set.ts';
import type { Survey } from './survey.ts';

/** The shop that a file is replayed into: it keeps every window, since its history is long past. */
export function shopEvent(
  { shop, currency }: Target,
  firstTime: number,
  telling: Telling,
): EventOf<'shop_upserted'> {
  const eventTime = telling.time(firstTime);
  return {
    type: 'shop_upserted',
    eventId: derivedEventId(eventTime, shop, 'shop_upserted'),
    eventTime,
    shop,
    name: 'UK Online Retail',
    currency,
    scale: SCALE,
    timeZone: TIME_ZONE,
    weekStart: 'monday',
    retention: 'forever',
  };
}

/** The state of every customer and product of the file; what the file does not tell is null. */
export function* stateEvents({ shop }: Target, survey: Survey, telling: Telling): Generator<StoreEvent> {
  for (const [customerId, { firstTime, lastTime, country }] of survey.customers) {
    const eventTime = stateTime(lastTime, survey, telling);
    yield {
      type: 'customer_upserted',
      eventId: derivedEventId(eventTime, shop, 'customer_upserted', customerId),
      eventTime,
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
    const eventTime = stateTime(time, survey, telling);
    yield {
      type: 'product_upserted',
      eventId: derivedEventId(eventTime, shop, 'product_upserted', sku),
      eventTime,
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

/** States are told first of all: when they are of the present, none may lie ahead of it. */
function stateTime(time: number, { firstTime }: Survey, telling: Telling): number {
  return telling === asHistory ? time : telling.time(firstTime ?? time);
}
