import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EventOf, type StoreEvent, type TopicName, toRecord } from '@storepulse/contracts';
import { openTask } from '@storepulse/processor/aggregate/open-task';
import type { Task } from '@storepulse/processor/aggregate/task';
import { createErasure, noErasure } from '@storepulse/processor/erasure/erasure';
import { erasedId } from '@storepulse/processor/erasure/people';
import { anOrder, NOON } from '@storepulse/processor/testing/events';
import { BSON } from 'mongodb';
import { until } from '../support/until.ts';
import { useDatabases } from './databases.ts';
import { taskDependencies, WANTED } from './facts-task.ts';

const aDatabase = useDatabases();

const CUSTOMER = 'demo|jane-17';
const person = { visitorId: 'janes-phone', sessionId: 'janes-visit', customerId: 'jane-17' };
const janesOrder = (fields: Partial<EventOf<'order_placed'>> = {}) => anOrder({ ...person, ...fields });
const jane: EventOf<'customer_upserted'> = {
  type: 'customer_upserted',
  eventId: 'customer-event-1',
  eventTime: NOON,
  shop: 'demo',
  customerId: 'jane-17',
  name: 'Jane Roe',
  email: 'jane@roe.example',
  country: 'France',
  createdAt: NOON,
  lastLoginAt: null,
};

/** A log of one partition with the tasks that read it, in a database of its own. */
async function aShop() {
  const database = await aDatabase();
  const logs = new Map<TopicName, number>();
  const open = (id: string, topics: readonly TopicName[], isRebuild = false) =>
    openTask(
      id,
      new Map(topics.map((topic) => [topic, { partition: 0, low: 0, high: 0 }])),
      assert.ifError,
      taskDependencies(database, {
        keysOnly: isRebuild,
        erasureOf: (task) => (isRebuild ? noErasure : createErasure(task, database, ['facts/0'])),
      }),
    );
  /** Hands records to a task, without waiting for its commit. */
  const tell = async (
    task: Task,
    topic: TopicName,
    ...records: { key: string; value: string | null; sentAt?: number }[]
  ) => {
    const from = logs.get(topic) ?? 0;
    logs.set(topic, from + records.length);
    const batch = records.map(({ key, value, sentAt = NOON }, i) => ({
      key: Buffer.from(key),
      value: value === null ? null : Buffer.from(value),
      headers: {},
      offset: from + i,
      timestamp: sentAt,
    }));
    await task.process(
      { topic, partition: 0, records: batch, next: from + batch.length, end: from + batch.length },
      WANTED,
    );
  };
  const committed = (id: string, topic: TopicName) =>
    until(
      `${id} has committed what it was told`,
      () => database.checkpoints.findOne({ _id: id }),
      (checkpoint) => checkpoint?.offsets[topic] === logs.get(topic),
    );
  const facts = await open('facts/0', ['transactions', 'user-interactions']);
  const customers = await open('customers/0', ['customers']);
  return {
    database,
    facts,
    /** A task that reads the customers again to count a metric anew. */
    rebuild: () => open('rebuild/customers/0', ['customers'], true),
    reopenFacts: () => open('facts/0', ['transactions', 'user-interactions']),
    /** Counts orders that are sent at their own time. */
    order: async (task: Task, ...orders: StoreEvent[]) => {
      await tell(
        task,
        'transactions',
        ...orders.map((event) => ({ ...toRecord(event, '/test'), sentAt: event.eventTime })),
      );
      await committed('facts/0', 'transactions');
    },
    review: async (task: Task, review: EventOf<'review_submitted'>) => {
      await tell(task, 'user-interactions', { ...toRecord(review, '/test'), sentAt: review.eventTime });
      await committed('facts/0', 'user-interactions');
    },
    tellOrder: (task: Task, order: StoreEvent) => tell(task, 'transactions', toRecord(order, '/test')),
    committed,
    tellRebuildOfJane: async (task: Task) => {
      logs.delete('customers');
      await tell(task, 'customers', { key: CUSTOMER, value: JSON.stringify(jane) });
      await committed('rebuild/customers/0', 'customers');
    },
    /** Tells of Jane (her state, or null: she is to be erased), as sent at an instant. */
    tellOfJane: async (state: StoreEvent | null, sentAt = NOON) => {
      const value = state === null ? null : JSON.stringify(state);
      await tell(customers, 'customers', { key: CUSTOMER, value, sentAt });
      await committed('customers/0', 'customers');
    },
    order1: (id: string) => database.facts('orders').findOne({ _id: `demo|${id}` }),
    /** Names of the collections in which a text is found. */
    findText: async (text: string) => {
      const names = (await database.db.listCollections().toArray()).map(({ name }) => name);
      const found = await Promise.all(
        names.map(async (name) =>
          BSON.EJSON.stringify(await database.db.collection(name).find().toArray()).includes(text)
            ? [name]
            : [],
        ),
      );
      return found.flat().sort();
    },
    close: () => Promise.all([facts.close(), customers.close()]),
  };
}

