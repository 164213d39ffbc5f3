import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ask, numbers, table } from '../testing/ask.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeShop } from '../testing/shops.ts';
import type { EditFact, OrderFact, PaymentFact, RefundFact } from './rows.ts';

const DAY = 86_400_000;
const BEGIN = Date.UTC(2025, 0, 1);
const LENGTH = 500 * DAY;
const NOW = BEGIN + LENGTH;
const CUSTOMERS = ['a', 'Ä', 'z', '\u{1f600}', '\uffff'];
const COUNTRIES = ['France', 'Spain', null];

const time = fc.integer({ min: 0, max: LENGTH - 1 }).map((ms) => BEGIN + ms);
const circumstances = {
  country: fc.constantFrom(...COUNTRIES),
  device: fc.constantFrom('mobile', 'desktop'),
  channel: fc.constant('direct'),
};
const distinctTimes = { selector: ({ eventTime }: { eventTime: number }) => eventTime };
const orders: fc.Arbitrary<OrderFact[]> = fc.uniqueArray(
  fc.record({
    customerId: fc.constantFrom(...CUSTOMERS),
    eventTime: time,
    subtotal: fc.integer({ min: 0, max: 1_000 }),
    discount: fc.integer({ min: 0, max: 10 }),
    ...circumstances,
    paymentMethod: fc.constant('card'),
  }),
  { maxLength: 25, ...distinctTimes },
);
const charge = fc.integer({ min: 0, max: 90 });
const refunds: fc.Arbitrary<RefundFact[]> = fc.array(
  fc
    .record({
      customerId: fc.constantFrom(...CUSTOMERS),
      eventTime: time,
      goods: fc.integer({ min: 0, max: 500 }),
      shipping: charge,
      tax: charge,
      tellsCharges: fc.boolean(),
      discountAsSold: fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
    })
    .map(({ goods, shipping, tax, tellsCharges, discountAsSold, ...fact }) => ({
      ...fact,
      ...(tellsCharges ? { amount: goods + shipping + tax, shipping, tax } : { amount: goods }),
      ...(discountAsSold === undefined ? {} : { discountAsSold }),
    })),
  { maxLength: 6 },
);
const edits: fc.Arbitrary<EditFact[]> = fc.array(
  fc.record({
    customerId: fc.constantFrom(...CUSTOMERS),
    eventTime: time,
    total: fc.integer({ min: -500, max: 500 }),
    shipping: fc.integer({ min: -90, max: 90 }),
    tax: fc.integer({ min: -90, max: 90 }),
    discountAsSold: fc.constantFrom(null, 30),
  }),
  { maxLength: 6 },
);
/** What happens to orders later. */
const changes = fc.record({ refunds, edits });
const payments: fc.Arbitrary<PaymentFact[]> = fc.uniqueArray(
  fc.record({
    orderId: fc.constantFrom('1', '2', '3', '4'),
    eventTime: time,
    type: fc.constantFrom('payment_authorized' as const, 'payment_failed' as const),
    ...circumstances,
    method: fc.constantFrom('card', 'paypal'),
  }),
  { maxLength: 12, ...distinctTimes },
);
const window = fc.tuple(time, time).filter(([a, b]) => a !== b);
const runs = { numRuns: 50 };

interface Changes {
  readonly refunds: readonly RefundFact[];
  readonly edits: readonly EditFact[];
}
interface History extends Changes {
  readonly orders: readonly OrderFact[];
}

/** The published definitions, each by going over all orders of each customer. */
const CUSTOMER_METRICS: Record<string, (history: History, from: number, to: number) => number> = {
  customers_to_date: ({ orders }, _from, to) => +orders.some(({ eventTime }) => eventTime < to),
  ordering_customers: ({ orders }, from, to) => +orders.some((order) => isIn(order, from, to)),
  new_customers: ({ orders }, from, to) => +isIn(firstOf(orders), from, to),
  returning_customers: ({ orders }, from, to) =>
    +(orders.some((order) => isIn(order, from, to)) && firstOf(orders).eventTime < from),
  repeat_customers: ({ orders }, _from, to) =>
    +(orders.filter(({ eventTime }) => eventTime < to).length >= 2),
  customer_net_sales: ({ orders, refunds, edits }, _from, to) => {
    const before = ({ eventTime }: { eventTime: number }) => eventTime < to;
    const ordered = orders.filter(before);
    if (ordered.length === 0) return 0;
    const sold = ordered.reduce((sum, { subtotal, discount }) => sum + subtotal - discount, 0);
    const changed = edits
      .filter(before)
      .reduce(
        (sum, { total, shipping, tax, discountAsSold }) =>
          sum + total - shipping - tax + (discountAsSold ?? 0),
        0,
      );
    const back = refunds
      .filter(before)
      .reduce(
        (sum, { amount, shipping, tax, discountAsSold }) =>
          sum + amount - (shipping ?? 0) - (tax ?? 0) - (discountAsSold ?? 0),
        0,
      );
    return sold + changed - back;
  },
};
const isIn = ({ eventTime }: { eventTime: number }, from: number, to: number) =>
  eventTime >= from && eventTime < to;
