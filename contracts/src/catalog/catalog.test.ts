import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { VisitEvent } from '../events/index.ts';
import { country, device } from './dimensions.ts';
import {
  CatalogError,
  catalog,
  defineCatalog,
  dimensionValue,
  evaluate,
  mergeSessions,
  sessionOf,
  stored,
} from './index.ts';
import * as sources from './sources.ts';

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

test('a value that is missing counts as unknown, one outside the domain as other', () => {
  assert.equal(dimensionValue(country, null), 'unknown');
  assert.equal(dimensionValue(country, 'United Kingdom'), 'United Kingdom');
  assert.equal(dimensionValue(country, 'a|b'), 'other');
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
    define(stored({ ...orders, source: sources.session, dimensions: [], measure: 'max', of: () => 1 })),
    CatalogError,
  );
  assert.throws(
    define(stored({ ...orders, source: sources.order, dimensions: [], measure: 'sum' })),
    CatalogError,
  );
});

const visitEvent = fc.record({
  type: fc.constantFrom('session_started', 'product_viewed', 'cart_item_added', 'order_placed'),
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
