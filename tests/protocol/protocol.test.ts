import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zoneCalendar } from '@storepulse/contracts';
import { claimTask } from '@storepulse/processor/aggregate/claim';
import { commit } from '@storepulse/processor/aggregate/commit';
import { createEventIds } from '@storepulse/processor/aggregate/event-ids';
import { beat } from '@storepulse/processor/aggregate/heartbeats';
import type { OutputRecord } from '@storepulse/processor/kafka/port';
import { anOrder, aRefund, NOON, SHOP } from '@storepulse/processor/testing/events';
import type { ClientSession } from 'mongodb';
import { until } from '../support/until.ts';
import { content, fact } from './contents.ts';
import { useDatabases } from './databases.ts';
import { batchOf, openFacts, WANTED } from './facts-task.ts';

const aDatabase = useDatabases();

const always = () => true;
const ignore = () => undefined;

test('an owner that was overtaken can commit nothing any more', async () => {
  const database = await aDatabase();
  const first = await claimTask(database, 'facts/0', 'first');
  const second = await claimTask(database, 'facts/0', 'second');
  await assert.rejects(
    commit(database, { claim: first, seq: 1, content: content({ facts: fact('demo|o1') }) }, always, ignore),
    {
      code: 'FENCED',
    },
  );
  assert.equal(await database.db.collection('orders').countDocuments(), 0);
  await commit(
    database,
    { claim: second, seq: 1, content: content({ facts: fact('demo|o1') }) },
    always,
    ignore,
  );
  assert.equal((await database.checkpoints.findOne({ _id: 'facts/0' }))?.seq, 1);
});

test('a transaction that MongoDB ends time and again is too large, and nothing of it is written', async () => {
  const database = await aDatabase();
  const claim = await claimTask(database, 'facts/0', 'slow');
  // As the server does with one that has lived too long.
  const outlived = async ({ id }: ClientSession) => {
    await database.client.db('admin').command({ killSessions: [id] });
  };
  const retries: Error[] = [];
  const much = content({ facts: fact('demo|o1'), erasure: outlived });
  await assert.rejects(
    commit(database, { claim, seq: 1, content: much }, always, (error) => retries.push(error)),
    { code: 'COMMIT_TOO_LARGE' },
  );
  assert.equal(retries.length, 1, 'once may be by chance');
  assert.equal(await database.db.collection('orders').countDocuments(), 0);
  // The task is still ours: what is smaller goes through.
  await commit(database, { claim, seq: 1, content: content({ facts: fact('demo|o1') }) }, always, ignore);
});

test('an owner stopped in the middle of its transaction does not hold up the next claim', async () => {
  const database = await aDatabase();
  const stopped = await claimTask(database, 'facts/0', 'stopped');
  stopped.session.startTransaction();
  await database.checkpoints.updateOne(
    { _id: 'facts/0' },
    { $set: { seq: 1 } },
    { session: stopped.session },
  );
  const began = performance.now();
  const next = await claimTask(database, 'facts/0', 'next');
  assert.ok(performance.now() - began < 15_000);
  assert.equal(next.checkpoint.seq, 0);
  assert.equal(next.epoch, stopped.epoch + 1);
  await assert.rejects(stopped.session.commitTransaction());
});

test('committing the same number again is known to be ours and changes nothing', async () => {
  const database = await aDatabase();
  const claim = await claimTask(database, 'facts/0', 'owner');
  await commit(
    database,
    { claim: claim, seq: 1, content: content({ facts: fact('demo|o1') }) },
    always,
    ignore,
  );
  await commit(
    database,
    { claim: claim, seq: 1, content: content({ facts: fact('demo|o2') }) },
    always,
    ignore,
  );
  assert.deepEqual(
    (await database.db.collection('orders').find().toArray()).map(({ _id }) => String(_id)),
    ['demo|o1'],
  );
});

test('a business key that another task has stored undoes the whole commit', async () => {
  const database = await aDatabase();
  const one = await claimTask(database, 'facts/0', 'owner');
  const other = await claimTask(database, 'facts/1', 'owner');
  await commit(
    database,
    { claim: one, seq: 1, content: content({ facts: fact('demo|o1') }) },
    always,
    ignore,
  );
  await assert.rejects(
    commit(database, { claim: other, seq: 1, content: content({ facts: fact('demo|o1') }) }, always, ignore),
    {
      code: 'CONFLICT',
    },
  );
  assert.equal((await database.checkpoints.findOne({ _id: 'facts/1' }))?.seq, 0);
});

