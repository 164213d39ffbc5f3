import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type QueryResult, toRecord } from '@storepulse/contracts';
import fc from 'fast-check';
import { assertAsBruteForce, overLake, randomQueries } from '../../depth/asked.ts';
import { askedShops, assertAsByHand, factQueries, toldOf } from '../../depth/asked-of-customers.ts';
import { useServers } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { tablesOf } from '../ask-tables.ts';
import { simulate } from '../simulated.ts';

const MORNING = Date.UTC(2026, 2, 28, 9);
const DAY = 86_400_000;
const QUERIES = 1_000;
const PER_REQUEST = 20;

test('a thousand random queries of two and three dimensions equal brute force over the events', async (t) => {
  const { shop, events } = simulate(MORNING, 6_000, 0.03);
  const folder = await mkdtemp(join(tmpdir(), 'depth-'));
  const over = await overLake(folder, shop, events);
  try {
    const queries = randomQueries(over, MORNING - DAY, MORNING + 4 * DAY);
    const asked = fc.sample(queries, { numRuns: QUERIES, seed: Number(process.env.STOREPULSE_SEED ?? 1) });
    let compared = 0;
    for (let at = 0; at < asked.length; at += PER_REQUEST)
      compared += await assertAsBruteForce(over, shop, asked.slice(at, at + PER_REQUEST));
    t.diagnostic(`${asked.length} queries, ${compared} numbers`);
  } finally {
    await over.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test('thousands of random questions about customers of random shops are as the fold tells, and as going over everything does', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'customers-'));
  const seed = Number(process.env.STOREPULSE_SEED ?? 1);
  const asked = await askedShops(folder, 24, seed);
  try {
    let compared = 0;
    for (const shop of asked.shops) {
      const folded = fc.sample(factQueries(asked.depth, 1), { numRuns: 60, seed: seed + 1 });
      for (const [i, { groupBy, ...rest }] of folded.entries()) {
        const query = { ...rest, ...(groupBy.length > 0 ? { groupBy } : {}) };
        const interval = ['10s', '1h', '1d', '1w', '1M', '3M', '1y', 'all'][i % 8];
        const range = interval === '10s' || interval === '1h' ? shortOf(query.range, interval) : query.range;
        const own = [
          { ...query, format: 'table', limit: 1_000 },
          { ...query, range, interval, limit: 100 },
          { type: 'cohort', months: 1 + (i % 24), range: query.range },
        ];
        const [told, right] = [await shop.lake(own), await shop.fold(own)];
        own.forEach((each, at) => {
          assert.equal(told[at]!.meta.source, 'lake', JSON.stringify(each));
          assert.deepEqual(toldOf(told[at]!), toldOf(right[at]!), JSON.stringify(each));
        });
        compared += own.length;
      }
      const queries = fc.sample(factQueries(asked.depth, 3), { numRuns: 200, seed: seed + 2 });
      for (let at = 0; at < queries.length; at += PER_REQUEST)
        compared += await assertAsByHand(shop, queries.slice(at, at + PER_REQUEST));
    }
    t.diagnostic(`${compared} answers and numbers`);
  } finally {
    await asked.close();
    await rm(folder, { recursive: true, force: true });
  }
});

/** As many buckets as may be asked for. */
function shortOf({ from }: { from: number }, interval: '10s' | '1h'): { from: number; to: number } {
  return { from, to: from + (interval === '10s' ? 3_600_000 : 10 * DAY) };
}

test('on real servers, rows that the archiver has written are what the cells are', async () => {
  const { shop, events } = simulate(MORNING, 2_000, 0.03);
  await using servers = await useServers();
  const pipeline = servers.pipeline('depth');
  const lake = { LAKE_LOCATION: join(servers.folder, 'lake') };
  await pipeline.start('processor');
  await pipeline.start('archiver', { ...lake, ARCHIVER_FLUSH_MS: '500', ARCHIVER_MERGE_MS: '1000' });
  const producer = pipeline.kafka.producer();
  await producer.connect();
  pipeline.onStop(() => producer.disconnect());
  const records = [shop, ...events.map(({ event }) => event)].map((event) => toRecord(event, '/test'));
  for (const record of records) {
    const { topic, key, value, headers } = record;
    await producer.send({ topic: `${pipeline.prefix}${topic}`, messages: [{ key, value, headers }] });
  }
  const exporter = await pipeline.start('exporter', { ...lake, EXPORTER_DEPTH_MB: '256' });
  const range = { from: MORNING - 2 * DAY, to: MORNING + 5 * DAY };
  const ask = tablesOf(exporter.url, shop.shop, range);
  const sums = ({ frames }: QueryResult): Record<string, number> => {
    const { fields } = frames[0]!;
    const into: Record<string, number> = {};
    fields[0]!.values.forEach((value, i) => {
      const before = into[String(value)] ?? 0;
      into[String(value)] = Math.round((before + Number(fields.at(-1)!.values[i])) * 100) / 100;
    });
    return Object.fromEntries(Object.entries(into).filter(([, sum]) => sum !== 0));
  };
  for (const metric of ['orders', 'net_sales', 'units', 'product_views', 'sessions', 'payment_attempts']) {
    const { cells, rows } = await until(
      `${metric} is the same in cells and in rows`,
      async () => {
        const [cells, rows] = await ask(
          { metric, groupBy: 'country' },
          { metric, groupBy: ['country', 'device'] },
        );
        return { cells: sums(cells!), rows: sums(rows!), source: rows!.meta.source };
      },
      ({ cells, rows, source }) =>
        source === 'lake' &&
        Object.keys(cells).length > 1 &&
        JSON.stringify(Object.entries(cells).sort()) === JSON.stringify(Object.entries(rows).sort()),
      120_000,
    );
    assert.deepEqual(rows, cells);
  }
});
