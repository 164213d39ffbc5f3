import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { api, overFetch } from '@storepulse/contracts';
import { anOrder, SHOP } from '@storepulse/contracts/testing/events';
import { type PartName, startPart, startServers } from '@storepulse/local';
import { openPreview } from '../browser/open-preview.ts';
import { machineClock } from '../support/clock.ts';

const WARM_UP = 3;
const ORDERS = 20;
const SHOP_ID = 'live-shop';
const datasource = { type: 'storepulse-commerce-datasource', uid: 'storepulse' };
const panel = (id: number, type: string, title: string, query: object, options: object = {}) => ({
  ...{ id, type, title, datasource, options, gridPos: { x: 8 * (id - 1), y: 0, w: 8, h: 20 } },
  targets: [{ refId: 'A', datasource, shop: SHOP_ID, live: true, ...query }],
});
const LIVE = {
  ...{ uid: 'live-orders', title: 'Live orders', schemaVersion: 41, time: { from: 'now-15m', to: 'now' } },
  panels: [
    panel(1, 'logs', 'Events', { queryType: 'events', limit: 50 }),
    panel(
      2,
      'stat',
      'Orders',
      { metric: 'orders', interval: '1h' },
      { reduceOptions: { calcs: ['sum'], values: false, fields: '' } },
    ),
    panel(
      3,
      'stat',
      'Sales',
      { metric: 'gross_sales', interval: '1h', exact: true },
      { reduceOptions: { calcs: ['sum'], values: false, fields: '' } },
    ),
  ],
};

const at = (list: readonly number[], share: number) =>
  Math.round(list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(share * list.length))]!);

test('live panels move within a second of an order that is sent to the collector', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'storepulse-live-'));
  // Each ends before what it needs.
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const servers = await startServers({ dataDir: folder });
  stack.defer(() => servers.stop());
  const settings = {
    ...{ KAFKA_BROKERS: servers.kafkaBrokers, MONGODB_URI: servers.mongoUri },
    ...{ MONGODB_DATABASE: 'live', LOG_LEVEL: 'warn' },
  };
  const start = async (name: PartName) => {
    const part = await startPart(name, settings, folder);
    stack.defer(() => part.stop());
    return part.url;
  };
  await start('processor');
  const [collector, exporter] = [await start('collector'), await start('exporter')];
  const send = async (event: object) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${collector}/v1/events`, {
      ...{ method: 'POST', headers, body: JSON.stringify(event) },
    });
    assert.equal(answer.status, 200, await answer.text());
  };
  await send({ ...SHOP, shop: SHOP_ID, eventId: 'live-shop-1', eventTime: Date.now() });
  const order = (orderId: string, n: number) =>
    anOrder({ shop: SHOP_ID, orderId, eventId: randomUUID(), eventTime: Date.now(), visitorId: `v${n}` });

  const { visit, panel: shown, errors } = await openPreview(t, [LIVE], { exporter });
  await send(order('first', 0));
  await visit('/d/live-orders');
  await shown('Events').getByText('orderId=first').first().waitFor();
  await shown('Orders').getByText('1', { exact: true }).waitFor();
  const moved = { Events: [] as number[], Orders: [] as number[] };
  for (let n = 1; n <= WARM_UP + ORDERS; n++) {
    const orderId = `order-${n}-of-${ORDERS}`;
    const stopwatch = await machineClock.start();
    const began = performance.now();
    const times = { Events: 0, Orders: 0 };
    await send(order(orderId, n));
    await Promise.all(
      [
        shown('Events').getByText(`orderId=${orderId}`).first().waitFor(),
        shown('Orders')
          .getByText(String(n + 1), { exact: true })
          .waitFor(),
      ].map((seen, which) =>
        seen.then(() => {
          times[which === 0 ? 'Events' : 'Orders'] = performance.now() - began;
        }),
      ),
    );
    // How much slower the machine was than a quiet one, over this order.
    const slower = Math.max(1, (performance.now() - began) / stopwatch());
    if (n > WARM_UP) {
      moved.Events.push(times.Events / slower);
      moved.Orders.push(times.Orders / slower);
    }
    // The next begins at no fixed distance from a commit.
    await sleep(Math.random() * 1_000);
  }
  // What is shown is what the API answers, and what was sent: two and one of the lines of each order.
  const sent = 1 + WARM_UP + ORDERS;
  const asked = ['orders', 'gross_sales'].map((metric, n) => ({
    ...{ refId: `${n}`, shop: SHOP_ID, metric, format: 'table' as const },
  }));
  const range = { from: 'now-1h', to: 'now' };
  const { results } = await overFetch({ fetch, url: exporter })(api.query({ range, queries: asked }));
  const answered = asked.map(({ refId }) => results[refId]!.frames[0]!.fields.at(-1)!.values[0]);
  assert.deepEqual(answered, [sent, 30 * sent]);
  await shown('Sales')
    .getByText(`£${(30 * sent).toFixed(2)}`)
    .waitFor();
  for (const [name, list] of Object.entries(moved)) {
    t.diagnostic(
      `${name}: moved after ${at(list, 0.5)} ms (median), ${at(list, 0.95)} ms (19 of 20), of a quiet machine`,
    );
  }
  assert.ok(at(moved.Events, 0.5) < 1_000, `events: ${moved.Events.map(Math.round)}`);
  assert.ok(at(moved.Orders, 0.5) < 2_000, `figures: ${moved.Orders.map(Math.round)}`);
  assert.deepEqual(errors, []);
});
