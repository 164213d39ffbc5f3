import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, type Shop } from '@storepulse/contracts';
import { ask, askAll, numbers, table, times } from '../testing/ask.ts';
import { documentsOf, type Happening } from '../testing/documents.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeShop } from '../testing/shops.ts';

const at = (text: string) => Date.parse(text);
const range = (from: string, to: string) => ({ from: at(from), to: at(to) });
const storeOf = (happenings: Happening[], fields: Partial<Shop> = {}, watermark?: string) => {
  const shop = makeShop(fields);
  const reached =
    watermark === undefined
      ? []
      : [
          {
            offsets: { transactions: 1 },
            watermarks: { [shop.shop]: at(watermark) },
            latest: { [shop.shop]: at(watermark) },
          },
        ];
  return createMemoryStore({
    shops: [shop],
    documents: documentsOf(catalog, shop, happenings),
    progress: reached,
  });
};
const sale = (time: string, gross: number, country = 'France'): Happening => ({
  time: at(time),
  adds: { gross_sales: gross, orders: 1 },
  dimensions: { country },
});

const november = storeOf([
  sale('2011-10-31T23:59:59Z', 1),
  sale('2011-11-01T00:00:00Z', 1_000_001),
  sale('2011-11-30T23:59:59Z', 461_756_250),
  { time: at('2011-11-15T12:00Z'), adds: { adjustments: -1 }, dimensions: { country: 'France' } },
  sale('2011-12-01T00:00:00Z', 7),
]);

test('a local month is exact to the last digit, as one bucket and as a table', async () => {
  const month = { range: range('2011-11-01T00:00Z', '2011-12-01T00:00Z') };
  const query = { metric: 'net_after_adjustments' };
  assert.deepEqual(numbers(await ask(november, { ...query, interval: '1M' }, month)), [462_756.25]);
  assert.deepEqual(numbers(await ask(november, { ...query, format: 'table' }, month)), [462_756.25]);
});

test('the lifetime does not depend on the range', async () => {
  const result = await ask(november, { interval: 'all' }, { range: range('2020-01-01', '2020-01-02') });
  assert.deepEqual(numbers(result), [462_756.259]);
  assert.equal(result.meta.resolution, 'all');
});

test('a table counts the range itself, to ten seconds, a time series its whole buckets', async () => {
  const store = storeOf([sale('2026-01-01T10:05:00Z', 1_000), sale('2026-01-01T10:15:00Z', 2_000)]);
  const half = { range: range('2026-01-01T10:10Z', '2026-01-01T10:20Z'), now: at('2026-02-01') };
  assert.deepEqual(numbers(await ask(store, { format: 'table' }, half)), [2]);
  assert.deepEqual(numbers(await ask(store, { interval: '1h' }, half)), [3]);
});

test('a gap is zero once the shop has begun, and unknown before its first day', async () => {
  const store = storeOf([sale('2026-01-02T10:00Z', 1_000), sale('2026-01-04T10:00Z', 2_000)]);
  const result = await ask(
    store,
    { interval: '1d' },
    { range: range('2026-01-01', '2026-01-06'), now: at('2026-02-01') },
  );
  assert.deepEqual(numbers(result), [null, 1, 0, 2, 0]);
});

test('a gap is unknown where counting has not got to yet', async () => {
  const store = storeOf([sale('2026-01-02T10:00Z', 1_000)], {}, '2026-01-03T12:00Z');
  const result = await ask(
    store,
    { interval: '1d' },
    { range: range('2026-01-02', '2026-01-06'), now: at('2026-02-01') },
  );
  assert.deepEqual(numbers(result), [1, 0, null, null]);
});

test('no bucket begins after now, and the one that is filling is marked', async () => {
  const store = storeOf([sale('2026-01-01T10:05Z', 1_000)]);
  const result = await ask(
    store,
    { interval: '1h' },
    { range: range('2026-01-01T09:00Z', '2026-01-02T00:00Z'), now: at('2026-01-01T11:20Z') },
  );
  assert.deepEqual(times(result), [
    '2026-01-01T09:00:00.000Z',
    '2026-01-01T10:00:00.000Z',
    '2026-01-01T11:00:00.000Z',
  ]);
  assert.deepEqual(result.frames[0]?.meta?.custom, { incompleteFrom: at('2026-01-01T11:00Z') });
  assert.match(result.meta.notices[0]!.text, /2026-01-01T11:00:00.000Z.*not complete/);
});

