import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { catalog, KEPT_EVENTS } from '@storepulse/contracts';
import { keyFolder, policyOf } from '@storepulse/http/testing/access';
import fc from 'fast-check';
import pino from 'pino';
import { createApp } from '../app.ts';
import { documentsOf } from '../testing/documents.ts';
import { createMemoryLive } from '../testing/memory-live.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeOrder, makeReview } from '../testing/records.ts';
import { makeShop } from '../testing/shops.ts';

type Line = Record<string, unknown> & { type: string; id: string };

const time = Date.UTC(2026, 5, 1, 10);
const MINUTE = 60_000;
const shop = makeShop();
const folder = keyFolder();
after(folder.remove);
const personal = await folder.make({ scopes: ['read:personal'] });
const plain = await folder.make({ scopes: ['read'] });

const sale = (minute: number, gross: number) =>
  documentsOf(catalog, shop, [
    {
      time: time + minute * MINUTE,
      adds: { gross_sales: gross, orders: 1 },
      dimensions: { device: 'mobile', country: 'France' },
    },
  ]);
const order = (n: number, fields: Record<string, unknown> = {}) =>
  makeOrder(`o${n}`, { eventTime: time + n * MINUTE, ...fields });

/** An exporter over streams in memory, listening. */
async function setUp(t: { after: (end: () => Promise<void>) => void }, closed = false) {
  const live = createMemoryLive({
    orders: [order(1), order(2)],
    metrics: [...sale(0, 1_000), ...sale(1, 2_000)],
  });
  const store = createMemoryStore({ shops: [shop], documents: [], live });
  const app = await createApp({
    ...{ store, catalog, version: '1.2.3', log: pino({ level: 'silent' }), now: () => time + 10 * MINUTE },
    ...(closed ? { policy: policyOf({ folder: folder.folder }) } : {}),
    streamPace: { heartbeatMs: 0, patienceMs: 60_000, farewellMs: 1_000 },
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  t.after(() => app.close());
  const base = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const open = async (path: string, key?: string) => {
    const gone = new AbortController();
    const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const response = await fetch(`${base}/api/v1/live/${path}`, { headers, signal: gone.signal });
    const lines = createInterface({ input: Readable.fromWeb(response.body as never) })[
      Symbol.asyncIterator
    ]();
    const next = async (): Promise<Line> => JSON.parse((await lines.next()).value as string);
    const take = async (count: number) => {
      const taken: Line[] = [];
      // Heartbeats come between, as many as may be.
      while (taken.length < count) {
        const line = await next();
        if (line.type !== 'heartbeat') taken.push(line);
      }
      return taken;
    };
    return { response, next, take, leave: () => gone.abort() };
  };
  const whole = async (path: string): Promise<Line[]> => {
    const answer = await fetch(`${base}/api/v1/live/${path}`);
    return (await answer.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  };
  return { app, live, open, whole };
}

test('windows are told as they are, then with each change', async (t) => {
  const { live, open } = await setUp(t);
  const { response, take } = await open(
    `metrics?shop=${shop.shop}&metric=gross_sales&metric=orders&from=${time}&dimension=device`.replace(
      `${time}`,
      '2026-06-01T10:00:00Z',
    ),
  );
  assert.match(response.headers.get('content-type')!, /^application\/x-ndjson/);
  const lines = await take(3);
  assert.deepEqual(
    lines.map(({ type, start, end, values }) => ({ type, start, end, values })),
    [
      ...[0, 1].map((minute) => ({
        ...{ type: 'window', start: time + minute * MINUTE, end: time + (minute + 1) * MINUTE },
        values: { gross_sales: { mobile: minute + 1 }, orders: { mobile: 1 } },
      })),
      { type: 'live', start: undefined, end: undefined, values: undefined },
    ],
  );
  for (const document of sale(1, 7_000)) live.put('metrics', { ...document, version: 2 });
  const [changed] = await take(1);
  assert.deepEqual(
    [changed!.version, changed!.values],
    [2, { gross_sales: { mobile: 7 }, orders: { mobile: 1 } }],
  );
});

test('events are told once each, those of the types and values that are asked for alone', async (t) => {
  const { live, open } = await setUp(t);
  const { take, next } = await open(`events?shop=${shop.shop}&type=order_placed&country=France`);
  assert.equal((await take(1))[0]!.type, 'live');
  live.put('reviews', makeReview('review-1'));
  live.put('orders', order(3, { country: 'Spain' }));
  live.put('orders', order(4));
  const [told] = await take(1);
  const { orderId, total, lines, task } = told!.event as Record<string, unknown>;
  assert.deepEqual([told!.type, orderId, total, task], ['event', 'o4', 2.55, undefined]);
  assert.equal((lines as { unitPrice: number }[])[0]!.unitPrice, 1.275);
  const heartbeat = await next();
  assert.deepEqual([heartbeat.type, heartbeat.time], ['heartbeat', time + 10 * MINUTE]);
});

test('a stream that is cut off anywhere and resumed tells each line once, in one order', async (t) => {
  const { live, open, whole } = await setUp(t);
  for (let n = 3; n < 9; n++)
    live.put('orders', order(n % 5, { _id: `${shop.shop}|o${n}`, orderId: `o${n}` }));
  const path = `events?shop=${shop.shop}&from=2026-06-01`;
  let put = 9;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 }),
      async (cuts) => {
        const all = await whole(`${path}&follow=false`);
        const stored = all.flatMap(({ event }) => (event ? [(event as { orderId: string }).orderId] : []));
        const expected = [...stored];
        const told: string[] = [];
        let behind = '';
        let isLive = false;
        // What happens while nobody reads is told later; what is read is cut off after some lines, of those that there are.
        for (const [i, lines] of cuts.entries()) {
          if (i > 0) {
            live.put('orders', order(put, { orderId: `o${put}` }));
            expected.push(`o${put++}`);
          }
          const { take, leave } = await open(`${path}${behind}`);
          const waiting = expected.length - told.length + (isLive ? 0 : 1);
          for (const line of await take(Math.min(lines, waiting))) {
            if (line.event) told.push((line.event as { orderId: string }).orderId);
            else isLive = true;
            behind = `&after=${line.id}`;
          }
          leave();
        }
        for (const line of await whole(`${path}${behind}&follow=false`)) {
          if (line.event) told.push((line.event as { orderId: string }).orderId);
          behind = `&after=${line.id}`;
        }
        for (const line of await whole(`${path}${behind}&follow=false`))
          if (line.event) told.push((line.event as { orderId: string }).orderId);
        assert.deepEqual(told, expected);
      },
    ),
    { numRuns: 20 },
  );
});

