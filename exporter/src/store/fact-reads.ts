import type { FactCollection } from '@storepulse/contracts';
import type { ClientSession, Db, Document } from 'mongodb';
import type { EditFact, OrderFact, PaymentFact, ProductFact, RefundFact } from '../facts/rows.ts';
import type { MetricStore } from './store.ts';

/** Facts per message of the server. */
const BATCH = 10_000;
const CIRCUMSTANCES = { country: 1, device: 1, channel: 1 };

/**
 * Reads facts in the order of the indexes that `processor/src/store/database.ts` declares, which hold all that is
 * read: no document is fetched, and nothing is sorted.
 */
export function createFactReads(
  db: Db,
  limits: { maxTimeMS: number; session: ClientSession },
): Pick<MetricStore, 'orders' | 'edits' | 'refunds' | 'payments' | 'products'> {
  const options = { ...limits, batchSize: BATCH };
  const facts = <T extends Document>(name: FactCollection | 'products', filter: object, projection: object) =>
    db.collection(name).find<T>(filter, { ...options, projection: { _id: 0, ...projection } });
  /** Null sorts before all texts: greater than it are those that are known. */
  const identified = (shop: string) => ({ shop, customerId: { $gt: '' } });

  return {
    orders: (shop) =>
      facts<OrderFact>('orders', identified(shop), {
        customerId: 1,
        eventTime: 1,
        subtotal: 1,
        discount: 1,
        ...CIRCUMSTANCES,
        paymentMethod: 1,
      }).sort({ customerId: 1, eventTime: 1 }),
    edits: (shop) =>
      facts<EditFact>('order-edits', identified(shop), {
        customerId: 1,
        eventTime: 1,
        total: 1,
        shipping: 1,
        tax: 1,
      }).sort({ customerId: 1, eventTime: 1 }),
    refunds: (shop) =>
      facts<RefundFact>('refunds', identified(shop), {
        customerId: 1,
        eventTime: 1,
        amount: 1,
        shipping: 1,
        tax: 1,
      }).sort({ customerId: 1, eventTime: 1 }),
    payments: (shop) =>
      facts<PaymentFact>(
        'payments',
        { shop },
        { orderId: 1, eventTime: 1, type: 1, ...CIRCUMSTANCES, method: 1 },
      ).sort({ orderId: 1, eventTime: 1 }),
    products: (shop) => facts<ProductFact>('products', { shop }, { stock: 1, category: 1 }),
  };
}
