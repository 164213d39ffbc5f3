import type { FactCollection } from '@storepulse/contracts';
import type { ClientSession, Db, Document } from 'mongodb';
import type {
  CancelledOrder,
  EditFact,
  GoodsEdit,
  GoodsOrder,
  GoodsRefund,
  OrderFact,
  PaymentFact,
  ProductFact,
  RefundFact,
} from '../facts/rows.ts';
import type { KeptSource } from '../facts/snapshots.ts';
import type { ReadOptions } from './read-options.ts';
import type { FactReads } from './store.ts';

/** Facts per message of the server: few enough that taking one apart does not stop everything else. */
const BATCH = 1_000;
const CIRCUMSTANCES = { country: 1, device: 1, channel: 1 };
const SOLD = { eventTime: 1, subtotal: 1, discount: 1, ...CIRCUMSTANCES };
/** The order of the indexes that hold orders, their edits and refunds by customer. */
const IN_ORDER = { customerId: 1, eventTime: 1 } as const;
const CHANGED = { eventTime: 1, shipping: 1, tax: 1, discountAsSold: 1, ...CIRCUMSTANCES };

/**
 * Reads facts in the order of the indexes that `processor/src/store/database.ts` declares, which hold all that is
 * read: no document is fetched, and nothing is sorted.
 */
export function createFactReads(
  db: Db,
  limitsOf: (options?: ReadOptions) => { maxTimeMS: number; session: ClientSession; signal?: AbortSignal },
): FactReads {
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

  /** Cancellations with the orders that they are of, whose ids they share. */
  const cancelledOrders = async function* (
    shop: string,
    options?: ReadOptions,
  ): AsyncGenerator<CancelledOrder> {
    const found = db.collection('cancellations').aggregate<{ _id: string; orders: GoodsOrder[] }>(
      [
        { $match: { shop } },
        { $project: { _id: 1 } },
        {
          $lookup: {
            from: 'orders',
            localField: '_id',
            foreignField: '_id',
            as: 'orders',
            pipeline: [{ $project: { _id: 0, ...SOLD } }],
          },
        },
      ],
      { ...limitsOf(options), batchSize: BATCH },
    );
    for await (const { _id, orders } of found) {
      const orderId = _id.slice(shop.length + 1);
      yield orders[0] ? { orderId, order: orders[0] } : { orderId };
    }
  };

  return {
    cancelledOrders,
    goodsOfOrders: (shop, options) => facts<GoodsOrder>('orders', { shop }, options, SOLD).sort(IN_ORDER),
    goodsOfEdits: (shop, options) =>
      facts<GoodsEdit>('order-edits', { shop }, options, { orderId: 1, total: 1, ...CHANGED }),
    goodsOfRefunds: (shop, options) =>
      facts<GoodsRefund>('refunds', { shop }, options, { orderId: 1, amount: 1, ...CHANGED }),
    orders: (shop, options) =>
      facts<OrderFact>('orders', identified(shop), options, {
        customerId: 1,
        eventTime: 1,
        subtotal: 1,
        discount: 1,
        ...CIRCUMSTANCES,
        paymentMethod: 1,
      }).sort(IN_ORDER),
    edits: (shop, options) =>
      facts<EditFact>('order-edits', identified(shop), options, {
        customerId: 1,
        eventTime: 1,
        total: 1,
        shipping: 1,
        tax: 1,
        discountAsSold: 1,
      }).sort(IN_ORDER),
    refunds: (shop, options) =>
      facts<RefundFact>('refunds', identified(shop), options, {
        customerId: 1,
        eventTime: 1,
        amount: 1,
        shipping: 1,
        tax: 1,
        discountAsSold: 1,
      }).sort(IN_ORDER),
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
        db.collection(name).countDocuments(source === 'customers' ? identified(shop) : { shop }, {
          ...limitsOf(options),
          limit: most,
        }),
      );
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
    },
  };
}

/** The collections that facts of each kind are read from. */
const READ_FOR: Readonly<Record<KeptSource, readonly (FactCollection | 'products')[]>> = {
  customers: ['orders', 'order-edits', 'refunds'],
  kept_goods: ['cancellations', 'orders', 'order-edits', 'refunds'],
  paid_orders: ['payments'],
  products: ['products'],
};
