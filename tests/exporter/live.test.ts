import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventSelection, eventSources } from '@storepulse/exporter/live/event-selection';
import type { LivePlace } from '@storepulse/exporter/live/place';
import type { LiveChange, LiveSelection } from '@storepulse/exporter/live/selection';
import { createMongoStore } from '@storepulse/exporter/store/mongo-store';
import type { MetricStore } from '@storepulse/exporter/store/store';
import { type Database, openDatabase, prepareDatabase } from '@storepulse/processor/store/database';
import { type Servers, useServers } from '../support/servers.ts';

const BEGIN = Date.UTC(2026, 0, 1);
const SHOP = 'live-shop';

let servers: Servers;
let database: Database;
let store: MetricStore;

before(async () => {
  servers = await useServers({ kafka: false });
  const settings = { uri: servers.mongoUri, database: servers.unique('live') };
  database = await openDatabase(settings);
  await prepareDatabase(database);
  store = createMongoStore(settings);
});

after(async () => {
  await store?.close();
  await database?.close();
  await servers?.[Symbol.asyncDispose]();
});

const fact = (type: string, n: number, shop = SHOP) => ({
  _id: `${shop}|${type}-${n}`,
  ...{ shop, type, eventTime: BEGIN + n * 1_000, country: n % 2 === 0 ? 'France' : 'Spain' },
});
const put = (collection: string, ...documents: { _id: string }[]) =>
  database.db.collection<{ _id: string }>(collection).insertMany(documents);

/** What a stream tells until `count` documents have come, or all that there is without a count. */
async function told(
  selection: LiveSelection,
  after: LivePlace | undefined,
  count = Number.POSITIVE_INFINITY,
) {
  const leave = new AbortController();
  const follow = count !== Number.POSITIVE_INFINITY;
  const documents: Extract<LiveChange, { kind: 'document' }>['document'][] = [];
  let place = after;
  for await (const change of store.follow(selection, { after, follow, signal: leave.signal })) {
    place = change.place;
    if (change.kind === 'document') documents.push(change.document);
    if (documents.length === count) break;
  }
  return { documents, place };
}
const idsOf = (documents: readonly { _id?: unknown }[]) => documents.map(({ _id }) => _id);

test('events are told once each through any number of cuts, what was stored before them included', async () => {
  const stored = [
    ...Array.from({ length: 120 }, (_, n) => ['orders', fact('order_placed', n)] as const),
    ...Array.from({ length: 40 }, (_, n) => ['payments', fact('payment_failed', 3 * n)] as const),
    ...Array.from({ length: 30 }, (_, n) => ['refunds', fact('refund_issued', 4 * n)] as const),
  ];
  for (const [collection, document] of stored) await put(collection, document);
  await put('orders', fact('order_placed', 1, 'another'));
  const selection = eventSelection(SHOP, {}, BEGIN + 10_000);
  // By time, then by the order of the collections; facts of one collection have different times.
  const order = ['orders', 'refunds', 'payments'];
  const expected = stored
    .filter(([, { eventTime }]) => eventTime >= BEGIN + 10_000)
    .sort(([a, x], [b, y]) => x.eventTime - y.eventTime || order.indexOf(a) - order.indexOf(b))
    .map(([, { _id }]) => _id);
  const all: unknown[] = [];
  let place: LivePlace | undefined;
  // In the middle of the history, while more is stored: it is told as it was when the stream began.
  for (const count of [1, 7, 60]) {
    const part = await told(selection, place, count);
    all.push(...idsOf(part.documents));
    place = part.place;
    await put('orders', fact('order_placed', 1_000 + count));
    expected.push(fact('order_placed', 1_000 + count)._id);
  }
  for (let n = 0; n < 5; n++) {
    const part = await told(selection, place, n === 0 ? expected.length - all.length : 3);
    all.push(...idsOf(part.documents));
    place = part.place;
    const next = [0, 1, 2].map((i) => fact('refund_issued', 2_000 + 3 * n + i));
    await put('refunds', ...next);
    expected.push(...next.map(({ _id }) => _id));
  }
  const rest = await told(selection, place);
  assert.deepEqual([...all, ...idsOf(rest.documents)], expected);
  assert.deepEqual((await told(selection, rest.place)).documents, []);
});