test('a reader that leaves ends the reading of the store, and a stop ends the stream with a last line', async (t) => {
  const { app, live, open } = await setUp(t);
  const first = await open(`events?shop=${shop.shop}`);
  await first.take(1);
  assert.equal(live.following, 1);
  first.leave();
  while (live.following > 0) await sleep(5);
  const second = await open(`events?shop=${shop.shop}`);
  const [begun] = await second.take(1);
  const closing = app.close();
  const [end] = await second.take(1);
  assert.deepEqual([end!.type, end!.reason], ['end', 'shutdown']);
  assert.ok(end!.after === begun!.id || typeof end!.after === 'string');
  await closing;
  assert.equal(live.following, 0);
});

test('what can’t be told is a problem, before a stream begins', async (t) => {
  const { app, whole } = await setUp(t);
  const cases = [
    ['metrics?metric=new_customers', 'invalid_request', /computed from facts/],
    ['metrics?metric=profit', 'unknown_metric', /is no metric/],
    ['metrics?metric=gross_sales&dimension=country', 'invalid_request', /several documents/],
    ['metrics?metric=gross_sales&dimension=weekday', 'invalid_request', /told by the start of each window/],
    ['metrics?metric=gross_sales&dimension=level', 'dimension_not_of_metric', /not kept by level/],
    ['events?type=product_viewed', 'invalid_request', /must be one of order_placed/],
    ['events?after=bm9uc2Vuc2U', 'invalid_request', /"after" is no id of this stream/],
    ['events?from=yesterday', 'invalid_range', /is "yesterday"/],
  ] as const;
  for (const [path, code, detail] of cases) {
    const answer = await app.inject(`/api/v1/live/${path}&shop=${shop.shop}`);
    assert.equal(answer.json().code, code, path);
    assert.match(answer.json().detail, detail);
  }
  const [line] = await whole(
    `events?shop=${shop.shop}&from=0&follow=false`.replace('from=0', 'from=2026-06-01'),
  );
  const other = await app.inject(`/api/v1/live/events?shop=${shop.shop}&country=France&after=${line!.id}`);
  assert.match(other.json().detail, /"after" is no id of this stream/);
});

test('a metric whose parts are in windows of several groups is refused with the parts', async (t) => {
  const { app } = await setUp(t);
  const mixed = [...catalog.metrics.values()].find((metric) => {
    const parts = catalog.partsOf(metric).filter((part) => part.kind === 'stored');
    return new Set(parts.map(({ group }) => group)).size > 1;
  })!;
  const answer = await app.inject(`/api/v1/live/metrics?shop=${shop.shop}&metric=${mixed.name}`);
  assert.match(answer.json().detail, /windows of several groups.*ask for \w+ and \w+/);
});

test('personal fields are there for who may see them alone, of every kind of event', async (t) => {
  const { live, open } = await setUp(t, true);
  const OF_NO_CUSTOMER = 'exchange_rate_posted';
  const kept = [...KEPT_EVENTS.values()];
  for (const { type, collection, fields } of kept) {
    const stored = Object.fromEntries(fields.map((name) => [name, `secret-${name}`]));
    live.put(collection, { ...stored, ...{ _id: type, type, shop: shop.shop, eventTime: time } });
  }
  const path = `events?shop=${shop.shop}&from=2026-06-01T10:00:00Z&follow=false${kept
    .map(({ type }) => `&type=${type}`)
    .join('')}`;
  for (const [key, seesPersonal] of [
    [personal, true],
    [plain, false],
  ] as const) {
    const { take } = await open(path, key);
    const events = (await take(kept.length + 2)).map(({ event }) => event as Record<string, unknown>);
    for (const { type, personal, fields } of kept) {
      const isOurs = (value: unknown) => String(value).startsWith('secret-');
      const event = events.find((each) => each.type === type && Object.values(each).some(isOurs))!;
      assert.deepEqual(
        Object.keys(event).sort(),
        fields.filter((name) => seesPersonal || !personal.has(name)).sort(),
      );
      assert.equal(personal.has('customerId'), type !== OF_NO_CUSTOMER);
    }
  }
});

test('more streams than there may be are refused, and counted are those that were cut off', async (t) => {
  const { app, open } = await setUp(t);
  const streams = await Promise.all(Array.from({ length: 50 }, () => open(`events?shop=${shop.shop}`)));
  await Promise.all(streams.map(({ take }) => take(1)));
  const refused = await app.inject(`/api/v1/live/events?shop=${shop.shop}`);
  assert.deepEqual([refused.statusCode, refused.json().code], [503, 'overloaded']);
  const metrics = (await app.inject('/metrics')).body;
  assert.match(metrics, /storepulse_exporter_live_streams 50\n/);
  assert.match(metrics, /storepulse_exporter_live_streams_cut_total\{reason="slow_reader"\} 0\n/);
  for (const { leave } of streams) leave();
});
