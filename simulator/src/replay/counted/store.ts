import { COLLECTIONS, type FactCollection, type MongoSettings, type ShopTerms } from '@storepulse/contracts';
import { mongoClient } from '@storepulse/contracts/mongo-client';
import type { FactEvent } from '@storepulse/contracts/sales/invoice';
import type { Db, Document } from 'mongodb';
import { SimulatorError } from '../../errors.ts';
import { type CountedInvoice, countedInvoices } from './counted-invoices.ts';
import { type FactKey, moneyOf, textOf } from './facts.ts';

/** What the processor has counted. */
export interface CountedStore {
  /** What is counted of invoices of a shop. Invoices of which nothing is are left out. */
  invoices(shop: string, invoices: readonly string[]): Promise<ReadonlyMap<string, CountedInvoice>>;
  /** What a shop is counted in; undefined: nothing of it is counted. */
  terms(shop: string): Promise<ShopTerms | undefined>;
  /** Whether anything that invoices make is counted of a shop. */
  has(shop: string): Promise<boolean>;
  /** What is counted under each of these keys, by the key's text (see `moneyOf`); absent: nothing is. */
  amounts(keys: readonly FactKey[]): Promise<ReadonlyMap<string, number>>;
  /** Next offsets to count of the topic `transactions`, by partition. */
  positions(): Promise<ReadonlyMap<number, number>>;
  close(): Promise<void>;
}

const COLLECTIONS_OF_INVOICES = [
  'orders',
  'order-edits',
  'refunds',
  'adjustments',
  'stock-movements',
] as const satisfies readonly FactCollection[];
const SERVER_SELECTION_MS = 5_000;
/** Keys that one query asks for. */
const MAX_KEYS = 5_000;

/**
 * Connects to the processor's database.
 * @throws {SimulatorError} `database-unreachable`
 */
export async function openCountedStore(settings: MongoSettings): Promise<CountedStore> {
  const client = mongoClient(settings, {
    appName: 'storepulse-replay',
    serverSelectionTimeoutMS: SERVER_SELECTION_MS,
  });
  try {
    await client.connect();
  } catch (error) {
    throw new SimulatorError(
      'database-unreachable',
      `MongoDB can't be read, which holds what is counted: ${(error as Error).message}. MONGODB_URI names its address; --unchecked replays without it.`,
      { cause: error },
    );
  }
  const db = client.db(settings.database);
  return { ...countedIn(db), close: () => client.close() };
}

/** What is counted in a processor's database. */
export function countedIn(db: Db): Omit<CountedStore, 'close'> {
  const facts = (name: FactCollection) => db.collection<{ _id: string } & Document>(name);
  const factsOf = async (name: FactCollection, filter: Document) =>
    (await facts(name).find(filter).toArray()) as unknown as FactEvent[];
  return {
    invoices: async (shop, invoices) => {
      const ids = invoices.map((invoice) => `${shop}|${invoice}`);
      /** Facts after the first of an invoice have its number, a colon and a number of their own. */
      const numbered = ids.map((id) => ({ _id: { $gte: `${id}:`, $lt: `${id};` } }));
      const whole = { _id: { $in: ids } };
      const [orders, edits, refunds, adjustments, movements] = await Promise.all([
        factsOf('orders', whole),
        factsOf('order-edits', { shop, orderId: { $in: [...invoices] } }),
        factsOf('refunds', { $or: [whole, ...numbered] }),
        factsOf('adjustments', { $or: numbered }),
        factsOf('stock-movements', { $or: numbered }),
      ]);
      return countedInvoices(invoices, [...orders, ...edits, ...refunds, ...adjustments, ...movements]);
    },
    terms: async (shop) => {
      const found = await db
        .collection<ShopTerms & { _id: string }>(COLLECTIONS.shopTerms)
        .findOne({ _id: shop });
      return found ?? undefined;
    },
    has: async (shop) => {
      const found = await Promise.all(
        COLLECTIONS_OF_INVOICES.map((name) => facts(name).findOne({ shop }, { projection: { _id: 1 } })),
      );
      return found.some((fact) => fact !== null);
    },
    amounts: async (keys) => {
      const amounts = new Map<string, number>();
      const projection = { type: 1, subtotal: 1, amount: 1, added: 1, removed: 1, quantity: 1 };
      for (const [collection, ofCollection] of Map.groupBy(keys, (key) => key.collection)) {
        for (let at = 0; at < ofCollection.length; at += MAX_KEYS) {
          const ids = ofCollection.slice(at, at + MAX_KEYS).map(({ id }) => id);
          for await (const fact of facts(collection).find({ _id: { $in: ids } }, { projection })) {
            amounts.set(textOf({ collection, id: fact._id }), moneyOf(fact as unknown as FactEvent));
          }
        }
      }
      return amounts;
    },
    positions: async () => {
      const tasks = await db
        .collection<{ _id: string; offsets: Record<string, number> }>('checkpoints')
        .find({ _id: /^facts\// }, { projection: { 'offsets.transactions': 1 } })
        .toArray();
      return new Map(tasks.map(({ _id, offsets }) => [Number(_id.split('/')[1]), offsets.transactions ?? 0]));
    },
  };
}
