import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, type HeldMark, type MetricDocument, MOST_MARKS } from '@storepulse/contracts';
import { appOver } from '../testing/app.ts';
import { ask, numbers } from '../testing/ask.ts';
import { documentsOf, type Happening } from '../testing/documents.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeShop } from '../testing/shops.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BEGIN = Date.UTC(2026, 2, 1);
const END = BEGIN + 30 * DAY;
const shop = makeShop({ timeZone: 'UTC' });
const range = { from: BEGIN, to: END };
/** All before is counted. */
const UNTIL = END - 90 * 60_000;
const progress = [
  { offsets: { transactions: 1 }, watermarks: { [shop.shop]: UNTIL }, latest: { [shop.shop]: UNTIL } },
];
const sales: Happening[] = Array.from({ length: 720 }, (_, n) => ({
  time: BEGIN + n * HOUR,
  adds: { gross_sales: 1_000, orders: 1 },
}));
const documents = documentsOf(catalog, shop, sales, ['1h', '1d']);
const startAt = (hour: number) => BEGIN + hour * HOUR;
const storeOf = (
  changed: (document: MetricDocument) => Partial<MetricDocument> = () => ({}),
  counted?: Map<string, number>,
) =>
  createMemoryStore({
    shops: [shop],
    progress,
    documents: documents.map((document) => ({ ...document, ...changed(document) })),
    ...(counted ? { counted } : {}),
  });
const correctedAt = (hour: number) =>
  storeOf(({ start, resolution }) =>
    resolution === '1h' && start.getTime() === startAt(hour) ? { version: 2, revision: 1 } : {},
  );
const series = (held: HeldMark[]) => ({ metric: 'orders', interval: '1h', held }) as const;
const options = { range, now: END - HOUR / 2 };
const first = await ask(storeOf(), series([]), options);
const marks = first.meta.held!;

test('of a month by hour, the hours that are counted and merged can be held, at some ends of which the last is latest', () => {
  assert.equal(numbers(first).length, 720);
  assert.equal(first.meta.answeredFrom, undefined);
  assert.deepEqual(
    marks.map(({ from, until }) => [from, (until - BEGIN) / HOUR]),
    [462, 654, 702, 714, 717, 718].map((hours) => [BEGIN, hours]),
  );
  assert.ok(marks.length <= MOST_MARKS);
});

test('a query that tells what it holds is answered the rest alone; one that tells nothing is told of no marks', async () => {
  const rest = await ask(storeOf(), series(marks), options);
  assert.equal(rest.meta.answeredFrom, marks.at(-1)!.until);
  assert.equal(numbers(rest).length, 2);
  assert.equal(rest.meta.documents, 2);
  assert.deepEqual(rest.meta.held, marks);
  const { meta } = await ask(storeOf(), { metric: 'orders', interval: '1h' }, options);
  assert.equal('held' in meta || 'answeredFrom' in meta, false);
});

test('a late correction takes away what lies behind it, and no more', async () => {
  const answeredFrom = async (hour: number) =>
    (await ask(correctedAt(hour), series(marks), options)).meta.answeredFrom;
  assert.equal(await answeredFrom(716), startAt(714));
  assert.equal(await answeredFrom(600), startAt(462));
  assert.equal(await answeredFrom(3), undefined);
});

test('a correction that is counted and not merged yet can’t be held: its figure is about to change', async () => {
  const counted = new Map(documents.map(({ _id, version }) => [_id, version]));
  const late = documents.find(
    ({ start, resolution }) => resolution === '1h' && start.getTime() === startAt(500),
  )!;
  counted.set(late._id, 2);
  const store = storeOf(({ _id }) => (_id === late._id ? { final: true } : {}), counted);
  const { meta } = await ask(store, series([]), options);
  assert.equal(meta.held!.at(-1)!.until, startAt(500));
});

test('another catalogue, record of the shop, metric, filter or width tells that what is held is not the answer', async () => {
  const answered = async (store: ReturnType<typeof storeOf>, fields: object, asked = options) =>
    (await ask(store, { ...series(marks), ...fields }, asked)).meta.answeredFrom;
  assert.notEqual(await answered(storeOf(), {}), undefined);
  const filters = [{ dimension: 'country', operator: 'in', values: ['France'] }] as const;
  for (const fields of [{ metric: 'gross_sales' }, { filters }, { interval: '1d' }])
    assert.equal(await answered(storeOf(), fields), undefined, JSON.stringify(fields));
  const renamed = createMemoryStore({ shops: [{ ...shop, scale: 2 }], documents, progress });
  assert.equal(await answered(renamed, {}), undefined);
  const behind = [{ ...progress[0]!, watermarks: { [shop.shop]: startAt(100) } }];
  const lost = createMemoryStore({ shops: [shop], documents, progress: behind });
  assert.equal(await answered(lost, {}), undefined, 'a task that can’t tell any more how far it has counted');
});

test('a range that has moved goes on with what is held before it, for a quarter of its length', async () => {
  const answered = async (by: number) => {
    const moved = { from: BEGIN + by, to: END };
    return (await ask(storeOf(), series(marks), { ...options, range: moved })).meta;
  };
  assert.equal((await answered(5 * HOUR)).answeredFrom, marks.at(-1)!.until);
  assert.equal((await answered(5 * HOUR)).held![0]!.from, BEGIN);
  assert.equal((await answered(10 * DAY)).answeredFrom, undefined);
});

test('nothing is held of estimates: how far these may be off is told of the whole range', async () => {
  const seen = sales.flatMap(({ time }, n): Happening[] =>
    n === 5
      ? Array.from({ length: 400 }, (_, visitor) => ({ time, adds: { active_visitors: `v${visitor}` } }))
      : [{ time, adds: { active_visitors: 'v' } }],
  );
  const store = createMemoryStore({
    shops: [shop],
    documents: documentsOf(catalog, shop, seen, ['1h', '1d']),
    progress,
  });
  const asked = async (from: number) =>
    ask(
      store,
      { metric: 'active_visitors', interval: '1h', held: [] },
      { ...options, range: { from, to: END } },
    );
  assert.equal((await asked(startAt(6))).meta.held?.length, MOST_MARKS);
  const { frames, meta } = await asked(BEGIN);
  assert.ok((frames[0]!.meta!.custom as { relativeError?: number }).relativeError);
  assert.equal(meta.held, undefined);
});

test('over HTTP: every exporter tells the same tags, the catalogue that it takes them, and marks that are none are refused', async () => {
  const asked = async (held: unknown) => {
    const app = await appOver(storeOf(), options.now);
    const query = { refId: 'A', shop: shop.shop, ...series([]), held };
    const { statusCode, body } = await app.inject({
      method: 'POST',
      url: '/api/v1/query',
      payload: { range, queries: [query] },
    });
    return { statusCode, ...JSON.parse(body) };
  };
  const told = (await asked([])).results.A.meta.held;
  assert.deepEqual((await asked(told)).results.A.meta.held, told);
  assert.equal((await asked(told)).results.A.meta.answeredFrom, told.at(-1).until);
  assert.equal((await asked([{ from: 0, until: 1, tag: 'x', more: 1 }])).statusCode, 400);
  assert.equal((await asked(Array(MOST_MARKS + 1).fill(told[0]))).statusCode, 400);
  const { body } = await (await appOver(storeOf())).inject({ url: '/api/v1/catalog' });
  assert.equal(JSON.parse(body).takesHeld, true);
});
