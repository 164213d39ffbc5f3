import { type Static, Type } from 'typebox';
import { Amount, Currency, envelopeFields, eventSchema, Id, personal, Text } from './envelope.ts';

/** What a shop is; acknowledged on `shops` before its first event. Full state, key = shop. */
export const ShopUpserted = eventSchema('shop_upserted', {
  ...envelopeFields,
  name: Text(120),
  currency: Type.String({ ...Currency, description: 'ISO 4217 code; fixed once the shop is counted' }),
  scale: Type.Integer({
    minimum: 0,
    maximum: 6,
    description: 'decimals that amounts are stored with; fixed once the shop is counted',
  }),
  timeZone: Type.String({
    maxLength: 64,
    description: 'IANA zone of its days; fixed once the shop is counted',
  }),
  weekStart: Type.Union([Type.Literal('monday'), Type.Literal('sunday'), Type.Literal('saturday')], {
    description: 'first day of its weeks, which are made of days when asked for',
  }),
  retention: Type.Union([Type.Literal('standard'), Type.Literal('forever')], {
    description: 'standard: fine windows expire by age; forever: nothing does (for replays of history)',
  }),
  dailyTarget: Type.Optional(
    Amount({ minimum: 1, description: 'net sales that it aims at on each of its days; charts show them' }),
  ),
});
/** What a shop is. */
export type Shop = Static<typeof ShopUpserted>;

/**
 * The fields that a shop's stored figures depend on: amounts are sums in one currency and scale, days begin by one zone.
 * They are fixed once the shop is counted. Weeks are made of days when they are asked for, so `weekStart` is none of
 * them.
 */
export const SHOP_TERMS = ['currency', 'scale', 'timeZone'] as const satisfies readonly (keyof Shop)[];
/** What of a shop is fixed once it is counted. */
export type ShopTerms = Pick<Shop, (typeof SHOP_TERMS)[number]>;

/** The first term by which a record of a shop differs from how the shop is counted; undefined: none. */
export function changedTerm(counted: ShopTerms, told: ShopTerms): keyof ShopTerms | undefined {
  return SHOP_TERMS.find((term) => counted[term] !== told[term]);
}

/** A customer's full state; key = shop|customerId; a tombstone erases the person. */
export const CustomerUpserted = eventSchema('customer_upserted', {
  ...envelopeFields,
  customerId: personal(Id),
  name: personal(Type.Union([Text(120), Type.Null()])),
  email: personal(Type.Union([Text(200), Type.Null()])),
  country: Type.Union([Text(80), Type.Null()]),
  city: personal(Type.Optional(Text(120))),
  age: personal(Type.Optional(Type.Integer({ minimum: 0, maximum: 130 }))),
  gender: personal(Type.Optional(Text(40))),
  createdAt: Type.Integer({ description: 'epoch ms' }),
  lastLoginAt: Type.Union([Type.Integer(), Type.Null()]),
});

/** A product's full state, stock included; key = shop|sku. */
export const ProductUpserted = eventSchema('product_upserted', {
  ...envelopeFields,
  sku: Id,
  name: Text(200),
  category: Type.Union([Text(80), Type.Null()]),
  price: Amount({ minimum: 0, description: 'price of one piece' }),
  stock: Type.Union([Type.Integer(), Type.Null()], {
    description: 'pieces; null when the source knows none',
  }),
  supplier: Type.Union([Text(120), Type.Null()]),
  brand: Type.Optional(
    Type.Union([Text(80), Type.Null()], { description: 'what it is sold as; the lake tells sales by it' }),
  ),
  rating: Type.Union([Type.Number({ minimum: 0, maximum: 5 }), Type.Null()]),
});
/** A product's full state. */
export type Product = Static<typeof ProductUpserted>;

/** One line of a service's log; key = service:instance. */
export const SystemLog = eventSchema('system_log', {
  ...envelopeFields,
  service: Text(60),
  instance: Type.Optional(Text(60)),
  level: Type.Union([
    Type.Literal('debug'),
    Type.Literal('info'),
    Type.Literal('warn'),
    Type.Literal('error'),
  ]),
  code: Text(60),
  message: Text(1_000),
  latencyMs: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
});

/**
 * Something that people should see beside their charts: a release, an outage, a sale, a fault that is tried out. What takes
 * time is told twice, at its `start` and at its `end`, with one `annotationId`. Key = annotation:shop.
 */
export const AnnotationPosted = eventSchema('annotation_posted', {
  ...envelopeFields,
  annotationId: Id,
  title: Text(120),
  text: Text(500),
  tags: Type.Array(Text(40), { maxItems: 10 }),
  phase: Type.Union([Type.Literal('start'), Type.Literal('end'), Type.Literal('moment')]),
});