test('event ids are recognised after a restart, and go when the horizon of time and arrival has passed them', async () => {
  const { eventIds } = await aDatabase();
  let clock = NOON;
  const now = () => clock;
  const before = createEventIds('facts/0', eventIds, { now });
  assert.ok(before.add('product-views', 'demo', 'event-1', NOON, NOON));
  await eventIds.insertOne(before.take(1)!);
  // Nobody read for an hour: the time since its arrival stands still.
  clock += 3_600_000;
  const restarted = createEventIds('facts/0', eventIds, { now });
  await restarted.load();
  assert.equal(restarted.add('product-views', 'demo', 'event-1', NOON, NOON), false);
  const later = NOON + 11 * 60_000;
  assert.ok(restarted.add('product-views', 'demo', 'event-2', later, later));
  await restarted.prune();
  assert.equal(await eventIds.countDocuments(), 1, 'it has arrived just now');
  assert.equal(restarted.add('product-views', 'demo', 'event-1', NOON, NOON), false);
  clock += 11 * 60_000;
  restarted.arrive();
  await restarted.prune();
  assert.equal(await eventIds.countDocuments(), 0);
  assert.ok(restarted.add('product-views', 'demo', 'event-1', NOON, NOON));
});

test('an event whose clock is ahead takes nothing off the time that others are remembered, also after a restart', async () => {
  const { eventIds } = await aDatabase();
  const minute = 60_000;
  const before = createEventIds('facts/0', eventIds);
  assert.ok(before.add('product-views', 'demo', 'event-1', NOON, NOON));
  assert.ok(before.add('product-views', 'demo', 'ahead', NOON + 5 * minute, NOON));
  await eventIds.insertOne(before.take(1)!);
  const restarted = createEventIds('facts/0', eventIds);
  await restarted.load();
  for (const ids of [before, restarted]) {
    assert.equal(
      ids.add('product-views', 'demo', 'ahead', NOON + 5 * minute, NOON + 5 * minute),
      false,
      'its copy',
    );
    assert.ok(ids.add('product-views', 'demo', 'event-2', NOON + 9 * minute, NOON + 9 * minute));
    assert.equal(ids.add('product-views', 'demo', 'event-1', NOON, NOON), false, 'after nine minutes');
  }
});

test('a window that was stored since it was read is not written over: the memory is dropped and the records are read again', async () => {
  const database = await aDatabase();
  const lost: Error[] = [];
  const task = await openFacts(database, (error) => lost.push(error));
  await task.process(batchOf([anOrder({ orderId: 'one' })]), WANTED);
  await until(
    'it is committed',
    () => database.checkpoints.findOne({ _id: 'facts/0' }),
    (checkpoint) => checkpoint?.seq === 1,
  );
  const lifetime = { window: { $regex: '\\|sales\\|narrow\\|all\\|' } };
  // As a state that was read of a lagging member would be: older than the stored one.
  await database.partials.updateOne(lifetime, { $inc: { seq: 1, 'cells.total.all.orders': 1 } });
  await task.process(batchOf([anOrder({ orderId: 'two' })], 1), WANTED);
  await assert.rejects(task.drain(), { code: 'CONFLICT' });
  await task.close();
  assert.equal(lost.length, 1);
  assert.equal(await database.db.collection('orders').countDocuments(), 1);

  const again = await openFacts(database, assert.fail);
  await again.process(batchOf([anOrder({ orderId: 'two' })], 1), WANTED);
  await again.drain();
  await again.close();
  assert.equal((await database.partials.findOne(lifetime))?.cells.total?.all?.orders, 3);
});

test('changes that were committed and not announced are announced by the next owner, those announced are not', async () => {
  const database = await aDatabase();
  const announced: string[][] = [];
  let broken = true;
  const sender = {
    send: async (topic: string, records: readonly OutputRecord[]) => {
      if (topic !== 'metric-changes') return;
      if (broken) throw new Error('crashed before the notice');
      announced.push(records.map(({ key }) => String(key)).sort());
    },
  };
  const open = (onLost: (error: Error) => void) => openFacts(database, onLost, { sender });

  const batch = batchOf([anOrder()]);
  const first = await open(ignore);
  await first.process(batch, WANTED);
  await assert.rejects(first.drain(), /crashed before the notice/);
  await first.close();
  assert.equal(await database.db.collection('orders').countDocuments(), 1);

  broken = false;
  const second = await open(ignore);
  assert.equal(second.positions.get('transactions'), 1);
  const windows = (await database.partials.find().toArray()).map(({ window }) => window).sort();
  assert.deepEqual(announced, [windows]);
  await beat(database, [second]);
  await second.close();

  const third = await open(ignore);
  await third.close();
  assert.deepEqual(announced, [windows]);
});