test('a ratio is null without a denominator, and shows what it is made of', async () => {
  const store = storeOf([sale('2026-01-01T10:05Z', 1_000), sale('2026-01-01T10:06Z', 2_001)]);
  const result = await ask(
    store,
    { metric: 'aov', interval: '1h' },
    { range: range('2026-01-01T10:00Z', '2026-01-01T12:00Z'), now: at('2026-02-01') },
  );
  assert.deepEqual(numbers(result), [1.5005, null]);
  assert.deepEqual(result.frames[0]?.meta?.custom, { numerator: [3.001, 0], denominator: [2, 0] });
});

test('a ratio over groups is that of their sums, never an average', async () => {
  const visits = (country: string, sessions: number, converted: number): Happening[] =>
    Array.from({ length: sessions }, (_, i) => ({
      time: at('2026-01-01T10:00Z'),
      adds: { sessions: 1, ...(i < converted ? { converted_sessions: 1 } : {}) },
      dimensions: { country },
    }));
  const store = storeOf([...visits('France', 90, 9), ...visits('Spain', 10, 5), ...visits('Malta', 1, 1)]);
  const day = { range: range('2026-01-01', '2026-01-02'), now: at('2026-02-01') };
  const metric = { metric: 'session_conversion', format: 'table' as const };
  assert.deepEqual(numbers(await ask(store, metric, day)), [15 / 101]);
  assert.deepEqual(table(await ask(store, { ...metric, groupBy: 'country', limit: 1 }, day)), {
    France: 0.1,
    other: 6 / 11,
  });
});

test('the greatest groups are shown, the rest and what is outside the domain as other', async () => {
  const store = storeOf([
    sale('2026-01-01T10:00Z', 5_000, 'France'),
    sale('2026-01-01T10:00Z', 1_000, 'Malta'),
    sale('2026-01-01T10:00Z', 9_000, 'other'),
    sale('2026-01-01T10:00Z', 7_000, 'Spain'),
  ]);
  const day = { range: range('2026-01-01', '2026-01-02'), now: at('2026-02-01') };
  const result = await ask(store, { groupBy: 'country', limit: 2, format: 'table' }, day);
  assert.deepEqual(Object.entries(table(result)), [
    ['Spain', 7],
    ['France', 5],
    ['other', 10],
  ]);
});

test('distinct visitors of several windows and groups are counted once', async () => {
  const visit = (time: string, visitor: string, country: string): Happening => ({
    time: at(time),
    adds: { active_visitors: visitor },
    dimensions: { country },
  });
  const store = storeOf([
    visit('2026-01-01T10:00Z', 'ann', 'France'),
    visit('2026-01-01T12:00Z', 'ann', 'Spain'),
    visit('2026-01-01T12:00Z', 'bob', 'Spain'),
    visit('2026-01-01T12:00Z', 'ann', 'Malta'),
  ]);
  const day = { range: range('2026-01-01', '2026-01-02'), now: at('2026-02-01') };
  const visitors = { metric: 'active_visitors', format: 'table' as const };
  assert.deepEqual(numbers(await ask(store, visitors, day)), [2]);
  assert.deepEqual(table(await ask(store, { ...visitors, groupBy: 'country', limit: 1 }, day)), {
    Spain: 2,
    other: 1,
  });
});

test('a time series by group has one labelled field per value', async () => {
  const store = storeOf([
    sale('2026-01-01T10:00Z', 1_000, 'France'),
    sale('2026-01-01T11:00Z', 2_000, 'Spain'),
  ]);
  const result = await ask(
    store,
    { groupBy: 'country', interval: '1h' },
    { range: range('2026-01-01T10:00Z', '2026-01-01T12:00Z'), now: at('2026-02-01') },
  );
  const [, ...fields] = result.frames[0]!.fields;
  assert.deepEqual(
    fields.map(({ labels, config, values }) => ({ labels, name: config.displayName, values })),
    [
      { labels: { country: 'Spain' }, name: 'Spain', values: [0, 2] },
      { labels: { country: 'France' }, name: 'France', values: [1, 0] },
    ],
  );
});

test('a filter alone adds the wanted values up', async () => {
  const store = storeOf(
    ['France', 'Spain', 'Malta'].map((country) => sale('2026-01-01T10:00Z', 1_000, country)),
  );
  const day = { range: range('2026-01-01', '2026-01-02'), now: at('2026-02-01') };
  const without = { dimension: 'country', operator: 'not_in' as const, values: ['Spain'] };
  const result = await ask(store, { format: 'table', filters: [without] }, day);
  assert.deepEqual(numbers(result), [2]);
  assert.deepEqual(result.frames[0]!.fields.length, 1);
});