test('what one transaction commits is told together, and an erasure is no event', async () => {
  const selection = eventSelection(
    SHOP,
    { type: ['stock_moved', 'adjustment_posted'], country: ['France'] },
    undefined,
  );
  const { place } = await told(selection, undefined);
  const moved = [0, 2, 3].map((n) => fact('stock_moved', n));
  await database.client.withSession((session) =>
    session.withTransaction(async () => {
      await database.db.collection<{ _id: string }>('stock-movements').insertMany(moved, { session });
      await database.db
        .collection<{ _id: string }>('adjustments')
        .insertOne(fact('adjustment_posted', 4), { session });
    }),
  );
  await database.db
    .collection<{ _id: string }>('stock-movements')
    .updateOne({ _id: moved[0]!._id }, { $set: { customerId: null } });
  const { documents } = await told(selection, place);
  assert.deepEqual(idsOf(documents), [moved[0]!._id, moved[1]!._id, fact('adjustment_posted', 4)._id]);
});

test('the events of an order are told, through a cut in the middle of them too, and no others', async () => {
  const shop = 'order-shop';
  const ofOrder = (type: string, id: string, n: number, orderId: string) => ({
    ...{ ...fact(type, n, shop), _id: `${shop}|${id}`, orderId },
  });
  await put('orders', ofOrder('order_placed', 'o1', 1, 'o1'), ofOrder('order_placed', 'o2', 1, 'o2'));
  await put(
    'payments',
    ...[1, 2, 3].map((n) => ofOrder('payment_failed', `p${n}`, 2, n === 3 ? 'o2' : 'o1')),
  );
  await put('cancellations', ofOrder('order_cancelled', 'o1', 3, 'o1'));
  await put('reviews', fact('review_submitted', 2, shop));
  const selection = eventSelection(shop, { orderId: ['o1'] }, BEGIN);
  const first = await told(selection, undefined, 2);
  const rest = await told(selection, first.place);
  assert.deepEqual(idsOf([...first.documents, ...rest.documents]), [
    ...['o1', 'p1', 'p2', 'o1'].map((id) => `${shop}|${id}`),
  ]);
  const others = await told(
    eventSelection(shop, { notOrderId: ['o1'], notType: ['review_submitted'] }, BEGIN),
    undefined,
  );
  assert.deepEqual(idsOf(others.documents), [`${shop}|o2`, `${shop}|p3`]);
});

test('each change of a window is told, with the fields that are asked for alone', async () => {
  const _id = `${SHOP}|sales|narrow|1m|0`;
  const window = (version: number) => ({
    ...{ _id, shop: SHOP, group: 'sales', part: 'narrow', resolution: '1m', bucket: 0 },
    ...{ start: new Date(BEGIN), end: new Date(BEGIN + 60_000), version, final: false },
    cells: { total: { all: { orders: version } }, country: { France: { orders: version } } },
  });
  const selection: LiveSelection = {
    sources: [{ collection: 'metrics', filter: { shop: SHOP, group: 'sales', bucket: 0 } }],
    ...{ time: 'start', hasDates: true, tellsChanges: true, from: BEGIN },
    fields: ['version', 'cells.total'],
  };
  await put('metrics', window(1));
  const begun = await told(selection, undefined);
  for (const version of [2, 3]) {
    const { _id: _, ...replacement } = window(version);
    await database.db.collection<{ _id: string }>('metrics').replaceOne({ _id }, replacement);
  }
  await database.db.collection<{ _id: string }>('metrics').deleteOne({ _id });
  const { documents } = await told(selection, begun.place);
  assert.deepEqual(
    [...begun.documents, ...documents],
    [1, 2, 3].map((version) => ({
      ...{ _id, start: new Date(BEGIN), version },
      cells: { total: { all: { orders: version } } },
    })),
  );
});