test('a tombstone clears the person, and neither the sale nor the figures', async () => {
  const shop = await aShop();
  await shop.tellOfJane(jane);
  await shop.order(
    shop.facts,
    janesOrder({ orderId: 'o1' }),
    anOrder({ orderId: 'o2', customerId: 'bob-4' }),
  );
  const figures = await shop.database.partials.find({}, { sort: { _id: 1 } }).toArray();

  await shop.tellOfJane(null);
  await shop.facts.erase();

  const { customerId, visitorId, sessionId, total, lines } = (await shop.order1('o1'))!;
  assert.deepEqual([customerId, visitorId, sessionId], [null, null, null]);
  assert.deepEqual([total, (lines as unknown[]).length], [3_250, 2]);
  assert.equal((await shop.order1('o2'))!.customerId, 'bob-4');
  for (const text of ['Jane Roe', 'jane@roe', 'jane-17', 'janes-phone'])
    assert.deepEqual(await shop.findText(text), [], text);
  assert.deepEqual(await shop.findText('janes-visit'), ['sessions']);
  assert.deepEqual(await shop.findText(erasedId(CUSTOMER)), ['erased-customers']);
  assert.deepEqual(await shop.database.partials.find({}, { sort: { _id: 1 } }).toArray(), figures);
  await shop.close();
});

test('a review is kept once; an erasure clears who wrote it and what they wrote, and the stars stay', async () => {
  const shop = await aShop();
  const review: EventOf<'review_submitted'> = {
    ...{ type: 'review_submitted', eventId: 'review-1', eventTime: NOON, shop: 'demo', ...person },
    ...{ device: null, channel: null, country: 'France', sku: 'A', category: 'Mugs' },
    ...{ rating: 2, text: 'Jane Roe says: it leaks' },
  };
  const stored = () => shop.database.facts('reviews').find().toArray();
  await shop.review(shop.facts, review);
  assert.deepEqual(await stored(), [{ ...review, _id: 'demo|review-1', task: 'facts/0' }]);

  await shop.tellOfJane(null);
  await shop.facts.erase();
  await shop.review(shop.facts, review);
  const blank = { visitorId: null, sessionId: null, customerId: null, text: null };
  assert.deepEqual(await stored(), [{ ...review, ...blank, _id: 'demo|review-1', task: 'facts/0' }]);
  const { fates } = (await shop.database.checkpoints.findOne({ _id: 'facts/0' }))!;
  assert.deepEqual(fates, { processed: 1, duplicate: 1 });
  assert.deepEqual(await shop.findText('Jane Roe'), []);
  await shop.close();
});

