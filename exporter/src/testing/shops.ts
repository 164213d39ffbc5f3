import type { Shop } from '@storepulse/contracts';

/** A shop for tests. @default pounds with three decimals, London, Monday, for ever */
export function makeShop(fields: Partial<Shop> = {}): Shop {
  return {
    eventId: 'shop-1',
    type: 'shop_upserted',
    eventTime: 0,
    shop: 'uk-retail',
    name: 'UK Retail',
    currency: 'GBP',
    scale: 3,
    timeZone: 'Europe/London',
    weekStart: 'monday',
    retention: 'forever',
    ...fields,
  };
}
