import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { catalog } from '@storepulse/contracts';
import type { LakeFile } from '@storepulse/lake';
import fc from 'fast-check';
import { lakeOfLog, type PlacedEvent, placedIn } from '../warehouse/lake-of-events.ts';
import {
  type AskedShop,
  type AskedShops,
  askedShop,
  askedShops,
  assertAsByHand,
  factQueries,
  figuresOf,
  NOW,
  toldOf,
} from './asked-of-customers.ts';
import { onceEach } from './brute-force.ts';
import { depthOf } from './depth-of.ts';
import { BEGIN } from './lives.ts';

const DAY = 86_400_000;

let folder: string;
let asked: AskedShops;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'customers-'));
  asked = await askedShops(folder, 3, 1);
});
after(async () => {
  await asked?.close();
  await rm(folder, { recursive: true, force: true });
});

const INTERVALS = ['1M', '1w', '1d', '3M', 'all'];

test('customers in rows are what the fold over facts tells, as a table and over time', async () => {
  for (const { fold, lake } of asked.shops) {
    const queries = fc
      .sample(factQueries(asked.depth, 1), { numRuns: 15, seed: 2 })
      .flatMap(({ groupBy, ...rest }, i) => {
        const query = { ...rest, ...(groupBy.length > 0 ? { groupBy } : {}) };
        return [
          { ...query, format: 'table', limit: 1_000 },
          { ...query, interval: INTERVALS[i % INTERVALS.length], limit: 100 },
        ];
      });
    for (let at = 0; at < queries.length; at += 10) {
      const own = queries.slice(at, at + 10);
      const [told, right] = [await lake(own), await fold(own)];
      own.forEach((query, i) => {
        assert.equal(told[i]!.meta.source, 'lake', JSON.stringify(told[i]));
        assert.deepEqual(toldOf(told[i]!), toldOf(right[i]!), JSON.stringify(query));
      });
    }
  }
});

test('customers by two and three dimensions, with any filters, are what going over everything gives', async () => {
  let compared = 0;
  for (const shop of asked.shops) {
    const queries = fc.sample(factQueries(asked.depth, 3), { numRuns: 80, seed: 3 });
    for (let at = 0; at < queries.length; at += 20)
      compared += await assertAsByHand(shop, queries.slice(at, at + 20));
  }
  assert.ok(compared > 300, `${compared} numbers`);
});

test('a shop with more orders than the fold goes over is told by the lake', async () => {
  const [{ shop, events, byHand }] = asked.shops as [AskedShop];
  const large = await askedShop(shop, events, asked.depth, 2_000_001);
  try {
    const range = { from: BEGIN, to: NOW };
    const query = { metric: 'customers_to_date', format: 'table', range };
    const [[refused], [told]] = [await large.fold([query]), await large.lake([query])];
    assert.equal(refused!.error?.code, 'too_many_facts');
    assert.match(refused!.error!.detail, /EXPORTER_DEPTH_MB/);
    const metric = catalog.metrics.get('customers_to_date')!;
    const right = byHand.table(metric, [], range, () => true).get('');
    assert.ok(right! > 4);
    assert.equal(told!.frames[0]!.fields.at(-1)!.values[0], right);
  } finally {
    await large.close();
  }
});

test('a dimension that a customer has no one value of is refused, and the error says what to ask instead', async () => {
  const [{ lake }] = asked.shops as [AskedShop];
  const [byProduct, byHour, byNone] = await lake([
    { metric: 'new_customers', groupBy: ['sku', 'country'] },
    { metric: 'new_customers', groupBy: ['hour_of_day', 'country'] },
    { metric: 'net_sales_without_cancelled', groupBy: ['country', 'segment'] },
  ]);
  assert.equal(byProduct!.error?.code, 'dimension_not_of_metric');
  assert.match(byProduct!.error!.detail, /ask for orders or sales by them, split by cohort/);
  assert.equal(byHour!.error?.code, 'dimension_not_of_metric');
  assert.match(byHour!.error!.detail, /ask for orders, or for sales, by it/);
  assert.equal(byNone!.error?.code, 'dimension_not_of_metric');
});

test('files that come late, are taken back or forget a customer leave what all that is left gives', async () => {
  const { events } = asked;
  const shops = asked.shops.map(({ shop }) => shop);
  const known = new Map(shops.map((shop) => [shop.shop, shop]));
  const placed = placedIn([...events.values()].flat());
  const below = await mkdtemp(join(folder, 'steps-'));
  const { depth, load } = await depthOf(below, shops, NOW);
  const query = { metric: 'sales_per_customer', groupBy: ['country', 'cohort'], filters: [] };
  const queries = [
    { ...query, range: { from: BEGIN, to: NOW } },
    { ...query, metric: 'returning_customers', range: { from: BEGIN + 100 * DAY, to: NOW } },
    {
      ...query,
      metric: 'payment_failure_rate_by_order',
      groupBy: ['country', 'device'],
      range: { from: 0, to: NOW },
    },
    {
      ...query,
      metric: 'net_sales_without_cancelled',
      groupBy: ['country', 'device'],
      range: { from: 0, to: NOW },
    },
  ];
  const isRight = async (left: readonly PlacedEvent[]) => {
    for (const shop of shops) {
      const own = onceEach(left.filter(({ event }) => event.shop === shop.shop));
      const opened = await askedShop(shop, own, depth);
      assert.ok((await assertAsByHand(opened, queries)) > 3);
      await opened.close();
    }
  };
  try {
    // What is told last comes first: copies before what they are copies of, refunds before orders. What an order took off is looked up in the
    // order, which the log has before.
    const isLate = ({ event }: PlacedEvent, i: number) =>
      i % 3 === 0 &&
      !(event.type === 'refund_issued' && event.lines?.some(({ discount }) => discount === undefined));
    const late = placed.filter(isLate);
    const files = await lakeOfLog(join(below, 'late'), known, late, '2025-01-01');
    const early = placed.filter((each, i) => !isLate(each, i));
    const rest = await lakeOfLog(join(below, 'rest'), known, early, '2025-01-01');
    const under = (name: string, own: readonly LakeFile[]) =>
      own.map((file) => ({ ...file, _id: join(name, file._id) }));
    await load(under('late', files));
    await isRight(late);
    await load([...under('late', files), ...under('rest', rest)]);
    await isRight(placed);
    const erased = placed.map((each) =>
      (each.event as { customerId?: string | null }).customerId === 'a'
        ? { ...each, event: { ...each.event, customerId: null } as PlacedEvent['event'] }
        : each,
    );
    await load(under('erased', await lakeOfLog(join(below, 'erased'), known, erased, '2025-01-01')));
    await isRight(erased);
  } finally {
    await depth.close();
  }
});

test('cohorts in rows are those of the fold', async () => {
  const filters = [{ dimension: 'country', operator: '!=', values: ['FR'] }];
  for (const { fold, lake } of asked.shops) {
    const queries = [
      { type: 'cohort' },
      { type: 'cohort', months: 3, filters },
      {
        type: 'cohort',
        filters: [...filters, { dimension: 'payment_method', operator: '=', values: ['card'] }],
      },
      { type: 'cohort', range: { from: BEGIN + 100 * 86_400_000, to: BEGIN + 220 * 86_400_000 } },
    ];
    const [told, right] = [await lake(queries), await fold(queries)];
    told.forEach((result, i) => {
      assert.deepEqual(figuresOf(result), figuresOf(right[i]!), JSON.stringify(queries[i]));
      assert.deepEqual([result.meta.source, result.meta.lake], ['lake', { until: NOW, seamAt: NOW }]);
    });
  }
});
