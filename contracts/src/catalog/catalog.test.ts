import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { VisitEvent } from '../events/index.ts';
import { aggregators, type MeasureKind } from '../measures/index.ts';
import { country, device } from './dimensions.ts';
import {
  CatalogError,
  catalog,
  countedRows,
  defineCatalog,
  dimensionValue,
  evaluate,
  mergeSessions,
  quantileOf,
  ratio,
  type SessionState,
  type StoredMetric,
  segmentOf,
  sessionOf,
  stored,
  type Unit,
} from './index.ts';
import * as sources from './sources.ts';

const counts = (name: string, visit: SessionState) =>
  [...countedRows(catalog.metrics.get(name) as StoredMetric, visit)].length > 0;
const FUNNEL = {
  viewed: 'viewing_sessions',
  carted: 'funnel_cart_sessions',
  ordered: 'funnel_order_sessions',
};
const reachedInOrder = (visit: SessionState, step: keyof typeof FUNNEL) => counts(FUNNEL[step], visit);
const isBounce = (visit: SessionState) => counts('bounced_sessions', visit);

test('every metric states its definition, and every formula names stored metrics', () => {
  for (const metric of catalog.metrics.values()) {
    assert.ok(metric.description.length > 10, metric.name);
    assert.ok(catalog.partsOf(metric).length > 0, metric.name);
  }
});

test('a metric computed from others can be split only by what all of them have', () => {
  assert.deepEqual(catalog.dimensionsOf(catalog.metrics.get('net_sales')!), [
    'country',
    'device',
    'channel',
    'category',
    'sku',
  ]);
  assert.deepEqual(catalog.dimensionsOf(catalog.metrics.get('net_after_adjustments')!), [
    'country',
    'device',
    'channel',
  ]);
});

test('net sales after adjustments is gross − discounts − returns + adjustments', () => {
  const metric = catalog.metrics.get('net_after_adjustments')!;
  assert.ok(metric.kind === 'derived');
  const values: Record<string, number> = { gross_sales: 100, discounts: 5, returns: 20, adjustments: -3 };
  assert.equal(
    evaluate(metric.expression, (name) => values[name] ?? null),
    72,
  );
});

test('definitions that are stored since the first release hash as they did', () => {
  const stored = {
    ...{ orders: '48c5050a720d3e73', gross_sales: '508acc1b1401a455', returns: '75bd28b3b36c0960' },
    ...{ shipping: '718797e8af343f72', time_to_purchase: '67c88653a6f60331', stock: 'bf5caa4d7ca0fa2e' },
  };
  for (const [name, hash] of Object.entries(stored)) assert.equal(catalog.schemaHashes.get(name), hash, name);
});

test('a value that is missing counts as unknown, one outside the domain as other', () => {
  assert.equal(dimensionValue(country, null), 'unknown');
  assert.equal(dimensionValue(country, 'United Kingdom'), 'United Kingdom');
  assert.equal(dimensionValue(country, 'a|b'), 'a|b');
  assert.equal(dimensionValue(country, 'x'.repeat(81)), 'other');
  assert.equal(dimensionValue(device, 'toaster'), 'other');
});

test('declarations that contradict each other are refused', () => {
  const orders = {
    name: 'orders',
    title: 'Orders',
    description: 'Orders placed',
    group: 'sales',
    unit: 'count',
    better: 'up',
    measure: 'count',
  } as const;
  const define =
    (...metrics: Parameters<typeof defineCatalog>[0]['metrics']) =>
    () =>
      defineCatalog({ metrics, dimensions: [country] });
  const fine = stored({ ...orders, source: sources.order, dimensions: ['country'] });
  assert.doesNotThrow(define(fine));
  assert.throws(define(fine, fine), CatalogError);
  assert.throws(define(stored({ ...orders, source: sources.order, dimensions: ['planet'] })), CatalogError);
  assert.throws(
    define(stored({ ...orders, source: sources.session, dimensions: [], measure: 'max', of: 1 })),
    CatalogError,
  );
  assert.throws(
    define(stored({ ...orders, source: sources.order, dimensions: [], measure: 'sum' })),
    CatalogError,
  );
});

test('hours and weekdays are told by windows: what events tell has other names, and metrics over facts have neither', () => {
  const weekday = { ...country, name: 'weekday' };
  assert.throws(() => defineCatalog({ metrics: [], dimensions: [weekday] }), /weekday is one of time/);
  const timesOf = (name: string) => catalog.timeDimensionsOf(catalog.metrics.get(name)!);
  assert.deepEqual(timesOf('aov'), ['weekday', 'hour_of_day']);
  assert.deepEqual(timesOf('new_customers'), []);
});

