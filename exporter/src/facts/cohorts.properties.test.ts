import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QueryResult } from '@storepulse/contracts';
import fc from 'fast-check';
import { askRows } from '../testing/ask.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeShop } from '../testing/shops.ts';
import type { OrderFact } from './rows.ts';

/** A zone of which no instant of these months is in the month that it is in by UTC, at both ends. */
const shop = makeShop({ timeZone: 'Pacific/Auckland' });
const DAY = 86_400_000;
const BEGIN = Date.UTC(2025, 0, 1);
const NOW = Date.UTC(2025, 11, 10);
/** The months of the shop, by a formatter of the platform. */
const format = new Intl.DateTimeFormat('en-CA', {
  timeZone: shop.timeZone,
  year: 'numeric',
  month: '2-digit',
});
const monthOf = (time: number) => format.format(time).slice(0, 7);
const numberOf = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;
const textOf = (month: number) => `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;

const orders: fc.Arbitrary<OrderFact[]> = fc.uniqueArray(
  fc.record({
    customerId: fc.constantFrom('a', 'b', 'c', 'Ä', '\u{1f600}'),
    eventTime: fc.integer({ min: 0, max: NOW - BEGIN }).map((ms) => BEGIN + ms),
    subtotal: fc.constant(100),
    discount: fc.constant(0),
    country: fc.constantFrom('France', null),
    device: fc.constant('mobile'),
    channel: fc.constant('direct'),
    paymentMethod: fc.constant('card'),
  }),
  { maxLength: 30, selector: ({ eventTime }) => eventTime },
);

const storeOf = (orders: readonly OrderFact[], until = NOW) =>
  createMemoryStore({
    shops: [shop],
    documents: [],
    facts: { orders },
    progress: [
      { offsets: { transactions: 1 }, watermarks: { [shop.shop]: until }, latest: { [shop.shop]: until } },
    ],
  });
const column = (result: QueryResult, name: string, frame = 0) =>
  result.frames[frame]!.fields.find((field) => field.name === name)!.values;

/** By first month: the months in which each of its customers ordered, by going over all orders. */
function cohortsOf(orders: readonly OrderFact[]): Map<number, Set<number>[]> {
  const cohorts = new Map<number, Set<number>[]>();
  for (const customer of new Set(orders.map(({ customerId }) => customerId))) {
    const own = orders.filter(({ customerId }) => customerId === customer);
    const months = new Set(own.map(({ eventTime }) => numberOf(monthOf(eventTime))));
    const first = Math.min(...months);
    cohorts.set(first, [...(cohorts.get(first) ?? []), months]);
  }
  return cohorts;
}

test('cohorts are what going over all orders of each customer gives, by months of the shop', () =>
  fc.assert(
    fc.asyncProperty(
      orders,
      fc.integer({ min: 1, max: 14 }),
      fc.integer({ min: 0, max: 300 }),
      fc.integer({ min: 1, max: 300 }),
      async (orders, months, skip, length) => {
        const range = { from: BEGIN + skip * DAY, to: BEGIN + (skip + length) * DAY };
        const result = await askRows(storeOf(orders), { type: 'cohort', months }, { range, now: NOW });
        const all = cohortsOf(orders);
        const [from, to] = [range.from, Math.min(range.to, NOW) - 1].map((time) => numberOf(monthOf(time)));
        const first = [...all.keys()]
          .filter((month) => month >= from! && month <= to!)
          .sort((a, b) => a - b)[0];
        const rows = first === undefined ? [] : Array.from({ length: to! - first + 1 }, (_, i) => first + i);
        assert.deepEqual(column(result, 'cohort'), rows.map(textOf));
        const present = numberOf(monthOf(NOW));
        rows.forEach((month, row) => {
          const customers = all.get(month) ?? [];
          assert.equal(column(result, 'customers')[row], customers.length);
          for (let since = 0; since <= months; since++) {
            const counted = customers.filter((ordered) => ordered.has(month + since)).length;
            const isOver = month + since <= present;
            assert.equal(column(result, `month_${since}`)[row], isOver ? counted : null);
            const share = customers.length === 0 || !isOver ? null : counted / customers.length;
            assert.equal(column(result, `month_${since}`, 1)[row], share);
          }
        });
        const { incompleteSince } = result.frames[0]!.meta!.custom as { incompleteSince: (number | null)[] };
        assert.deepEqual(
          incompleteSince,
          rows.map((month) => (present - month <= months ? present - month : null)),
        );
      },
    ),
    { numRuns: 60 },
  ));

const order = (customerId: string, day: number, country = 'France'): OrderFact => ({
  ...{ customerId, eventTime: BEGIN + day * DAY, subtotal: 100, discount: 0, country, device: 'mobile' },
  ...{ channel: 'direct', paymentMethod: 'card' },
});

test('filters are about the first order, and a value that the shop has never had is told', async () => {
  const orders = [order('a', 5), order('a', 40, 'Spain'), order('b', 6, 'Spain')];
  const filters = [{ dimension: 'country', operator: '=' as const, values: ['France'] }];
  const range = { from: BEGIN, to: NOW };
  const result = await askRows(storeOf(orders), { type: 'cohort', months: 2, filters }, { range, now: NOW });
  assert.deepEqual(column(result, 'month_0')[0], 1);
  assert.deepEqual(column(result, 'month_1')[0], 1);
  const unknown = [{ dimension: 'country', operator: '=' as const, values: ['Frnace'] }];
  const told = await askRows(storeOf(orders), { type: 'cohort', filters: unknown }, { range, now: NOW });
  assert.match(told.meta.notices.map(({ text }) => text).join(), /has had no country "Frnace"/);
  const wrong = [{ dimension: 'segment', operator: '=' as const, values: ['new'] }];
  const refused = await askRows(storeOf(orders), { type: 'cohort', filters: wrong }, { range, now: NOW });
  assert.equal(refused.error?.code, 'dimension_not_of_metric');
});

test('months that have not been counted are incomplete or unknown, not zero', async () => {
  const until = Date.UTC(2025, 2, 10);
  const range = { from: BEGIN, to: Date.UTC(2025, 1, 10) };
  const result = await askRows(
    storeOf([order('a', 5)], until),
    { type: 'cohort', months: 3 },
    { range, now: NOW },
  );
  const row = [0, 1, 2, 3].map((since) => column(result, `month_${since}`)[0]);
  assert.deepEqual(row, [1, 0, 0, null]);
  const { incompleteSince, incompleteFrom } = result.frames[0]!.meta!.custom as Record<string, unknown>;
  assert.deepEqual(incompleteSince, [2, 1]);
  assert.equal(monthOf(incompleteFrom as number), '2025-03');
  assert.match(result.meta.notices[0]!.text, /^From 2025-03 on months are not complete yet/);
});