const firstOf = <T extends { eventTime: number }>(facts: readonly T[]): T =>
  facts.toSorted((a, b) => a.eventTime - b.eventTime)[0]!;

function histories(orders: readonly OrderFact[], { refunds, edits }: Changes): History[] {
  return CUSTOMERS.map((customer) => ({
    orders: orders.filter(({ customerId }) => customerId === customer),
    refunds: refunds.filter(({ customerId }) => customerId === customer),
    edits: edits.filter(({ customerId }) => customerId === customer),
  })).filter((history) => history.orders.length > 0);
}

const shop = makeShop({ scale: 0, currency: 'JPY' });
const storeOf = (facts: Parameters<typeof createMemoryStore>[0]['facts']) =>
  createMemoryStore({
    shops: [shop],
    documents: [],
    progress: [
      { offsets: { transactions: 1 }, watermarks: { [shop.shop]: NOW }, latest: { [shop.shop]: NOW } },
    ],
    ...(facts ? { facts } : {}),
  });
const sumOf = (values: readonly (number | null)[]) =>
  values.reduce<number>((sum, value) => sum + (value ?? 0), 0);

for (const [metric, of] of Object.entries(CUSTOMER_METRICS)) {
  test(`${metric} of any range is what going over each customer’s orders gives`, () =>
    fc.assert(
      fc.asyncProperty(orders, changes, window, async (orders, changes, [a, b]) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const result = await ask(
          storeOf({ orders, ...changes }),
          { metric, format: 'table' },
          { range: { from, to }, now: NOW },
        );
        const expected = histories(orders, changes).reduce((sum, history) => sum + of(history, from, to), 0);
        assert.equal(sumOf(numbers(result)), expected);
      }),
      runs,
    ));

  test(`${metric} of each month, by the country of the first order, is what going over them gives`, () =>
    fc.assert(
      fc.asyncProperty(orders, changes, async (orders, changes) => {
        const store = storeOf({ orders, ...changes });
        const range = { from: BEGIN, to: NOW };
        const { frames } = await ask(
          store,
          { metric, interval: '1M', groupBy: 'country' },
          { range, now: NOW },
        );
        const [times, ...columns] = frames[0]!.fields;
        for (const country of ['France', 'Spain', 'unknown']) {
          const own = histories(orders, changes).filter(
            (history) => (firstOf(history.orders).country ?? 'unknown') === country,
          );
          const column = columns.find(({ labels }) => labels?.country === country);
          times!.values.forEach((start, i) => {
            const from = start as number;
            const to = (times!.values[i + 1] as number | undefined) ?? Number.POSITIVE_INFINITY;
            const expected = own.reduce((sum, history) => sum + of(history, from, to), 0);
            assert.equal(column?.values[i] ?? 0, expected, `${country} ${new Date(from).toISOString()}`);
          });
        }
      }),
      { numRuns: 60 },
    ));
}

test('the segments of any moment are what each customer’s orders until then give', () =>
  fc.assert(
    fc.asyncProperty(orders, window, async (orders, [from, to]) => {
      const range = { from: Math.min(from, to), to: Math.max(from, to) };
      const query = { metric: 'customers_to_date', groupBy: 'segment', format: 'table' } as const;
      const shown = table(await ask(storeOf({ orders }), query, { range, now: NOW }));
      const expected: Record<string, number> = {};
      for (const history of histories(orders, { refunds: [], edits: [] })) {
        const until = history.orders.filter(({ eventTime }) => eventTime < range.to);
        if (until.length === 0) continue;
        const age = range.to - Math.max(...until.map(({ eventTime }) => eventTime));
        const frequency = until.length === 1 ? 'one' : until.length < 5 ? 'some' : 'many';
        const segment =
          age > 365 * DAY
            ? 'lost'
            : age > 90 * DAY
              ? { one: 'one_time', some: 'at_risk', many: 'at_risk' }[frequency]
              : { one: 'new', some: 'loyal', many: 'champion' }[frequency];
        expected[segment] = (expected[segment] ?? 0) + 1;
      }
      assert.deepEqual(shown, expected);
    }),
    runs,
  ));

test('a segment of each day is that of a table until the day’s end', () =>
  fc.assert(
    fc.asyncProperty(orders, async (orders) => {
      const store = storeOf({ orders });
      const range = { from: NOW - 120 * DAY, to: NOW };
      const query = { metric: 'repeat_customers', groupBy: 'segment' } as const;
      const { frames } = await ask(store, { ...query, interval: '1d' }, { range, now: NOW });
      const [times, ...columns] = frames[0]!.fields;
      for (const day of [0, 40, 89]) {
        const to = times!.values[day + 1] as number;
        const shown = table(
          await ask(store, { ...query, format: 'table' }, { range: { from: to - DAY, to }, now: NOW }),
        );
        for (const { labels, values } of columns)
          assert.equal(values[day] ?? 0, shown[labels!.segment!] ?? 0, `${labels!.segment} ${day}`);
      }
    }),
    { numRuns: 60 },
  ));