test('a quantile is of a distribution', () => {
  const orders = catalog.metrics.get('orders')!;
  const p95 = { ...catalog.metrics.get('checkout_latency_p95')!, of: 'orders' } as never;
  assert.throws(
    () => defineCatalog({ metrics: [orders, p95], dimensions: [...catalog.dimensions.values()] }),
    CatalogError,
  );
});

test('the unit of a count or an estimate is a count, and shares are not added up', () => {
  const define = (measure: MeasureKind, unit: Unit) => () =>
    defineCatalog({
      metrics: [
        stored({
          name: 'tried',
          title: 'Tried',
          description: 'A measure in a unit',
          group: 'tried',
          better: 'up',
          measure,
          unit,
          source: sources.order,
          of: 1,
          dimensions: [],
        }),
      ],
      dimensions: [],
    });
  const refused: Partial<Record<MeasureKind, Unit[]>> = {
    count: ['money', 'ratio', 'milliseconds'],
    distinct: ['money', 'ratio', 'milliseconds'],
    sum: ['ratio'],
  };
  for (const measure of Object.keys(aggregators) as MeasureKind[]) {
    for (const unit of ['money', 'count', 'ratio', 'milliseconds'] as const) {
      if (refused[measure]?.includes(unit)) assert.throws(define(measure, unit), CatalogError);
      else assert.doesNotThrow(define(measure, unit), `${measure} of ${unit}`);
    }
  }
});

test('a quantile’s name is its per cent, with an underscore for the point', () => {
  const latency = catalog.metrics.get('checkout_latency') as StoredMetric;
  const names = (...quantiles: number[]) =>
    quantileOf(latency, quantiles).map(({ name }) => name.slice(latency.name.length));
  assert.deepEqual(names(0.5, 0.95, 0.58, 0.29, 0.999, 0.9999, 0.001, 0, 1), [
    '_p50',
    '_p95',
    '_p58',
    '_p29',
    '_p99_9',
    '_p99_99',
    '_p0_1',
    '_p0',
    '_p100',
  ]);
  assert.equal(quantileOf(latency, [0.999])[0]!.title, 'Checkout latency, p99.9');
});

test('quantiles of any share make a catalogue, but for what is no share', () => {
  const latency = catalog.metrics.get('checkout_latency') as StoredMetric;
  const define = (quantile: number) =>
    defineCatalog({
      metrics: [latency, ...quantileOf(latency, [quantile])],
      dimensions: [...catalog.dimensions.values()],
    });
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (quantile) => {
      const [name] = [...define(quantile).metrics.keys()].slice(-1);
      assert.match(name!, /^checkout_latency_p\d+(_\d+)?$/);
    }),
  );
  for (const quantile of [-0.1, 1.1, 95, Number.NaN]) assert.throws(() => define(quantile), CatalogError);
});

test('a formula’s parts are read from one place: stored windows, or one kind of facts', () => {
  const parts = ['orders', 'new_customers', 'payment_orders'].map((name) => catalog.metrics.get(name)!);
  const define = (left: string, right: string) => () =>
    defineCatalog({
      metrics: [
        ...parts,
        ratio({
          name: 'mixed',
          title: 'Mixed',
          unit: 'ratio',
          better: 'up',
          description: 'One ÷ the other',
          numerator: { op: 'metric', name: left },
          denominator: { op: 'metric', name: right },
        }),
      ],
      dimensions: [...catalog.dimensions.values()],
    });
  assert.throws(define('new_customers', 'orders'), CatalogError);
  assert.throws(define('new_customers', 'payment_orders'), CatalogError);
  assert.doesNotThrow(define('payment_orders', 'payment_orders'));
});

test('a segment goes by recency and frequency, and its bounds belong to the better one', () => {
  const day = 86_400_000;
  const segments = (orders: number) =>
    [0, 90 * day, 90 * day + 1, 365 * day, 365 * day + 1].map((age) => segmentOf(orders, 0, age));
  assert.deepEqual(segments(1), ['new', 'new', 'one_time', 'one_time', 'lost']);
  assert.deepEqual(segments(4), ['loyal', 'loyal', 'at_risk', 'at_risk', 'lost']);
  assert.deepEqual(segments(5), ['champion', 'champion', 'at_risk', 'at_risk', 'lost']);
});

