import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, type QueryResult } from '@storepulse/contracts';
import fc from 'fast-check';
import { appOver } from '../testing/app.ts';
import { ask } from '../testing/ask.ts';
import { documentsOf } from '../testing/documents.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeShop } from '../testing/shops.ts';

const BEGIN = Date.UTC(2026, 2, 27, 12);
const range = { from: BEGIN, to: BEGIN + 3_600_000 };
const options = { range, now: range.to };
const shops = [
  makeShop(),
  makeShop({ shop: 'paris', currency: 'EUR', scale: 2, timeZone: 'Europe/Paris' }),
  makeShop({ shop: 'tokyo', currency: 'JPY', scale: 0, timeZone: 'Asia/Tokyo', weekStart: 'sunday' }),
];
const documents = shops.flatMap((shop, i) =>
  documentsOf(catalog, shop, [
    {
      time: BEGIN + 60_000,
      adds: { gross_sales: 1_500 * (i + 1), orders: 1 },
      dimensions: { country: 'France' },
    },
    { time: BEGIN + 90_000, adds: { gross_sales: 7_000, orders: 1 }, dimensions: { country: 'Spain' } },
    { time: BEGIN + 95_000, adds: { orders: 1 }, dimensions: { country: 'Spain' } },
  ]),
);
const store = createMemoryStore({ shops, documents });
const valuesOf = ({ frames }: QueryResult) =>
  frames.map(({ fields }) => fields.filter(({ type }) => type === 'number').map(({ values }) => values));

test('several metrics of several shops are answered as each alone, and nothing is added up', async () => {
  const some = (names: readonly string[]) => fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(
      some(shops.map(({ shop }) => shop)),
      some(['gross_sales', 'orders', 'aov']),
      fc.constantFrom({ format: 'table' }, { format: 'table', groupBy: 'country' }, { interval: '1m' }, {
        interval: '1d',
        groupBy: 'country',
        compareTo: 'previous_week',
      } as const),
      async (shop, metric, rest) => {
        const together = await ask(store, { ...(rest as object), shop, metric }, options);
        const parts = shop.flatMap((one) => metric.map((other) => ({ shop: one, metric: other })));
        const alone = await Promise.all(
          parts.map((part) => ask(store, { ...(rest as object), ...part }, options)),
        );
        assert.deepEqual(valuesOf(together), alone.flatMap(valuesOf));
        assert.equal(together.error, undefined);
        assert.equal(
          together.meta.documents,
          alone.reduce((sum, { meta }) => sum + meta.documents, 0),
        );
        if (parts.length === 1) return;
        const perPart = together.frames.length / parts.length;
        assert.deepEqual(
          together.frames.map(({ meta }) => {
            const { shop: ofShop, metric: ofMetric } = meta!.custom as Record<string, string>;
            return `${ofShop} ${ofMetric}`;
          }),
          parts.flatMap((part) => Array(perPart).fill(`${part.shop} ${part.metric}`)),
        );
      },
    ),
    { numRuns: 30 },
  );
});

test('each frame has the currency of its shop, and a name that tells it from the others', async () => {
  const shop = shops.map((each) => each.shop);
  const { frames, meta } = await ask(
    store,
    { shop, metric: ['gross_sales', 'orders'], format: 'table' },
    options,
  );
  const fields = frames.map((frame) => frame.fields.at(-1)!);
  assert.deepEqual(
    fields.map(({ config }) => `${config.displayName} ${config.unit}`),
    [
      ...[
        'Gross sales · uk-retail currencyGBP',
        'Orders · uk-retail short',
        'Gross sales · paris currencyEUR',
      ],
      ...['Orders · paris short', 'Gross sales · tokyo currencyJPY', 'Orders · tokyo short'],
    ],
  );
  assert.deepEqual(fields[2]!.labels, { shop: 'paris' });
  assert.equal(meta.timeZone, undefined);
  const split = await ask(
    store,
    { metric: ['orders', 'gross_sales'], groupBy: 'country', interval: '1h' },
    options,
  );
  assert.equal(split.frames[0]!.fields[1]!.config.displayName, 'Orders · Spain');
  assert.deepEqual(split.frames[0]!.fields[1]!.labels, { country: 'Spain' });
});

test('of several metrics all have the groups of the first where that is asked for, and each adds up to what it is', async () => {
  const more = documentsOf(catalog, shops[0]!, [
    ...[1, 2, 3, 4].map((n) => ({
      time: BEGIN + n * 1_000,
      adds: { units: 5 - n, view_time: n },
      dimensions: { country: ['Spain', 'France', 'Italy', 'Malta'][n - 1]! },
    })),
    { time: BEGIN + 9_000, adds: { view_time: 7 }, dimensions: { country: 'Latvia' } },
  ]);
  const own = createMemoryStore({ shops: [shops[0]!], documents: more });
  const rowsOf = async (query: object) => {
    const asked = {
      metric: ['units', 'view_time'],
      groupBy: 'country',
      format: 'table' as const,
      ...query,
    };
    const { frames } = await ask(own, asked, options);
    return frames.map(({ fields: [country, number] }) =>
      Object.fromEntries(country!.values.map((value, i) => [value, number!.values[i]])),
    );
  };
  assert.deepEqual(await rowsOf({ limit: 2, groupsOf: 'first' }), [
    { Spain: 4, France: 3, other: 3 },
    { Spain: 1, France: 2, other: 14 },
  ]);
  assert.deepEqual(await rowsOf({ limit: 2 }), [
    { Spain: 4, France: 3, other: 3 },
    { Latvia: 7, Malta: 4, other: 6 },
  ]);
  // What the first one has not follows, as far as the limit goes.
  assert.deepEqual(await rowsOf({ limit: 5, groupsOf: 'first' }), [
    { Spain: 4, France: 3, Italy: 2, Malta: 1 },
    { Spain: 1, France: 2, Italy: 3, Malta: 4, Latvia: 7 },
  ]);
  const series = await ask(
    own,
    { metric: ['units', 'view_time'], groupBy: 'country', interval: '1h', limit: 1, groupsOf: 'first' },
    options,
  );
  assert.deepEqual(
    series.frames.map(({ fields }) => fields.slice(1).map(({ labels, values }) => [labels!.country, values])),
    [
      [
        ['Spain', [4]],
        ['other', [6]],
      ],
      [
        ['Spain', [1]],
        ['other', [16]],
      ],
    ],
  );
});

