import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, DISTINCT_STANDARD_ERROR, DISTRIBUTION_RELATIVE_ERROR } from '@storepulse/contracts';
import { ask, numbers, times } from '../testing/ask.ts';
import { documentsOf, type Happening } from '../testing/documents.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeShop } from '../testing/shops.ts';

const at = (text: string) => Date.parse(text);
const shop = makeShop({ timeZone: 'UTC' });
const BEGIN = at('2026-01-01');
const NOW = at('2026-01-03');
const sale = (time: string, country: string, visitor = 'ann'): Happening => ({
  time: at(time),
  adds: { orders: 1, gross_sales: 1_000, active_visitors: visitor, checkout_latency: 100 },
  dimensions: { country, device: 'mobile' },
});
const sales = [sale('2026-01-01T10:00Z', 'France'), sale('2026-01-02T10:00Z', 'Spain')];
const storeOf = (happenings: Happening[], watermark = NOW) =>
  createMemoryStore({
    shops: [shop],
    documents: documentsOf(catalog, shop, happenings),
    progress: [
      {
        offsets: { transactions: 1 },
        watermarks: { [shop.shop]: watermark },
        latest: { [shop.shop]: watermark },
      },
    ],
  });
const store = storeOf(sales);
const days = { range: { from: BEGIN, to: NOW }, now: NOW };
const only = (dimension: string, ...values: string[]) => [{ dimension, operator: 'in' as const, values }];

test('a value that a dimension can never have is refused, with those that it can', async () => {
  const cases = [
    [
      only('device', 'moblie'),
      /device can't be "moblie"; there are desktop, mobile, tablet, unknown and other/,
    ],
    [only('country', ' '), /country can't be " "; it takes any name/],
    [only('country', ''), /country can't be ""/],
    [only('country', 'a\0b'), /country can't be/],
  ] as const;
  for (const [filters, words] of cases) {
    const { error } = await ask(store, { metric: 'orders', filters }, days);
    assert.equal(error?.code, 'unknown_value');
    assert.match(error.detail, words);
  }
  const cohorts = only('cohort', '2026-13');
  assert.equal(
    (await ask(store, { metric: 'new_customers', filters: cohorts }, days)).error?.code,
    'unknown_value',
  );
});

test('a value that the shop has never had is named: a typing error looks like a quiet day', async () => {
  for (const format of ['table', 'time_series'] as const) {
    const filters = only('country', 'Frnace', 'Spain');
    const { meta } = await ask(store, { metric: 'orders', format, filters }, days);
    assert.deepEqual(
      meta.notices.filter(({ severity }) => severity === 'warning').map(({ text }) => text),
      ['uk-retail has had no country "Frnace" so far: check the spelling in the filter.'],
    );
  }
  const without = [{ dimension: 'country', operator: 'not_in' as const, values: ['Frnace'] }];
  assert.equal((await ask(store, { metric: 'orders', filters: without }, days)).meta.notices.length, 1);
});

test('a value that the shop has had at another time is no typing error', async () => {
  const day = { range: { from: BEGIN, to: BEGIN + 86_400_000 }, now: NOW };
  for (const value of ['Spain', 'other', 'unknown']) {
    const { meta } = await ask(
      store,
      { metric: 'orders', format: 'table', filters: only('country', value) },
      day,
    );
    assert.deepEqual(meta.notices, [], value);
  }
});

test('an interval of a table and a limit without groups are said to be of no use', async () => {
  const texts = async (query: object) => (await ask(store, query, days)).meta.notices.map(({ text }) => text);
  assert.match((await texts({ format: 'table', interval: '1h' }))[0]!, /"interval" \(1h\) is not used/);
  assert.match((await texts({ limit: 5 }))[0]!, /"limit" \(5\) is not used/);
  assert.deepEqual(await texts({ format: 'table', interval: 'auto' }), []);
  assert.deepEqual(await texts({ format: 'table', interval: 'all' }), []);
  assert.deepEqual(await texts({ groupBy: 'country', limit: 5 }), []);
});

test('an estimate is marked with how good it is; an exact figure is not', async () => {
  const many = Array.from({ length: 400 }, (_, i) => sale('2026-01-01T10:00Z', 'France', `visitor-${i}`));
  const marked = async (happenings: Happening[], metric: string, format: 'table' | 'time_series') => {
    const { frames, meta } = await ask(storeOf(happenings), { metric, format }, days);
    const { relativeError } = frames[0]!.meta!.custom as { relativeError?: number };
    return [relativeError, meta.notices.filter(({ text }) => /is an estimate, within/.test(text)).length];
  };
  for (const format of ['table', 'time_series'] as const) {
    assert.deepEqual(await marked(many, 'active_visitors', format), [DISTINCT_STANDARD_ERROR, 1]);
    assert.deepEqual(await marked(sales, 'active_visitors', format), [undefined, 0]);
    assert.deepEqual(await marked(sales, 'checkout_latency', format), [DISTRIBUTION_RELATIVE_ERROR, 1]);
    assert.deepEqual(await marked(sales, 'orders', format), [undefined, 0]);
  }
});

test('a table that goes on beyond what has been counted is marked as incomplete from there', async () => {
  const watermark = at('2026-01-02T12:00Z');
  const behind = storeOf(sales, watermark);
  const custom = async (range: { from: number; to: number }) => {
    const { frames, meta } = await ask(behind, { metric: 'orders', format: 'table' }, { range, now: NOW });
    return [frames[0]!.meta!.custom, meta.notices.length];
  };
  assert.deepEqual(await custom({ from: BEGIN, to: NOW }), [{ incompleteFrom: watermark }, 1]);
  assert.deepEqual(await custom({ from: watermark + 1, to: NOW }), [{ incompleteFrom: watermark + 1 }, 1]);
  assert.deepEqual(await custom({ from: BEGIN, to: watermark }), [{}, 0]);
});

test('a range from 1970 on and into the future is answered as the part of it that events can be in', async () => {
  const endless = { range: { from: 0, to: at('9999-12-31') }, now: NOW };
  assert.deepEqual(numbers(await ask(store, { metric: 'orders', format: 'table' }, endless)), [2]);
  const byDay = await ask(store, { metric: 'orders', interval: '1d' }, endless);
  assert.equal(times(byDay)[0], '2000-01-01T00:00:00.000Z');
  assert.equal(times(byDay).at(-1), '2026-01-02T00:00:00.000Z');
  assert.deepEqual(numbers(byDay).slice(-2), [1, 1]);
  const hour = { from: NOW - 3_600_000, to: at('2036-01-01') };
  const auto = await ask(store, { metric: 'orders' }, { range: hour, now: NOW, maxDataPoints: 400 });
  assert.equal(auto.meta.interval, '10s', 'as fine as the hour that there is');
  for (const range of [
    { from: NOW + 1_000, to: NOW + 9_000 },
    { from: 0, to: 1_000 },
  ])
    for (const format of ['table', 'time_series'] as const) {
      const { error, frames } = await ask(store, { metric: 'orders', format }, { range, now: NOW });
      assert.equal(error, undefined);
      assert.ok(frames[0]!.fields.at(-1)!.values.every((value) => value === null));
    }
});
