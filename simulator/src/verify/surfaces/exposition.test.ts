import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { catalog, type StoredMetric } from '@storepulse/contracts';
import { localDates } from '../window-keys.ts';
import { expositionSurface, parseExposition } from './exposition.ts';

const SHOP = { shop: 'first', scale: 2, dateOf: localDates('Europe/London') };
const SPAN = { resolution: 'all', from: 0, to: 1 } as const;
const metric = (name: string) => catalog.metrics.get(name) as StoredMetric;

/** The surface over a text that a server serves while `use` goes on. */
async function withText(
  text: string,
  use: (surface: Awaited<ReturnType<typeof expositionSurface>>) => Promise<void>,
): Promise<void> {
  const server = createServer((_request, response) => response.end(text)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    await use(await expositionSurface(`http://127.0.0.1:${port}`, catalog));
  } finally {
    server.close();
  }
}

const TEXT = `# HELP storepulse_orders_total Orders
# TYPE storepulse_orders_total counter
storepulse_orders_total{shop="first"} 12
storepulse_orders_total{shop="second"} 3
storepulse_gross_sales_total{shop="first",currency="GBP"} 19.99
storepulse_view_time_seconds_total{shop="first"} 1.5
storepulse_orders_by_country_total{shop="first",country="GB"} 9
storepulse_orders_by_country_total{shop="first",country="other"} 3
`;

test('names, labels with their escapes and values are read; comments are not', () => {
  const text = ['# TYPE a counter', String.raw`a{b="Côte \"d\\Or\"",c="x"} 12`, 'up 1', ''].join('\n');
  assert.deepEqual(parseExposition(text), [
    { name: 'a', labels: { b: String.raw`Côte "d\Or"`, c: 'x' }, value: 12 },
    { name: 'up', labels: {}, value: 1 },
  ]);
});

test('a shop’s figures are those with its label, counters and gauges alike, in the units that are shown', () =>
  withText(TEXT, async (surface) => {
    const shown = (await surface.read(SHOP, SPAN)).get('all')!;
    assert.equal(shown.get('orders|total|all'), 12);
    assert.equal(shown.get('gross_sales|total|all'), 19.99);
    assert.equal(surface.toShown(metric('gross_sales'), 1_999, SHOP), 19.99);
    assert.equal(shown.get('view_time|total|all'), surface.toShown(metric('view_time'), 1_500, SHOP));
  }));

test('a distribution is a histogram of the shop', () =>
  withText(
    [
      'storepulse_view_duration_seconds_bucket{le="0.5",shop="first"} 3',
      'storepulse_view_duration_seconds_bucket{le="+Inf",shop="first"} 4',
      'storepulse_view_duration_seconds_count{shop="first"} 4',
      'storepulse_view_duration_seconds_sum{shop="first"} 4.2',
    ].join('\n'),
    async (surface) => {
      const shown = (await surface.read(SHOP, SPAN)).get('all')!;
      assert.deepEqual(shown.get('view_duration|total|all'), { count: 4, buckets: [[0.5, 3]] });
      assert.equal(surface.shows(metric('view_duration'), 'total'), true);
      assert.equal(surface.shows(metric('time_to_purchase'), 'total'), false);
    },
  ));

test('what the budget of series has no place for need not be shown', () =>
  withText(`${TEXT}storepulse_series_dropped{metric="refunds",dimension="country"} 2\n`, async (surface) => {
    const shown = (await surface.read(SHOP, SPAN)).get('all')!;
    const expected = new Map([
      ['refunds|country|GB', 2],
      ['refunds|total|all', 2],
    ]);
    assert.deepEqual([...surface.summarise!(expected, shown)], [['refunds|total|all', 2]]);
  }));

test('a dimension that has series for one metric must have them for all', () =>
  withText(TEXT, async (surface) => {
    assert.equal(surface.shows(metric('refunds'), 'country'), true);
    assert.equal(surface.shows(metric('refunds'), 'device'), false);
    assert.equal(surface.shows(metric('refunds'), 'total'), true);
  }));

test('what is shown under other is what has no series of its own', () =>
  withText(TEXT, async (surface) => {
    const shown = (await surface.read(SHOP, SPAN)).get('all')!;
    const expected = new Map([
      ['orders|country|GB', 9],
      ['orders|country|DE', 2],
      ['orders|country|FR', 1],
      ['orders|total|all', 12],
    ]);
    assert.deepEqual([...surface.summarise!(expected, shown)].sort(), [
      ['orders|country|GB', 9],
      ['orders|country|other', 3],
      ['orders|total|all', 12],
    ]);
  }));
