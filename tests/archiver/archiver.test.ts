import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { type EventOf, type StoreEvent, toRecord } from '@storepulse/contracts';
import { anEvent, anOrder, SHOP } from '@storepulse/contracts/testing/events';
import { useServers } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { lakeOf } from './lake-of.ts';

/** Half past midnight in London, and the day before in UTC. */
const AFTER_MIDNIGHT = Date.UTC(2026, 5, 30, 23, 30);
const SETTINGS = {
  ARCHIVER_FLUSH_MS: '250',
  ARCHIVER_MERGE_MS: '1000',
  ARCHIVER_REPLACED_KEEP_MS: '0',
};

const customer = (id: string, eventTime: number): EventOf<'customer_upserted'> => ({
  ...{ type: 'customer_upserted', eventId: `told-${id}-${eventTime}`, eventTime, shop: SHOP.shop },
  ...{ customerId: id, name: `Name of ${id}`, email: `${id}@example.org`, country: 'France' },
  ...{ createdAt: eventTime, lastLoginAt: null },
});

test('from the log to files, on real servers', async (t) => {
  await using servers = await useServers();
  const pipeline = servers.pipeline('archiver');
  const folder = join(servers.folder, 'lake');
  const start = () => pipeline.start('archiver', { ...SETTINGS, LAKE_LOCATION: folder }, PROGRAM);
  const archiver = await start();
  await using lake = await lakeOf(pipeline, folder);
  const producer = pipeline.kafka.producer();
  await producer.connect();
  pipeline.onStop(() => producer.disconnect());
  let sent = 0;
  const send = async (topic: string, messages: { key: string; value: string | null }[]) => {
    await producer.send({ topic: `${pipeline.prefix}${topic}`, messages });
    sent += messages.length;
  };
  const sendEvents = async (events: readonly StoreEvent[]) => {
    for (const [topic, records] of Map.groupBy(
      events.map((event) => toRecord(event, '/test')),
      (record) => record.topic,
    ))
      await send(
        topic,
        records.map(({ key, value, headers }) => ({ key, value, headers })),
      );
  };
  const settled = () =>
    until(
      'every record has its fate',
      async () => Object.values(await lake.fates()).reduce((sum, n) => sum + n, 0),
      (n) => n === sent,
    );

  const orders = Array.from({ length: 30 }, (_, n) =>
    anOrder({
      orderId: `o${n}`,
      visitorId: `v${n}`,
      customerId: n % 3 === 0 ? 'gone' : 'stays',
      eventTime: AFTER_MIDNIGHT - 3_600_000 * (n % 2),
    }),
  );
  await t.test('each record is a row of its shop, type and day, or has another fate', async () => {
    await sendEvents([SHOP]);
    await sendEvents([customer('gone', AFTER_MIDNIGHT), customer('stays', AFTER_MIDNIGHT)]);
    await sendEvents([...orders, orders[0]!, anEvent('product_viewed', { eventTime: AFTER_MIDNIGHT })]);
    await send('transactions', [
      { key: 'demo|v1', value: 'no JSON' },
      { key: 'nobody|v1', value: JSON.stringify({ ...anOrder(), shop: 'nobody' }) },
    ]);
    await settled();
    assert.deepEqual(await lake.fates(), {
      archived: 1 + 2 + 31 + 1,
      'dead-letter:not-json': 1,
      'dead-letter:unknown-shop': 1,
    });
    const rows = await lake.select('order_id, shop_date::VARCHAR AS day, total, customer_id', 'order_placed');
    assert.deepEqual(
      rows.map(({ order_id, day }) => `${order_id} ${day}`).sort(),
      [...orders, orders[0]!]
        .map(
          ({ orderId, eventTime }) =>
            `${orderId} ${eventTime === AFTER_MIDNIGHT ? '2026-07-01' : '2026-06-30'}`,
        )
        .sort(),
    );
    assert.equal(
      Number((await lake.select('sum(total)::BIGINT AS total', 'order_placed'))[0]!.total),
      31 * 3_250,
    );
  });
  await t.test('the files that are there are those of the manifest, which counts them rightly', async () => {
    const isSame = async () =>
      JSON.stringify(await lake.onDisk()) === JSON.stringify((await lake.files()).map(({ _id }) => _id));
    await until('no other file is there', isSame, Boolean);
    const files = await lake.files();
    const rows = files.reduce((sum, file) => sum + file.rows, 0);
    assert.equal(rows, (await lake.fates()).archived);
    assert.equal(Number((await lake.select('count(*) AS n'))[0]!.n), rows);
  });
  await t.test('an erased customer is in no file, and their orders stay', async () => {
    await send('customers', [{ key: `${SHOP.shop}|gone`, value: null }]);
    await settled();
    await until(
      'the erasure is done',
      () => pipeline.db.collection('lake-erasures').countDocuments(),
      (n) => n === 0,
      60_000,
    );
    // One that comes later tells what happened before.
    await sendEvents([
      anOrder({ orderId: 'late', visitorId: 'v3', customerId: 'gone', eventTime: AFTER_MIDNIGHT }),
    ]);
    await settled();
    const rows = await lake.select('order_id, customer_id, visitor_id', 'order_placed');
    const cleared = rows.filter(({ customer_id }) => customer_id === null).map(({ order_id }) => order_id);
    const expected = orders.filter(({ customerId }) => customerId === 'gone').map(({ orderId }) => orderId);
    assert.deepEqual(cleared.sort(), [...expected, 'late', 'o0'].sort());
    for (const row of rows) assert.equal(row.visitor_id === null, row.customer_id === null);
    assert.equal(
      Number((await lake.select('sum(total)::BIGINT AS total', 'order_placed'))[0]!.total),
      32 * 3_250,
    );
    assert.deepEqual((await lake.select('name', 'customer_upserted')).map(({ name }) => name).sort(), [
      'Name of stays',
      null,
    ]);
    await until(
      'the files that told them are deleted',
      async () => (await lake.onDisk()).length - (await lake.files()).length,
      (n) => n === 0,
    );
    // Small files are merged meanwhile, and the former ones deleted.
    const read = (path: string) => readFile(join(folder, path)).catch(() => undefined);
    const contents = await until(
      'no file is replaced while all are read',
      async () => Promise.all((await lake.onDisk()).map(async (path) => [path, await read(path)] as const)),
      (all) => all.every(([, bytes]) => bytes !== undefined),
    );
    for (const [path, bytes] of contents) assert.ok(!bytes!.includes('gone@example.org'), path);
  });
  await t.test('one who comes back after the erasure is another person', async () => {
    const back = Date.now();
    await sendEvents([customer('gone', back)]);
    await settled();
    await sendEvents([
      anOrder({ orderId: 'again', visitorId: 'v5', customerId: 'gone', eventTime: Date.now() + 1_000 }),
    ]);
    await settled();
    const rows = await lake.select('order_id, customer_id', 'order_placed');
    assert.equal(rows.find(({ order_id }) => order_id === 'again')?.customer_id, 'gone');
    assert.equal(rows.find(({ order_id }) => order_id === 'late')?.customer_id, null);
  });
  await t.test(
    'a second start goes on where the first one ended, and the lake is known to be fresh',
    async () => {
      await archiver.service.stop();
      await sendEvents([anOrder({ orderId: 'meanwhile', visitorId: 'v7' })]);
      await archiver.service.start();
      await settled();
      const ids = (await lake.select('order_id', 'order_placed')).map(({ order_id }) => order_id);
      assert.equal(ids.filter((id) => id === 'meanwhile').length, 1);
      assert.equal(ids.length, 31 + 3);
      const age = async () =>
        Math.max(...(await lake.tasks()).map(({ seamAt }) => Date.now() - (seamAt ?? 0)));
      await until('the seam is younger than five seconds', age, (ms) => ms < 5_000);
      const metrics = await (await fetch(`${archiver.url}/metrics`)).text();
      assert.match(metrics, /storepulse_archiver_records_total\{fate="archived"\} \d/);
    },
  );
});

/** The archiver as it is, but for a keeper that looks for work more often. */
const PROGRAM = 'tests/archiver/quick-archiver.ts';