test('a task that was just claimed takes and commits some records first; the rest, handed over again, counts once', async () => {
  const database = await aDatabase();
  const task = await openFacts(database, assert.fail);
  const orders = Array.from({ length: 120 }, (_, n) => anOrder({ visitorId: 'v1', orderId: `o${n}` }));
  let taken = 0;
  const control = {
    resolve: (offset: number) => {
      taken = offset + 1;
    },
    isCurrent: always,
  };
  await task.process(batchOf(orders), control);
  assert.ok(taken > 0 && taken < orders.length, `${taken} taken`);
  assert.equal(task.positions.get('transactions'), taken);
  const first = taken;
  await until(
    'they are committed',
    () => database.checkpoints.findOne({ _id: 'facts/0' }),
    (checkpoint) => checkpoint?.seq === 1,
  );
  assert.equal(await database.db.collection('orders').countDocuments(), first);
  await until(
    'a batch is taken whole',
    async () => {
      await task.process(batchOf(orders.slice(taken), taken), control);
      return taken;
    },
    (n) => n === orders.length,
  );
  await task.drain();
  assert.equal(await database.db.collection('orders').countDocuments(), orders.length);
  const checkpoint = await database.checkpoints.findOne({ _id: 'facts/0' });
  assert.deepEqual(checkpoint?.fates, { processed: orders.length });
  assert.deepEqual(checkpoint?.offsets, { transactions: orders.length });
  await task.close();
});

test('a return is worth what its order was sold for, also in parts that are counted after a restart', async () => {
  const database = await aDatabase();
  const line = { sku: 'A', category: 'Mugs', quantity: 3, unitPrice: 500 };
  const order = anOrder({
    ...{ orderId: 'o1', lines: [{ ...line, discount: 100 }], subtotal: 1_500, discount: 100 },
    ...{ shipping: 0, tax: 0, total: 1_400 },
  });
  const back = (refundId: string) =>
    aRefund({ refundId, orderId: 'o1', lines: [{ ...line, quantity: 1 }], amount: 500 });
  const another = aRefund({
    ...{ refundId: 'r2', orderId: 'o1', lines: [{ ...line, quantity: 1, unitPrice: 499 }], amount: 499 },
  });
  const events = [order, back('r1'), another, back('r3'), back('r4')];
  for (const [n, event] of events.entries()) {
    const task = await openFacts(database, assert.fail);
    await task.process(batchOf([event], n), WANTED);
    await task.drain();
    await task.close();
  }
  const lifetime = { window: { $regex: '\\|sales\\|narrow\\|all\\|' } };
  const { gross_sales, discounts, returns } = (await database.partials.findOne(lifetime))!.cells.total!.all!;
  assert.deepEqual(
    { gross_sales, discounts, returns },
    { gross_sales: 1_500, discounts: 100, returns: 1_899 },
  );
  const stored = await database.db.collection('refunds').find().sort({ _id: 1 }).toArray();
  assert.deepEqual(
    stored.map(({ discountsAsSold, discountAsSold }) => [discountsAsSold, discountAsSold]),
    [
      [[33], 33],
      [undefined, undefined],
      [[33], 33],
      [[34], 34],
    ],
  );
});

test('visits of a shop that nobody knows any more wait until it is told again, and hold up nothing', async () => {
  const database = await aDatabase();
  const shop = { shop: SHOP, calendar: zoneCalendar(SHOP.timeZone) };
  let isKnown = true;
  const task = await openFacts(database, assert.fail, {
    shops: { get: () => (isKnown ? shop : undefined), refresh: async () => undefined },
    settleTo: () => ({ demo: Number.POSITIVE_INFINITY }),
  });
  const settledVisits = () => database.sessions.countDocuments({ settled: true });
  await task.process(batchOf([anOrder()]), WANTED);
  await until(
    'the visit is stored',
    () => database.sessions.countDocuments(),
    (n) => n === 1,
  );
  isKnown = false;
  await task.settle();
  isKnown = true;
  assert.equal(await settledVisits(), 0);
  await task.settle();
  await until('it is settled', settledVisits, (n) => n === 1);
  await task.close();
});
