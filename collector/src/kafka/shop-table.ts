import { changedTerm, eventRegistry, type Shop } from '@storepulse/contracts';
import { Compile } from 'typebox/compile';

/** The shops that are known. */
export interface ShopTable {
  get(shop: string): Shop | undefined;
  /** Takes a shop; its currency, scale and time zone stay as they were told first, as they do for the processor. */
  add(shop: Shop): void;
  /** Takes the value of a record of the topic `shops`; one that is no shop has no effect. */
  accept(value: Buffer | null): void;
}

const validator = Compile(eventRegistry.get('shop_upserted')!.schema);

/** An empty table. */
export function createShopTable(): ShopTable {
  const shops = new Map<string, Shop>();
  const add = (shop: Shop) => {
    const known = shops.get(shop.shop);
    if (known === undefined || changedTerm(known, shop) === undefined) shops.set(shop.shop, shop);
  };
  return {
    get: (shop) => shops.get(shop),
    add,
    accept: (value) => {
      if (value === null) return;
      let shop: unknown;
      try {
        shop = JSON.parse(value.toString());
      } catch {
        return;
      }
      if (validator.Check(shop)) add(shop as Shop);
    },
  };
}