/** An order with all that becomes of it, each at its own time, as the events tell it. */
const whole = fc.record({
  order: fc.record({
    eventTime: time,
    subtotal: fc.integer({ min: 0, max: 1_000 }),
    discount: fc.integer({ min: 0, max: 10 }),
    ...circumstances,
  }),
  edits: fc.array(
    fc.record({
      eventTime: time,
      total: fc.integer({ min: -500, max: 500 }),
      shipping: fc.integer({ min: -90, max: 90 }),
      tax: fc.integer({ min: -90, max: 90 }),
      ...circumstances,
    }),
    { maxLength: 2 },
  ),
  refunds: fc.array(
    fc.record({ eventTime: time, amount: fc.integer({ min: 0, max: 500 }), ...circumstances }),
    {
      maxLength: 2,
    },
  ),
  isCancelled: fc.boolean(),
});

test('net sales without cancelled orders are those of the orders that stand, by country and by month', () =>
  fc.assert(
    fc.asyncProperty(fc.array(whole, { maxLength: 8 }), window, async (all, [a, b]) => {
      const named = all.map((each, n) => ({ ...each, orderId: `o${n}` }));
      const nowhere = { country: 'France', device: null, channel: null };
      const ofNobody = { orderId: null, eventTime: BEGIN, amount: 7, ...nowhere };
      const cancelled = named.filter(({ isCancelled }) => isCancelled);
      const store = storeOf({
        goods: {
          cancelled: [
            ...cancelled.map(({ orderId, order }) => ({ orderId, order })),
            { orderId: 'never told' },
          ],
          orders: named.map(({ order }) => order),
          edits: named.flatMap(({ orderId, edits }) => edits.map((edit) => ({ ...edit, orderId }))),
          refunds: [
            ...named.flatMap(({ orderId, refunds }) => refunds.map((refund) => ({ ...refund, orderId }))),
            ofNobody,
          ],
        },
      });
      const standing = named.filter(({ isCancelled }) => !isCancelled);
      const booked = [
        ...standing.map(({ order }) => ({ ...order, worth: order.subtotal - order.discount })),
        ...standing.flatMap(({ edits }) =>
          edits.map((edit) => ({ ...edit, worth: edit.total - edit.shipping - edit.tax })),
        ),
        ...standing.flatMap(({ refunds }) => refunds.map((refund) => ({ ...refund, worth: -refund.amount }))),
        { ...ofNobody, worth: -7 },
      ];
      const worthOf = (isWanted: (fact: (typeof booked)[number]) => boolean) =>
        booked.filter(isWanted).reduce((sum, { worth }) => sum + worth, 0);
      const metric = 'net_sales_without_cancelled';

      const range = { from: Math.min(a, b), to: Math.max(a, b) };
      const total = await ask(store, { metric, format: 'table' }, { range, now: NOW });
      assert.equal(
        sumOf(numbers(total)),
        worthOf((fact) => isIn(fact, range.from, range.to)),
      );

      const lifetime = { range: { from: BEGIN, to: NOW }, now: NOW };
      const shown = table(await ask(store, { metric, format: 'table', groupBy: 'country' }, lifetime));
      for (const country of COUNTRIES)
        assert.equal(
          shown[country ?? 'unknown'] ?? 0,
          worthOf((fact) => fact.country === country),
        );

      const { frames } = await ask(store, { metric, interval: '1M' }, lifetime);
      const [times, months] = frames[0]!.fields;
      times!.values.forEach((start, i) => {
        const to = (times!.values[i + 1] as number | undefined) ?? Number.POSITIVE_INFINITY;
        assert.equal(
          months!.values[i] ?? 0,
          worthOf((fact) => isIn(fact, start as number, to)),
        );
      });
    }),
    runs,
  ));

test('orders with a failed payment are those none of whose attempts succeeded, booked at the first', () =>
  fc.assert(
    fc.asyncProperty(payments, window, async (payments, [a, b]) => {
      const range = { from: Math.min(a, b), to: Math.max(a, b) };
      const booked = ['1', '2', '3', '4']
        .map((orderId) => payments.filter((payment) => payment.orderId === orderId))
        .filter((attempts) => attempts.length > 0 && isIn(firstOf(attempts), range.from, range.to));
      for (const method of ['card', 'paypal']) {
        const own = booked.filter((attempts) => firstOf(attempts).method === method);
        const failed = own.filter((attempts) => attempts.every(({ type }) => type === 'payment_failed'));
        const filters = [{ dimension: 'payment_method', operator: 'in' as const, values: [method] }];
        const shown = async (metric: string) =>
          sumOf(
            numbers(
              await ask(storeOf({ payments }), { metric, format: 'table', filters }, { range, now: NOW }),
            ),
          );
        assert.equal(await shown('payment_orders'), own.length);
        assert.equal(await shown('failed_payment_orders'), failed.length);
      }
    }),
    runs,
  ));
