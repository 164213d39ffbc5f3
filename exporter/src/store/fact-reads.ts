import type { FactCollection, FactSource } from '@storepulse/contracts';
import type { ClientSession, Db, Document } from 'mongodb';
import type { EditFact, OrderFact, PaymentFact, ProductFact, RefundFact } from '../facts/rows.ts';
import type { ReadOptions } from './read-options.ts';
import type { MetricStore } from './store.ts';

/** Facts per message of the server: few enough that taking one apart does not stop everything else. */
const BATCH = 1_000;
const CIRCUMSTANCES = { country: 1, device: 1, channel: 1 };

/**
 * Reads facts in the order of the indexes that `processor/src/store/database.ts` declares, which hold all that is
 * read: no document is fetched, and nothing is sorted.
 */
export function createFactReads(
  db: Db,
  limitsOf: (options?: ReadOptions) => { maxTimeMS: number; session: ClientSession; signal?: AbortSignal },
): Pick<MetricStore, 'orders' | 'edits' | 'refunds' | 'payments' | 'products' | 'factCount'> {
  const facts = <T extends Document>(
    name: FactCollection | 'products',
    filter: object,
    options: ReadOptions | undefined,
    projection: object,
  ) =>
    db.collection(name).find<T>(filter, {
      ...limitsOf(options),
      batchSize: BATCH,
      projection: { _id: 0, ...projection },
    });
  /** Null sorts before all texts: greater than it are those that are known. */
  const identified = (shop: string) => ({ shop, customerId: { $gt: '' } });

  return {
    orders: (shop, options) =>
      facts<OrderFact>('orders', identified(shop), options, {
        customerId: 1,
        eventTime: 1,
        subtotal: 1,
        discount: 1,
        ...CIRCUMSTANCES,
        paymentMethod: 1,
      }).sort({ customerId: 1, eventTime: 1 }),
    edits: (shop, options) =>
      facts<EditFact>('order-edits', identified(shop), options, {
        customerId: 1,
        eventTime: 1,
        total: 1,
        shipping: 1,
        tax: 1,
        discountAsSold: 1,
      }).sort({ customerId: 1, eventTime: 1 }),
    refunds: (shop, options) =>
      facts<RefundFact>('refunds', identified(shop), options, {
        customerId: 1,
        eventTime: 1,
        amount: 1,
        shipping: 1,
        tax: 1,
        discountAsSold: 1,
      }).sort({ customerId: 1, eventTime: 1 }),
    payments: (shop, options) =>
      facts<PaymentFact>('payments', { shop }, options, {
        orderId: 1,
        eventTime: 1,
        type: 1,
        ...CIRCUMSTANCES,
        method: 1,
      }).sort({ orderId: 1, eventTime: 1 }),
    products: (shop, options) => facts<ProductFact>('products', { shop }, options, { stock: 1, category: 1 }),
    factCount: async (shop, source, most, options) => {
      const counts = READ_FOR[source].map((name) =>
        db.collection(name).countDocuments(NEEDS_CUSTOMER.has(name) ? identified(shop) : { shop }, {
          ...limitsOf(options),
          limit: most,
        }),
      );
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
    },
  };
}

/** The collections that facts of each kind are read from. */
const READ_FOR: Readonly<Record<FactSource, readonly (FactCollection | 'products')[]>> = {
  customers: ['orders', 'order-edits', 'refunds'],
  paid_orders: ['payments'],
  products: ['products'],
};
const NEEDS_CUSTOMER: ReadonlySet<string> = new Set(READ_FOR.customers);