test('a place that MongoDB does not reach any more, or never had, is told as such', async () => {
  const selection = eventSelection(SHOP, {}, BEGIN);
  const behind = { time: BEGIN, source: 0, id: '' };
  const places: LivePlace[] = [
    { at: 'history', asOf: [1_000_000, 1], behind },
    { at: 'change', token: 'ABCD' },
    { at: 'change', token: '82' },
  ];
  for (const place of places) await assert.rejects(told(selection, place, 1), { code: 'history_lost' });
});

test('kept events are listed in one order, from any place on, without sorting what is stored', async () => {
  const shop = 'listed-shop';
  const stored = [
    ...Array.from({ length: 30 }, (_, n) => fact('order_placed', n % 10, shop)),
    ...Array.from({ length: 30 }, (_, n) => fact('payment_failed', n % 7, shop)),
  ].map((document, i) => ({ ...document, _id: `${shop}|${i}` }));
  const collectionOf = ({ type }: { type: string }) => (type === 'order_placed' ? 'orders' : 'payments');
  for (const document of stored) await put(collectionOf(document), document);
  const sources = eventSources(shop, { type: ['order_placed', 'payment_failed'] });
  const ranks = new Map(sources.map(({ collection }, i) => [collection, i]));
  const list = async (direction: 1 | -1, behind?: Parameters<MetricStore['events']>[0]['behind']) => {
    const found = [];
    for await (const event of store.events({
      sources,
      direction,
      behind,
      from: BEGIN + 1_000,
      to: BEGIN + 9_000,
    }))
      found.push(event);
    return found;
  };
  const { counts, completeFrom } = await store.eventCounts(
    { sources, direction: -1, from: BEGIN + 1_000, to: BEGIN + 9_000 },
    { begin: BEGIN, stepMs: 2_000, most: 1_000 },
  );
  const tally = (all: readonly { type: string; step: number; count: number }[]) =>
    new Map(all.map(({ type, step, count }) => [`${type} ${step}`, count]));
  const told = new Map<string, number>();
  for (const { type, eventTime } of stored) {
    if (eventTime < BEGIN + 1_000 || eventTime >= BEGIN + 9_000) continue;
    const key = `${type} ${Math.floor((eventTime - BEGIN) / 2_000)}`;
    told.set(key, (told.get(key) ?? 0) + 1);
  }
  assert.deepEqual([...tally(counts)].sort(), [...told].sort());
  assert.equal(completeFrom, BEGIN);
  const cut = await store.eventCounts(
    { sources, direction: -1, from: BEGIN, to: BEGIN + 10_000 },
    { begin: BEGIN, stepMs: 2_000, most: 6 },
  );
  assert.deepEqual([...tally(cut.counts)].sort(), [
    ['order_placed 4', 6],
    ['payment_failed 2', 2],
    ['payment_failed 3', 4],
  ]);
  assert.equal(cut.completeFrom, BEGIN + 8_001);
  await database.db.command({ profile: 2 });
  for (const direction of [1, -1] as const) {
    const expected = stored
      .filter(({ eventTime }) => eventTime >= BEGIN + 1_000 && eventTime < BEGIN + 9_000)
      .sort(
        (a, b) =>
          direction *
          (a.eventTime - b.eventTime ||
            ranks.get(collectionOf(a))! - ranks.get(collectionOf(b))! ||
            (a._id < b._id ? -1 : 1)),
      )
      .map(({ _id }) => _id);
    const all = await list(direction);
    assert.deepEqual(
      all.map(({ place }) => place.id),
      expected,
    );
    for (const n of [0, 13, 14, all.length - 1]) {
      const rest = await list(direction, all[n]!.place);
      assert.deepEqual(
        rest.map(({ place }) => place.id),
        expected.slice(n + 1),
      );
    }
  }
  await database.db.command({ profile: 0 });
  const reads = await database.db
    .collection('system.profile')
    .find({
      op: 'query',
      ns: { $in: ['orders', 'payments'].map((name) => `${database.db.databaseName}.${name}`) },
    })
    .toArray();
  assert.equal(reads.length, 20);
  for (const { hasSortStage, planSummary } of reads) {
    assert.equal(hasSortStage ?? false, false, planSummary);
    assert.match(planSummary, /shop: 1, eventTime: 1, _id: 1/);
  }
});