test('with the groups of the first each metric’s column is what it has alone, and adds up to the whole', async () => {
  const countries = ['Spain', 'France', 'Italy', 'Malta', 'Latvia'];
  const metrics = ['units', 'view_time', 'gross_sales'];
  const happening = fc.record({
    country: fc.constantFrom(...countries),
    adds: fc.constantFrom(...metrics),
    n: fc.integer({ min: 1, max: 900 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(happening, { minLength: 1, maxLength: 20 }),
      fc.shuffledSubarray(metrics, { minLength: 2 }),
      fc.integer({ min: 1, max: 6 }),
      async (happened, metric, limit) => {
        const documents = documentsOf(
          catalog,
          shops[0]!,
          happened.map(({ country, adds, n }) => ({
            ...{ time: BEGIN + 1_000, adds: { [adds]: n * 100 }, dimensions: { country } },
          })),
        );
        const own = createMemoryStore({ shops: [shops[0]!], documents });
        const split = { groupBy: 'country', format: 'table' } as const;
        const rows = ({ fields: [country, number] }: QueryResult['frames'][number]) =>
          new Map(country!.values.map((value, i) => [value, number!.values[i] as number]));
        const { frames } = await ask(own, { ...split, metric, limit, groupsOf: 'first' }, options);
        const leading = [...rows(frames[0]!).keys()];
        for (const [i, name] of metric.entries()) {
          const together = rows(frames[i]!);
          const alone = rows((await ask(own, { ...split, metric: name }, options)).frames[0]!);
          const sum = (numbers: Iterable<number>) => [...numbers].reduce((a, b) => a + b, 0);
          assert.deepEqual([...together.keys()].slice(0, leading.length).sort(), leading.sort());
          for (const [country, value] of together) {
            if (country !== 'other') assert.equal(value, alone.get(country) ?? 0);
          }
          assert.ok([...together.keys()].filter((country) => country !== 'other').length <= limit);
          assert.ok(Math.abs(sum(together.values()) - sum(alone.values())) < 1e-6);
        }
      },
    ),
    { numRuns: 40 },
  );
});

test('what one of them can’t answer is an error that names it', async () => {
  const { error, frames } = await ask(store, { shop: ['paris', 'rome'], metric: 'orders' }, options);
  assert.equal(error?.code, 'unknown_shop');
  assert.match(error!.detail, /^orders of rome: there is no shop "rome"/);
  assert.deepEqual(frames, []);
});

test('over HTTP lists are taken, repeated and too many ones refused, and rows of CSV tell shop and metric', async () => {
  const app = await appOver(store, range.to);
  const post = (queries: object[], accept = 'application/json') =>
    app.inject({ method: 'POST', url: '/api/v1/query', headers: { accept }, payload: { range, queries } });
  const query = { refId: 'A', shop: ['paris', 'tokyo'], metric: ['orders', 'gross_sales'], format: 'table' };
  assert.deepEqual(
    (await post([{ ...query, groupBy: 'country', limit: 1 }], 'text/csv')).body.split('\r\n'),
    [
      'ref_id,shop,metric,compared,dimension,group,time,value',
      ...['A,paris,orders,,country,Spain,,2', 'A,paris,orders,,country,other,,1'],
      ...['A,paris,gross_sales,,country,Spain,,70', 'A,paris,gross_sales,,country,other,,30'],
      ...['A,tokyo,orders,,country,Spain,,2', 'A,tokyo,orders,,country,other,,1'],
      ...['A,tokyo,gross_sales,,country,Spain,,7000', 'A,tokyo,gross_sales,,country,other,,4500'],
      '',
    ],
  );
  const series = {
    ...query,
    shop: ['paris', 'tokyo'],
    metric: 'orders',
    format: 'time_series',
    interval: '1h',
  };
  assert.match((await post([series], 'text/csv')).body, /^A,paris,orders,,,,2026-03-27T12:00:00.000Z,3\r$/m);
  assert.equal((await post([{ ...query, shop: ['paris', 'paris'] }])).json().code, 'invalid_request');
  assert.equal((await post([{ ...query, shop: [] }])).json().code, 'invalid_request');
  const metric = [...catalog.metrics.keys()].slice(0, 20);
  const many = await post([{ ...query, metric, shop: ['uk-retail', 'paris', 'tokyo'] }]);
  assert.equal(many.json().code, 'invalid_request');
  assert.match(many.json().detail, /ask for 60 metrics of shops, and 50 are possible/);
});