test('where minutes have expired, a standard shop is answered by hours, and told so', async () => {
  const store = storeOf([sale('2026-01-01T10:05Z', 1_000)], { retention: 'standard' });
  const options = { range: range('2026-01-01T10:00Z', '2026-01-01T12:00Z'), now: at('2026-02-01') };
  const result = await ask(store, { interval: '1m' }, options);
  assert.deepEqual(numbers(result), [1, 0]);
  assert.equal(result.meta.interval, '1h');
  assert.match(result.meta.notices[0]!.text, /1m are no longer kept.*by 1h instead of 1m/);
  const whole = await ask(
    store,
    { format: 'table' },
    { ...options, range: range('2026-01-01T10:30Z', '2026-01-01T12:00Z') },
  );
  assert.deepEqual(numbers(whole), [1]);
  assert.match(whole.meta.notices[0]!.text, /counts 2026-01-01T10:00:00.000Z to 2026-01-01T12:00:00.000Z/);
});

test('an unknown shop is named, with those that exist', async () => {
  const { error } = await ask(storeOf([]), { shop: 'nowhere' }, { range: range('2026-01-01', '2026-01-02') });
  assert.equal(error?.code, 'unknown_shop');
  assert.match(error!.detail, /"nowhere".*uk-retail/);
});

test('an empty range and a range with too many buckets are refused with what to do', async () => {
  const store = storeOf([]);
  const empty = await ask(store, {}, { range: range('2026-01-02', '2026-01-01') });
  assert.equal(empty.error?.code, 'invalid_range');
  const long = await ask(store, { interval: '10s' }, { range: range('2025-01-01', '2026-01-01') });
  assert.equal(long.error?.code, 'too_many_points');
  assert.match(long.error!.detail, /longer interval/);
});

test('more groups than a graph can show are cut with a notice, unless a limit was set', async () => {
  const store = storeOf(
    Array.from({ length: 120 }, (_, i) => sale('2026-01-01T10:00Z', 1_000 + i, `Country ${i}`)),
  );
  const day = { range: range('2026-01-01', '2026-01-02'), now: at('2026-02-01') };
  const guarded = await ask(store, { groupBy: 'country', interval: '1d' }, day);
  assert.equal(guarded.frames[0]!.fields.length, 1 + 100 + 1);
  assert.match(guarded.meta.notices[0]!.text, /100 greatest of 120/);
  const limited = await ask(store, { groupBy: 'country', interval: '1d', limit: 3 }, day);
  assert.deepEqual(limited.meta.notices, []);
});

test('today so far is one window, however odd the moment', async () => {
  const store = storeOf([sale('2026-01-01T10:05Z', 1_000), sale('2026-01-01T14:37:11Z', 2_000)]);
  const now = at('2026-01-01T14:37:12.345Z');
  const today = await ask(store, { format: 'table' }, { range: { from: at('2026-01-01'), to: now }, now });
  assert.deepEqual(numbers(today), [3]);
  assert.deepEqual([today.meta.resolution, today.meta.documents], ['1d', 1]);
});

test('more points than an answer may have are refused with what to do', async () => {
  const store = storeOf(
    Array.from({ length: 60 }, (_, i) => sale('2026-01-01T10:00Z', 1_000, `Country ${i}`)),
  );
  const year = { range: range('2025-06-01', '2026-01-02'), now: at('2026-02-01') };
  const result = await ask(store, { groupBy: 'country', interval: '1h' }, year);
  assert.equal(result.error?.code, 'too_many_points');
  assert.match(result.error!.detail, /60 groups × 5160 buckets/);
});

const backlog = [{ behind: 90_000, updatedAt: new Date(Date.UTC(2026, 0, 1)) }];
const morning = range('2025-12-31T10:00Z', '2025-12-31T14:00Z');
/** A store that lacks what was counted at some instants. */
const storeLacking = (happenings: Happening[], unmerged: string[], merging = backlog) => {
  const shop = makeShop({});
  const documents = documentsOf(catalog, shop, happenings);
  const counted = new Map(documents.map(({ _id, version }) => [_id, version]));
  const lacks = ({ start, end }: (typeof documents)[number]) =>
    end !== null && unmerged.some((time) => start.getTime() <= at(time) && at(time) < end.getTime());
  return createMemoryStore({
    shops: [shop],
    documents: documents.filter((document) => !lacks(document)),
    counted,
    merging,
  });
};

test('a bucket that is counted and not merged is unknown, the answer is incomplete from there, and the others are zero', async () => {
  const sales = [
    sale('2025-12-30T10:00Z', 500),
    ...[10, 12].map((h) => sale(`2025-12-31T${h}:00Z`, h * 100)),
  ];
  for (const merging of [[], backlog]) {
    const store = storeLacking(sales, ['2025-12-31T12:00Z'], merging);
    const result = await ask(store, { interval: '1h' }, { range: morning });
    assert.deepEqual(numbers(result), [1, 0, null, 0]);
    assert.equal(
      result.frames[0]!.meta?.custom && 'incompleteFrom' in (result.frames[0]!.meta.custom as object),
      true,
    );
    const { incompleteFrom } = result.frames[0]!.meta!.custom as { incompleteFrom: number };
    assert.equal(incompleteFrom, at('2025-12-31T12:00Z'));
    assert.equal(
      result.meta.notices.some(({ text }) => /90,000 changed windows/.test(text)),
      merging === backlog,
    );
  }
});