test('an order that is sent again after the erasure is still the same order', async () => {
  const shop = await aShop();
  const order = janesOrder({ orderId: 'o1' });
  await shop.order(shop.facts, order);
  await shop.tellOfJane(null);
  await shop.facts.erase();
  await shop.order(shop.facts, order);
  const { fates } = (await shop.database.checkpoints.findOne({ _id: 'facts/0' }))!;
  assert.deepEqual(fates, { processed: 1, duplicate: 1 });
  assert.deepEqual(await shop.findText('jane-17'), []);
  await shop.close();
});

test('an owner that dies before it has cleared its facts leaves that to the next one', async () => {
  const shop = await aShop();
  await shop.order(shop.facts, janesOrder({ orderId: 'o1' }));
  await shop.tellOfJane(null);
  await shop.facts.close();
  assert.deepEqual(await shop.findText('jane-17'), ['erasures', 'orders']);

  const next = await shop.reopenFacts();
  await next.erase();
  assert.deepEqual(await shop.findText('jane-17'), []);
  await next.close();
  await shop.close();
});

test('what was counted before the tombstone and is committed after it is cleared too', async () => {
  const shop = await aShop();
  await shop.tellOrder(shop.facts, janesOrder({ orderId: 'o1' }));
  await shop.tellOfJane(null);
  await shop.committed('facts/0', 'transactions');
  await shop.facts.erase();
  assert.deepEqual(await shop.findText('jane-17'), []);
  await shop.close();
});

test('events of an erased customer that still come are counted, without the person', async () => {
  const shop = await aShop();
  await shop.tellOfJane(jane);
  await shop.tellOfJane(null);
  await shop.facts.erase();
  await shop.order(shop.facts, janesOrder({ orderId: 'o1', eventTime: NOON + 1_000 }));
  assert.equal((await shop.order1('o1'))!.total, 3_250);
  assert.deepEqual(await shop.findText('jane-17'), []);
  await shop.close();
});

test('an id that is used anew after an erasure has a history that begins there', async () => {
  const shop = await aShop();
  await shop.tellOfJane(null);
  await shop.facts.erase();
  await shop.tellOfJane(jane, NOON + 5_000);
  await shop.order(
    shop.facts,
    janesOrder({ orderId: 'before', eventTime: NOON + 4_000 }),
    janesOrder({ orderId: 'since', eventTime: NOON + 6_000 }),
  );
  assert.equal((await shop.order1('before'))!.customerId, null);
  assert.equal((await shop.order1('since'))!.customerId, 'jane-17');

  await shop.tellOfJane(null, NOON + 7_000);
  await shop.facts.erase();
  assert.deepEqual(await shop.findText('jane-17'), []);
  await shop.close();
});

test('erased and told anew in one commit, the facts before are cleared', async () => {
  const shop = await aShop();
  await shop.order(shop.facts, janesOrder({ orderId: 'before' }));
  const [_id, at] = [erasedId(CUSTOMER), NOON + 5_000];
  const erasure = createErasure('customers/0', shop.database, ['facts/0']);
  const step = await erasure.step(new Map([[CUSTOMER, { erasedAt: NOON, toldAt: at }]]));
  const session = shop.database.client.startSession();
  await session.withTransaction(() => step!(session));
  await session.endSession();
  const erased = await shop.database.erasedCustomers.findOne({ _id });
  assert.deepEqual(erased, { _id, erasedAt: new Date(NOON), returnedAt: new Date(at) });

  await shop.order(shop.facts, janesOrder({ orderId: 'since', eventTime: at }));
  await shop.facts.erase();
  assert.equal((await shop.order1('before'))!.customerId, null);
  assert.equal((await shop.order1('since'))!.customerId, 'jane-17');
  await shop.close();
});

test('a metric that is rebuilt from the log brings nobody back', async () => {
  const shop = await aShop();
  await shop.tellOfJane(jane);
  await shop.tellOfJane(null);
  const rebuild = await shop.rebuild();
  await shop.tellRebuildOfJane(rebuild);
  assert.deepEqual(await shop.findText('Jane Roe'), []);
  await rebuild.close();
  await shop.close();
});
