import { type TSchema, Type } from 'typebox';
import { COLLECTIONS } from '../storage.ts';
import type { RecordKind, RecordSort, RecordSpec } from './model.ts';

const LONGEST_TEXT = 200;
const MOST_VALUES = 20;
const text = Type.String({ minLength: 1, maxLength: LONGEST_TEXT });
const oneOf = <Value extends TSchema = typeof text>(field: string, value = text as TSchema as Value) => ({
  field,
  operator: 'in' as const,
  schema: Type.Array(value, {
    ...{ minItems: 1, maxItems: MOST_VALUES },
    description: 'may be repeated: one of these',
  }),
});
const amount = (field: string, operator: 'atLeast' | 'atMost', isMoney = true) => ({
  ...{ field, operator, isMoney },
  schema: Type.Number({
    description: `${operator === 'atLeast' ? 'so much or more' : 'so much or less'}${isMoney ? ', in whole currency units' : ''}`,
  }),
});
/** Both directions of some fields, that which people look at first before the other. */
const sortsBy = (first: 1 | -1, name: string, field = name): RecordSort[] =>
  [first, -first as 1 | -1].map((direction) => ({
    name: direction === 1 ? name : `-${name}`,
    ...{ field, direction },
  }));
const circumstances = {
  country: oneOf('country'),
  device: oneOf('device'),
  channel: oneOf('channel'),
};

const SPECS = {
  orders: {
    kind: 'orders',
    collection: 'orders',
    event: 'order_placed',
    id: 'orderId',
    time: 'eventTime',
    money: ['subtotal', 'discount', 'shipping', 'tax', 'total', 'lines.unitPrice', 'lines.discount'],
    times: ['eventTime'],
    sorts: [...sortsBy(-1, 'eventTime'), ...sortsBy(-1, 'total')],
    filters: {
      orderId: oneOf('_id'),
      customerId: oneOf('customerId'),
      ...circumstances,
      paymentMethod: oneOf('paymentMethod'),
      sku: oneOf('lines.sku'),
      minTotal: amount('total', 'atLeast'),
      maxTotal: amount('total', 'atMost'),
    },
    isPersonal: false,
  },
  customers: {
    kind: 'customers',
    collection: COLLECTIONS.customers,
    event: 'customer_upserted',
    id: 'customerId',
    time: 'createdAt',
    money: [],
    times: ['eventTime', 'createdAt', 'lastLoginAt'],
    sorts: [...sortsBy(-1, 'createdAt'), ...sortsBy(1, 'customerId', '_id')],
    filters: {
      customerId: oneOf('_id'),
      country: oneOf('country'),
      city: oneOf('city'),
    },
    isPersonal: true,
  },
  products: {
    kind: 'products',
    collection: COLLECTIONS.products,
    event: 'product_upserted',
    id: 'sku',
    money: ['price'],
    times: ['eventTime'],
    sorts: [...sortsBy(1, 'sku', '_id'), ...sortsBy(1, 'price'), ...sortsBy(1, 'stock')],
    filters: {
      sku: oneOf('_id'),
      category: oneOf('category'),
      supplier: oneOf('supplier'),
      minPrice: amount('price', 'atLeast'),
      maxPrice: amount('price', 'atMost'),
      minStock: amount('stock', 'atLeast', false),
      maxStock: amount('stock', 'atMost', false),
    },
    isPersonal: false,
  },
  reviews: {
    kind: 'reviews',
    collection: 'reviews',
    event: 'review_submitted',
    id: 'eventId',
    time: 'eventTime',
    money: [],
    times: ['eventTime'],
    sorts: sortsBy(-1, 'eventTime'),
    filters: {
      customerId: oneOf('customerId'),
      ...circumstances,
      sku: oneOf('sku'),
      category: oneOf('category'),
      rating: oneOf('rating', Type.Integer({ minimum: 1, maximum: 5 })),
    },
    isPersonal: false,
  },
} satisfies Readonly<Record<RecordKind, RecordSpec>>;

/** All kinds of records. */
export const RECORDS: Readonly<Record<RecordKind, RecordSpec>> = SPECS;
/** What the compiler knows of each kind of record: its event and its filters. */
export type RecordSpecs = typeof SPECS;
