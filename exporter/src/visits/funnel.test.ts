import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askRows } from '../testing/ask.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeShop } from '../testing/shops.ts';
import type { VisitRow } from './visit-row.ts';

const BEGIN = Date.UTC(2026, 5, 1);
const HOUR = 3_600_000;
const range = { from: BEGIN, to: BEGIN + 24 * HOUR };
const now = BEGIN + 48 * HOUR;
const shop = makeShop();
const visit = (fields: Partial<VisitRow> = {}): VisitRow => ({
  ...{ firstTime: BEGIN, device: 'mobile', channel: 'email', country: 'France', steps: {}, settled: true },
  ...fields,
});
const askFunnel = (
  visits: readonly VisitRow[],
  query: object = {},
  { until = now, maxVisits }: { until?: number; maxVisits?: number } = {},
) =>
  askRows(
    createMemoryStore({
      shops: [shop],
      documents: [],
      visits,
      progress: [
        { offsets: { transactions: 1 }, watermarks: { [shop.shop]: until }, latest: { [shop.shop]: until } },
      ],
    }),
    { type: 'funnel', steps: ['visited', 'carted', 'ordered'], ...query },
    { range, now, ...(maxVisits === undefined ? {} : { maxVisits }) },
  );
const column = (result: Awaited<ReturnType<typeof askFunnel>>, name: string) =>
  result.frames[0]!.fields.find((field) => field.name === name)?.values;
const incompleteFrom = (result: Awaited<ReturnType<typeof askFunnel>>) =>
  (result.frames[0]!.meta!.custom as { incompleteFrom?: number }).incompleteFrom;

test('what stored visits can’t tell is a problem that says why', async () => {
  const cases = [
    [
      { steps: ['searched', 'viewed'] },
      /of "viewed" only the first moment is stored.*after "searched".*"open": true/,
    ],
    [{ steps: ['carted', 'visited'] }, /"visited" is where each visit begins: put it first/],
    [{ steps: ['carted', 'visited'], open: true }, /put it first/],
  ] as const;
  for (const [query, message] of cases) {
    const { error } = await askFunnel([], query);
    assert.equal(error?.code, 'invalid_request');
    assert.match(error.detail, message);
  }
  const filters = [{ dimension: 'sku', operator: '=', values: ['a'] }];
  const { error } = await askFunnel([], { filters });
  assert.equal(error?.code, 'dimension_not_of_metric');
  assert.equal(error.detail, 'visits have no sku, only country, device, channel');
  const byDay = { dimension: 'weekday', operator: '=' as const, values: ['Monday'] };
  const { error: ofTime } = await askFunnel([], { filters: [byDay] });
  assert.equal(ofTime?.detail, 'visits have no weekday, only country, device, channel');
});

test('an open funnel takes the steps in any order', async () => {
  const visits = [
    visit({ steps: { viewed: [BEGIN], searched: [BEGIN + 1_000] } }),
    visit({ steps: { searched: [BEGIN] } }),
  ];
  const result = await askFunnel(visits, { steps: ['searched', 'viewed'], open: true });
  assert.deepEqual(column(result, 'visits'), [2, 1]);
  assert.deepEqual(column(result, 'conversion_from_previous'), [null, 0.5]);
  // The one visit with both viewed first: no time lies between.
  assert.deepEqual(column(result, 'median_time_from_previous'), [null, null]);
});

test('a visit with more moments of a step than are stored is told of, not guessed', async () => {
  const many = Array.from({ length: 50 }, (_, n) => BEGIN + n * 1_000);
  const visits = [visit({ steps: { ordered: [BEGIN + 60_000], carted: many } })];
  const result = await askFunnel(visits, { steps: ['ordered', 'carted'] });
  assert.deepEqual(column(result, 'visits'), [1, 0]);
  assert.match(result.meta.notices[0]!.text, /^Of 1 visits not all moments of a step are stored/);
});

test('a funnel is incomplete from the first visit that goes on, or where counting has come to', async () => {
  const going = visit({ firstTime: BEGIN + 2 * HOUR, settled: false });
  assert.equal(incompleteFrom(await askFunnel([visit(), going])), BEGIN + 2 * HOUR);
  assert.equal(incompleteFrom(await askFunnel([visit()], {}, { until: BEGIN + HOUR })), BEGIN + HOUR);
  const done = await askFunnel([visit()]);
  assert.deepEqual([incompleteFrom(done), done.meta.notices], [undefined, []]);
});

test('the greatest groups are shown, and the rest as other', async () => {
  const visits = ['France', 'France', 'Spain', 'Italy', 'Chad'].map((country) => visit({ country }));
  const result = await askFunnel(visits, { steps: ['visited', 'carted'], groupBy: 'country', limit: 2 });
  assert.deepEqual(column(result, 'country'), ['France', 'France', 'Chad', 'Chad', 'other', 'other']);
  assert.deepEqual(column(result, 'visits'), [2, 0, 1, 0, 2, 0]);
  assert.deepEqual(result.meta.notices, []);
});

test('without visits each step is zero, and has no share', async () => {
  const result = await askFunnel([]);
  assert.deepEqual(column(result, 'visits'), [0, 0, 0]);
  assert.deepEqual(column(result, 'conversion_from_first'), [null, null, null]);
});

test('more visits than can be gone over are refused before they are read', async () => {
  const { error } = await askFunnel([visit(), visit()], {}, { maxVisits: 1 });
  assert.equal(error?.code, 'too_many_visits');
});

test('a range that ends before it begins is refused', async () => {
  const { error } = await askFunnel([], { range: { from: range.to, to: range.from } });
  assert.equal(error?.code, 'invalid_range');
});
