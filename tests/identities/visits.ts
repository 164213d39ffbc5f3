import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { TestContext } from 'node:test';
import { crc32 } from 'node:zlib';
import { partitionOf, type StoreEvent, toRecord } from '@storepulse/contracts';
import { anEvent, anOrder, SHOP } from '@storepulse/processor/testing/events';
import { scrape } from '../support/figures/prometheus.ts';
import { untilDrained } from '../support/pipeline/drained.ts';
import type { Pipeline } from '../support/pipeline/pipeline.ts';
import { createSender } from '../support/pipeline/sender.ts';
import { until } from '../support/until.ts';

const VISITS = 20;
const numbers = Array.from({ length: VISITS }, (_, i) => i);

/** A visit counts as one, whichever tasks have seen its events. */
export async function countsVisitsOnce(t: TestContext, pipeline: Pipeline): Promise<void> {
  const processor = await pipeline.start('processor');
  const send = await createSender(pipeline);
  const admin = await pipeline.admin();
  const partitions = (await admin.fetchTopicOffsets(`${pipeline.prefix}transactions`)).length;
  // Long enough ago that a visit is over as soon as its shop is quiet.
  const began = Date.now() - 3 * 3_600_000;
  const visitOf = (shop: string, visitorId: string, i: number, second: number) => ({
    ...{ shop, visitorId, sessionId: `s${i}`, eventTime: began + 60_000 * i + 1_000 * second },
  });
  const visits = async (shop: string) => {
    const all = { shop, group: 'sessions', part: 'narrow', resolution: 'all' } as const;
    const total = (await pipeline.metrics.findOne(all))?.cells.total?.all ?? {};
    const names = ['sessions', 'converted_sessions', 'settled_carts', 'abandoned_carts'];
    return Object.fromEntries(names.map((name) => [name, total[name] ?? 0]));
  };
  const untilVisits = (shop: string, expected: Record<string, number>) =>
    until(
      `visits of ${shop} are ${JSON.stringify(expected)}`,
      () => visits(shop),
      (seen) => JSON.stringify(seen) === JSON.stringify(expected),
    ).then(() => undefined);
  const carts = (shop: string, visitor: (i: number) => string) =>
    numbers.flatMap((i) => [
      anEvent('session_started', visitOf(shop, visitor(i), i, 0)),
      anEvent('cart_item_added', visitOf(shop, visitor(i), i, 1)),
    ]);
  const laterViews = (shop: string, visitor: (i: number) => string) =>
    numbers.map((i) => anEvent('product_viewed', visitOf(shop, visitor(i), i, 3)));
  await send.events(
    ...['login', 'foreign'].map((shop, i) => ({ ...SHOP, shop, eventId: `shop-event-${i}` })),
  );

  const logins = async () => {
    const anonymous = (i: number) => `anonymous-${i}`;
    await send.events(...carts('login', anonymous));
    await untilDrained(pipeline);
    await send.events(
      ...numbers.map((i) => anOrder({ ...visitOf('login', `user-${i}`, i, 2), orderId: `login-${i}` })),
    );
    await untilDrained(pipeline);
    await send.events(...laterViews('login', anonymous));
  };
  const foreignOrders = async () => {
    const visitor = (i: number) => `visitor-${i}`;
    await send.events(...carts('foreign', visitor));
    await untilDrained(pipeline);
    const orders: StoreEvent[] = numbers
      .filter((i) => i % 2 === 0)
      .map((i) => anOrder({ ...visitOf('foreign', visitor(i), i, 2), orderId: `foreign-${i}` }));
    const records = orders.map((order) => toRecord(order, '/test'));
    const placed = records.map(({ key, value }) => ({ key, value, partition: crc32(key) % partitions }));
    await send.records('transactions', ...placed);
    await untilDrained(pipeline);
    await send.events(...laterViews('foreign', visitor));
    return placed.filter(({ key, partition }) => partition !== partitionOf(key, partitions)).length;
  };
  const [, misplaced] = await Promise.all([logins(), foreignOrders()]);

  await t.test('a login that changes the visitor leaves no abandoned cart behind', () =>
    untilVisits('login', {
      ...{ sessions: VISITS, converted_sessions: VISITS, settled_carts: VISITS, abandoned_carts: 0 },
    }),
  );
  await t.test('half of the carts are abandoned, though orders lie where another partitioner puts them', () =>
    untilVisits('foreign', {
      ...{ sessions: VISITS, converted_sessions: VISITS / 2 },
      ...{ settled_carts: VISITS, abandoned_carts: VISITS / 2 },
    }),
  );
  await t.test('what lies on a foreign partition is counted, and told of with where it belongs', async () => {
    assert.ok(misplaced > 0);
    const found = (await scrape(processor.url)).filter(
      ({ name }) => name === 'storepulse_processor_misplaced_records_total',
    );
    const total = found.reduce((sum, { value }) => sum + Number(value), 0);
    assert.equal(total, misplaced);
    assert.match(await readFile(processor.service.logFile, 'utf8'), /FOREIGN_PARTITIONER/);
  });
  await t.test('nothing handed over between tasks is left', async () => {
    await until(
      'all shares are taken in',
      () => pipeline.db.collection('visit-shares').countDocuments(),
      (left) => left === 0,
    );
  });
}
