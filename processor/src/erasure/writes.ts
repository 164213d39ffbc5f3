import type { ErasedCustomerDocument } from '@storepulse/contracts';
import type { ClientSession } from 'mongodb';
import type { Database } from '../store/database.ts';
import { blank, PERSONAL_FIELDS } from './clear.ts';
import { erasedId, type PersonChange } from './people.ts';

/** Changes of customers by `shop|customerId`. */
export type PersonChanges = readonly (readonly [key: string, change: PersonChange])[];

/** Writes down who is erased, and since when an erased one's id is used anew. */
export async function writeErased(
  { erasedCustomers }: Database,
  changes: PersonChanges,
  session: ClientSession,
): Promise<void> {
  if (changes.length === 0) return;
  const operations = changes.map(([key, { erasedAt, toldAt }]) => {
    const filter = { _id: erasedId(key) };
    const returnedAt = toldAt === undefined ? null : new Date(toldAt);
    return erasedAt === undefined
      ? { updateOne: { filter, update: { $set: { returnedAt } } } }
      : { replaceOne: { filter, replacement: { erasedAt: new Date(erasedAt), returnedAt }, upsert: true } };
  });
  await erasedCustomers.bulkWrite(operations, { session, ordered: false });
}

/** Orders every task that keeps facts to clear those of these customers. */
export async function giveOrders(
  { erasures }: Database,
  keys: readonly string[],
  tasks: readonly string[],
  session: ClientSession,
): Promise<void> {
  if (keys.length === 0) return;
  const operations = keys.flatMap((key) =>
    tasks.map((task) => ({
      replaceOne: { filter: { _id: `${task}|${erasedId(key)}` }, replacement: { task, key }, upsert: true },
    })),
  );
  await erasures.bulkWrite(operations, { session, ordered: false });
}

/** Clears the task's facts of the customers that it was ordered to, and removes the orders. */
export async function carryOut(
  { facts, erasures }: Database,
  task: string,
  orders: ReadonlyMap<string, string>,
  erased: ReadonlyMap<string, ErasedCustomerDocument>,
  session: ClientSession,
): Promise<void> {
  if (orders.size === 0) return;
  const people = [...orders.values()].map((key) => {
    const [shop = '', customerId = ''] = key.split('|');
    const returnedAt = erased.get(erasedId(key))?.returnedAt;
    return { task, shop, customerId, ...(returnedAt ? { eventTime: { $lt: returnedAt.getTime() } } : {}) };
  });
  for (const [collection, fields] of PERSONAL_FIELDS) {
    if (fields.length === 0) continue;
    const update = { $set: blank(collection) };
    const operations = people.map((filter) => ({ updateMany: { filter, update } }));
    await facts(collection).bulkWrite(operations, { session, ordered: false });
  }
  await erasures.deleteMany({ _id: { $in: [...orders.keys()] } }, { session });
}
