import type { ErasedCustomerDocument, FactCollection } from '@storepulse/contracts';
import type { ClientSession } from 'mongodb';
import type { FactDocument } from '../aggregate/facts.ts';
import { through } from '../store/causal-reads.ts';
import type { Database } from '../store/database.ts';
import { clearFact } from './clear.ts';
import { erasedId, type PersonChange } from './people.ts';
import { carryOut, giveOrders, writeErased } from './writes.ts';

/** What a commit writes besides, within its transaction; it may be called again when that is tried again. */
export type TransactionStep = (session: ClientSession) => Promise<void>;

/** Facts by collection, as a commit writes them. */
export type FactWrites = ReadonlyMap<FactCollection, readonly FactDocument[]>;

/**
 * One task's part in erasing customers. A tombstone is read by the task of its customer, while the customer's facts
 * belong to the tasks of their visitors: so the first writes down, in the commit that passes the tombstone, that the
 * customer is erased, and an order to each of the others; they clear their own facts in commits of their own. All of
 * it can be repeated, and nothing of it is lost with a process.
 */
export interface Erasure {
  /** Looks for orders to this task; true when some wait for the next commit. */
  look(): Promise<boolean>;
  /**
   * Facts without the persons of those who are erased. To be called after the commit before has ended: either it finds
   * the erasure then, or the order is still to be carried out, which clears these facts too.
   */
  clear(facts: FactWrites): Promise<FactWrites>;
  /** What a commit must write for these changes of customers, and for the orders found; undefined: nothing. */
  step(people: ReadonlyMap<string, PersonChange>): Promise<TransactionStep | undefined>;
}

/** For tasks that keep nothing of persons. */
export const noErasure: Erasure = {
  look: async () => false,
  clear: async (facts) => facts,
  step: async () => undefined,
};

/** Orders carried out in one commit at most. */
const MAX_ORDERS = 100;

/**
 * Builds the erasure of one task.
 * @param factTasks the tasks that keep facts, which are given orders
 * @param reads the claim's session for reading. @default none
 */
export function createErasure(
  task: string,
  database: Database,
  factTasks: readonly string[],
  reads?: ClientSession,
): Erasure {
  const { erasedCustomers, erasures } = database;
  const isOrdered = factTasks.includes(task);
  /** `_id` of the order → `shop|customerId`. */
  let orders: ReadonlyMap<string, string> = new Map();

  const findErased = async (keys: Iterable<string>): Promise<ReadonlyMap<string, ErasedCustomerDocument>> => {
    const ids = [...new Set(keys)].map(erasedId);
    const found =
      ids.length === 0 ? [] : await erasedCustomers.find({ _id: { $in: ids } }, through(reads)).toArray();
    return new Map(found.map((document) => [document._id, document]));
  };

  return {
    look: async () => {
      if (!isOrdered) return false;
      const found = await erasures.find({ task }, through(reads)).limit(MAX_ORDERS).toArray();
      orders = new Map(found.map(({ _id, key }) => [_id, key]));
      return orders.size > 0;
    },
    clear: async (facts) => {
      const erased = await findErased([...facts.values()].flat().flatMap(customerOf));
      if (erased.size === 0) return facts;
      return new Map(
        [...facts].map(([collection, documents]) => [
          collection,
          documents.map((fact) => (isOfErased(fact, erased) ? clearFact(collection, fact) : fact)),
        ]),
      );
    },
    step: async (people) => {
      const taken = orders;
      orders = new Map();
      const toldOnly = [...people].filter(([, { erasedAt }]) => erasedAt === undefined);
      const [known, ordered] = await Promise.all([
        findErased(toldOnly.map(([key]) => key)),
        findErased(taken.values()),
      ]);
      const isReturn = (key: string) => known.get(erasedId(key))?.returnedAt === null;
      const gone = [...people].filter(([, { erasedAt }]) => erasedAt !== undefined);
      const returned = toldOnly.filter(([key]) => isReturn(key));
      if (gone.length + returned.length + taken.size === 0) return undefined;
      const keys = gone.map(([key]) => key);
      return async (session) => {
        await writeErased(database, [...gone, ...returned], session);
        await giveOrders(database, keys, factTasks, session);
        await carryOut(database, task, taken, ordered, session);
      };
    },
  };
}

/** `shop|customerId` of a fact; none for a guest's. */
function customerOf({ shop, customerId }: FactDocument): string[] {
  return typeof customerId === 'string' ? [`${shop}|${customerId}`] : [];
}

function isOfErased(fact: FactDocument, erased: ReadonlyMap<string, ErasedCustomerDocument>): boolean {
  const [key] = customerOf(fact);
  const found = key === undefined ? undefined : erased.get(erasedId(key));
  if (!found) return false;
  return found.returnedAt === null || (fact.eventTime as number) < found.returnedAt.getTime();
}
