import { Faker, generateMersenne32Randomizer, type LocaleDefinition } from '@faker-js/faker';
import { defaultScale, hashBucket, type StoreEvent } from '@storepulse/contracts';
import { TOP_TENTH_OF_PRODUCTS } from '../behaviour/calibration.ts';
import type { Ids } from '../random/ids.ts';
import { createRandom } from '../random/random.ts';
import { type WeightedDraw, weightedDraw } from '../random/weighted.ts';
import { zipfExponent } from '../random/zipf.ts';
import { createPersonMaker, makePeople, type Person } from './customers.ts';
import { MARKETS, type Market, type MarketName } from './markets.ts';
import { type CatalogProduct, makeProducts } from './products.ts';

/** A shop to be simulated. */
export interface ShopSpec {
  readonly shop: string;
  readonly market: MarketName;
}

/** A shop with its products and customers. These depend on its id alone, so that it is the same shop in every run. */
export interface ShopWorld {
  readonly shop: string;
  readonly market: Market;
  /** Decimals of its amounts. */
  readonly scale: number;
  readonly products: readonly CatalogProduct[];
  readonly people: Person[];
  readonly drawProduct: WeightedDraw<CatalogProduct>;
  readonly drawCountry: WeightedDraw<string>;
  /** Makes up a new customer. */
  readonly makePerson: (customerId: string, createdAt: number) => Person;
}

const PRODUCTS = 400;
const PEOPLE = 2_000;

/** Sets a shop up as it stands at `origin` (epoch ms). */
export function createShopWorld({ shop, market: marketName }: ShopSpec, origin: number): ShopWorld {
  const market: Market = MARKETS[marketName];
  const random = createRandom(`world|${shop}`);
  const faker = new Faker({
    locale: [...market.locales] as LocaleDefinition[],
    randomizer: generateMersenne32Randomizer(hashBucket(shop, 2 ** 31)),
    // Anything relative to the present would make two runs differ.
  });
  faker.setDefaultRefDate(origin);
  const scale = defaultScale(market.currency);
  const products = makeProducts(PRODUCTS, { faker, random, market, scale });
  const exponent = zipfExponent(PRODUCTS, TOP_TENTH_OF_PRODUCTS);
  const drawCountry = weightedDraw(
    Object.keys(market.countries),
    (country) => (market.countries as Record<string, number>)[country]!,
  );
  const makePerson = createPersonMaker({ faker, random, drawCountry });
  return {
    shop,
    market,
    scale,
    products,
    people: makePeople(PEOPLE, origin, random, makePerson),
    drawProduct: weightedDraw(products, (_, index) => (index + 1) ** -exponent),
    drawCountry,
    makePerson,
  };
}

/** The record of the shop itself, which must be stored before its first event. */
export function shopEvent({ shop, market, scale }: ShopWorld, time: number, ids: Ids): StoreEvent {
  const { title: name, currency, timeZone, weekStart, dailyTarget } = market;
  return {
    type: 'shop_upserted',
    eventId: ids.eventId(time),
    eventTime: time,
    shop,
    name,
    currency,
    scale,
    timeZone,
    weekStart,
    retention: 'standard',
    dailyTarget: dailyTarget * 10 ** scale,
  };
}

/** A product's full state. */
export function productEvent(shop: string, product: CatalogProduct, time: number, ids: Ids): StoreEvent {
  const { sku, name, category, price, stock, supplier, brand, rating } = product;
  const eventId = ids.eventId(time);
  return {
    type: 'product_upserted',
    eventId,
    eventTime: time,
    shop,
    sku,
    name,
    category,
    price,
    stock,
    supplier,
    brand,
    rating,
  };
}

/** A customer's full state. */
export function customerEvent(shop: string, person: Person, time: number, ids: Ids): StoreEvent {
  return { type: 'customer_upserted', eventId: ids.eventId(time), eventTime: time, shop, ...person };
}

/** Products and customers as they stand at the start. */
export function* openingEvents(world: ShopWorld, time: number, ids: Ids): Generator<StoreEvent> {
  for (const product of world.products) yield productEvent(world.shop, product, time, ids);
  for (const person of world.people) yield customerEvent(world.shop, person, time, ids);
}