test('a closed funnel asks for the order of the steps, an open one does not', () => {
  const visit = (...steps: [VisitEvent['type'], number][]) =>
    steps
      .map(([type, eventTime], n) => sessionOf({ type, eventTime, eventId: `e${n}` } as VisitEvent))
      .reduce(mergeSessions);
  const cartFirst = visit(['cart_item_added', 1], ['product_viewed', 2]);
  assert.ok(cartFirst.steps.carted && cartFirst.steps.viewed);
  assert.equal(reachedInOrder(cartFirst, 'viewed'), true);
  assert.equal(reachedInOrder(cartFirst, 'carted'), false);
  const again = mergeSessions(cartFirst, visit(['cart_item_added', 3], ['order_placed', 9]));
  assert.equal(reachedInOrder(again, 'carted'), true);
  assert.equal(reachedInOrder(again, 'ordered'), false, 'no checkout');
  assert.equal(reachedInOrder(mergeSessions(again, visit(['checkout_started', 5])), 'ordered'), true);
});

test('a visit is a bounce once it has ended without a second interaction', () => {
  const arrived = sessionOf({ type: 'session_started', eventTime: 1, eventId: 'a' } as VisitEvent);
  const looked = mergeSessions(
    arrived,
    sessionOf({ type: 'product_viewed', eventTime: 2, eventId: 'b' } as VisitEvent),
  );
  assert.equal(isBounce(looked), false, 'still open');
  assert.equal(isBounce({ ...looked, settled: true }), true);
  const stayed = mergeSessions(
    looked,
    sessionOf({ type: 'cart_viewed', eventTime: 3, eventId: 'c' } as VisitEvent),
  );
  assert.equal(isBounce({ ...stayed, settled: true }), false);
});

test('a settled visit stays so when an earlier event turns up, and opens again with a later one', () => {
  const settled = {
    ...sessionOf({ type: 'product_viewed', eventTime: 10, eventId: 'a' } as VisitEvent),
    settled: true,
  };
  const settledWith = (eventTime: number) =>
    mergeSessions(settled, sessionOf({ type: 'product_viewed', eventTime, eventId: 'b' } as VisitEvent))
      .settled;
  assert.equal(settledWith(5), true);
  assert.equal(settledWith(11), false);
});

const visitEvent = fc.record({
  type: fc.constantFrom(
    'session_started',
    'product_viewed',
    'cart_item_added',
    'checkout_started',
    'order_placed',
  ),
  eventId: fc.integer({ min: 0, max: 20 }).map((n) => `event-${n}`),
  eventTime: fc.integer({ min: 0, max: 5 }),
  shop: fc.constant('s'),
  device: fc.constantFrom('desktop', 'mobile', null),
  channel: fc.constant('direct'),
  country: fc.constantFrom('France', null),
}) as unknown as fc.Arbitrary<VisitEvent>;
const eventsById = fc.uniqueArray(visitEvent, {
  minLength: 1,
  maxLength: 12,
  selector: (event) => event.eventId,
});

test('a visit is the same whatever order its events come in, and however they are split', () => {
  fc.assert(
    fc.property(
      eventsById.chain((events) =>
        fc.tuple(
          fc.constant(events),
          fc.shuffledSubarray(events, { minLength: events.length }),
          fc.nat(events.length - 1),
        ),
      ),
      ([events, shuffled, cut]) => {
        const union = (items: VisitEvent[]) => items.map(sessionOf).reduce(mergeSessions);
        const whole = union(events);
        assert.deepEqual(union(shuffled), whole);
        assert.deepEqual(mergeSessions(whole, union(shuffled)), whole);
        if (cut > 0)
          assert.deepEqual(mergeSessions(union(shuffled.slice(cut)), union(shuffled.slice(0, cut))), whole);
      },
    ),
  );
});

test('every metric of the product is about something, and tells no word twice', () => {
  for (const { name, title, area, synonyms = [] } of catalog.metrics.values()) {
    assert.ok(area, `${name} has no area`);
    const words = [title, ...synonyms].map((word) => word.toLowerCase());
    assert.deepEqual([...new Set(words)], words, name);
  }
});

test('the words of the trade find their metrics and dimensions', () => {
  const named = (word: string) =>
    [...catalog.metrics.values(), ...catalog.dimensions.values()]
      .filter(({ synonyms = [] }) => synonyms.some((synonym) => synonym.toLowerCase() === word))
      .map(({ name }) => name);
  assert.ok(named('aov').includes('aov'));
  assert.ok(named('revenue').includes('net_sales'));
  assert.ok(named('turnover').includes('net_sales'));
  assert.ok(named('sku').includes('sku'));
  assert.ok(named('conversion rate').includes('session_conversion'));
});
