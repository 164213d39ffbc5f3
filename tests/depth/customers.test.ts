import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import {
  type AskedShops,
  askedShops,
  assertAsByHand,
  factQueries,
  figuresOf,
  NOW,
  toldOf,
} from './asked-of-customers.ts';
import { BEGIN } from './lives.ts';

let folder: string;
let asked: AskedShops;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'customers-'));
  asked = await askedShops(folder, 4, 1);
});
after(async () => {
  await asked?.close();
  await rm(folder, { recursive: true, force: true });
});

const INTERVALS = ['1M', '1w', '1d', '3M', 'all'];

test('customers in rows are what the fold over facts tells, as a table and over time', async () => {
  for (const { fold, lake } of asked.shops) {
    const queries = fc
      .sample(factQueries(asked.depth, 1), { numRuns: 25, seed: 2 })
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
    const queries = fc.sample(factQueries(asked.depth, 3), { numRuns: 40, seed: 3 });
    for (let at = 0; at < queries.length; at += 20)
      compared += await assertAsByHand(shop, queries.slice(at, at + 20));
  }
  assert.ok(compared > 300, `${compared} numbers`);
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