test('other shops’ windows that wait to be merged change nothing for a shop that waits for none', async () => {
  const sales = [sale('2025-12-30T10:00Z', 500), sale('2025-12-31T10:00Z', 1_000)];
  const store = storeLacking(sales, []);
  const series = await ask(store, { interval: '1h' }, { range: morning });
  assert.deepEqual(numbers(series), [1, 0, 0, 0]);
  assert.deepEqual(series.meta.notices, []);
  for (const format of ['table', 'time_series'] as const) {
    const returns = await ask(store, { metric: 'returns', interval: 'all', format }, { range: morning });
    assert.deepEqual([numbers(returns), returns.meta.notices], [[0], []]);
  }
});

test('a table that lacks counted windows says so, and has no zero for what is not known', async () => {
  const sales = [sale('2025-12-31T10:00Z', 1_000), sale('2025-12-31T12:00Z', 2_000)];
  const table = { format: 'table' as const };
  const store = storeLacking(sales, ['2025-12-31T12:00Z'], []);
  const gross = await ask(store, table, { range: morning });
  assert.deepEqual(numbers(gross), [1]);
  assert.match(gross.meta.notices[0]!.text, /not merged yet: figures may be too low/);
  const noon = { range: range('2025-12-31T12:00Z', '2025-12-31T13:00Z') };
  assert.deepEqual(numbers(await ask(store, table, noon)), [null]);
  const other = await ask(store, { ...table, metric: 'product_views' }, { range: morning });
  assert.deepEqual(other.meta.notices, [], 'a group of metrics that waits for nothing');
});

test('a final window that a late event corrects is complete, and one that is filling waits for its next merge', async () => {
  const shop = makeShop({});
  const hours = documentsOf(
    catalog,
    shop,
    [sale('2025-12-31T10:00Z', 1_000), sale('2025-12-31T13:59Z', 500)],
    ['1d', '1h'],
  );
  const counted = new Map(hours.map(({ _id, version }) => [_id, version + 7]));
  const answer = (now: string, isFinal: boolean) =>
    ask(
      createMemoryStore({
        shops: [shop],
        documents: hours.map((hour) => ({ ...hour, final: isFinal })),
        counted,
      }),
      { interval: '1h', metric: 'gross_sales' },
      { range: morning, now: at(now) },
    );
  const incompleteFrom = async (...args: Parameters<typeof answer>) =>
    ((await answer(...args)).frames[0]!.meta!.custom as { incompleteFrom?: number }).incompleteFrom;
  assert.equal(await incompleteFrom('2026-01-01', true), undefined);
  assert.equal(await incompleteFrom('2026-01-01', false), at('2025-12-31T10:00Z'));
  const filling = await answer('2025-12-31T13:59:30Z', false);
  assert.equal(numbers(filling).at(-1), 0.5);
});

test('when merging has stopped the answer says so, and what was merged stays known', async () => {
  const sales = [sale('2025-12-30T10:00Z', 500), sale('2025-12-31T10:00Z', 1_000)];
  const stopped = [{ behind: 0, updatedAt: new Date(Date.UTC(2025, 11, 31, 23)) }];
  const result = await ask(storeLacking(sales, [], stopped), { interval: '1h' }, { range: morning });
  assert.deepEqual(numbers(result), [1, 0, 0, 0]);
  assert.match(result.meta.notices[0]!.text, /No results have been merged since 2025-12-31T23:00/);
});

test('however many queries a request has, the first day of each shop is read once', async () => {
  const store = storeOf([sale('2026-01-02T10:00Z', 1_000), sale('2026-01-04T10:00Z', 2_000)]);
  let reads = 0;
  const counting = {
    ...store,
    firstDay: (...args: Parameters<typeof store.firstDay>) => {
      reads += 1;
      return store.firstDay(...args);
    },
  };
  const queries = Array.from({ length: 20 }, () => ({ interval: '1d' }) as const);
  const days = { range: range('2026-01-01', '2026-01-06'), now: at('2026-02-01') };
  for (const result of await askAll(counting, queries, days))
    assert.deepEqual(numbers(result), [null, 1, 0, 2, 0]);
  assert.equal(reads, 1);
});
