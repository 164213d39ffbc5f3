import type { RecordKind } from './model.ts';

/** What clients need to know of a kind of record; a test compares it with its specification. */
export interface RecordNames {
  /** The field that names a record within its shop. */
  readonly id: string;
  /** Fields that records can be filtered by: those of a list of values. */
  readonly filters: readonly string[];
  /** Orders of the list, the default first; with `-` the greatest first. */
  readonly sorts: readonly string[];
  /** Fields that are amounts. */
  readonly money: readonly string[];
  /** Fields that are instants. */
  readonly times: readonly string[];
  /** Whether the list is of a range. */
  readonly hasRange: boolean;
}

/** By kind, the names of fields, filters and orders. */
export const RECORD_NAMES: Readonly<Record<RecordKind, RecordNames>> = {
  orders: {
    id: 'orderId',
    filters: ['orderId', 'customerId', 'country', 'device', 'channel', 'paymentMethod', 'sku'],
    sorts: ['-eventTime', 'eventTime', '-total', 'total'],
    money: ['subtotal', 'discount', 'shipping', 'tax', 'total'],
    times: ['eventTime'],
    hasRange: true,
  },
  customers: {
    id: 'customerId',
    filters: ['customerId', 'country', 'city'],
    sorts: ['-createdAt', 'createdAt', 'customerId', '-customerId'],
    money: [],
    times: ['eventTime', 'createdAt', 'lastLoginAt'],
    hasRange: true,
  },
  products: {
    id: 'sku',
    filters: ['sku', 'category', 'supplier'],
    sorts: ['sku', '-sku', 'price', '-price', 'stock', '-stock'],
    money: ['price'],
    times: ['eventTime'],
    hasRange: false,
  },
  reviews: {
    id: 'eventId',
    filters: ['customerId', 'country', 'device', 'channel', 'sku', 'category', 'rating'],
    sorts: ['-eventTime', 'eventTime'],
    money: [],
    times: ['eventTime'],
    hasRange: true,
  },
};
