import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalog } from '@storepulse/contracts';
import { openDepth } from '@storepulse/exporter/depth/depth';
import { appOver } from '@storepulse/exporter/testing/app';
import { createMemoryStore } from '@storepulse/exporter/testing/memory-store';
import { type Duck, openDuck } from '@storepulse/lake';
import { BEGIN, END, SHOP, writeLake } from './two-years.ts';

/**
 * How fast combinations of dimensions are answered: two years of a shop, written straight into Parquet as the archiver lays it out, asked
 * over the exporter's API, each question beside SQL that is written by hand over tables made for it, in one run. Prints how long reading
 * the lake took, then p50 and p99 of each, and their ratio; on a machine that others use, the ratio is what matters.
 * `npx node bench/depth/run.ts [orders] [rounds] [pattern of questions' names]`
 */
const ORDERS = Number(process.argv[2] ?? 5_000_000);
const ROUNDS = Number(process.argv[3] ?? 50);
/** Only questions whose name fits it. */
const ONLY = new RegExp(process.argv[4] ?? '');
/** Visits without an order. */
const OTHERS = Math.floor(ORDERS / 5);
const DAY = 86_400_000;
const BOUNDS = { memoryMb: 1_536, threads: 2 };

/** Tables as somebody would make them who has nothing but these questions. */
async function byHand(folder: string): Promise<Duck> {
  const duck = await openDuck({
    ...BOUNDS,
    file: join(folder, 'by-hand.duckdb'),
    spillFolder: join(folder, 'spill'),
  });
  const from = (type: string) => `read_parquet('${folder}/shop=bench/type=${type}/*/*.parquet')`;
  await duck.run(
    `CREATE TABLE lines AS SELECT occurred, country, device, l.sku AS sku, l.unit_price * l.quantity AS gross
     FROM (SELECT occurred, country, device, unnest(lines) AS l FROM ${from('order_placed')})`,
  );
  await duck.run(
    `CREATE TABLE visits AS SELECT occurred, device, channel, true AS converted FROM ${from('order_placed')}
     UNION ALL SELECT occurred, device, channel, false FROM ${from('session_started')}`,
  );
  await duck.run(
    `CREATE TABLE orders AS SELECT occurred, hash(customer_id) AS customer, country, subtotal - discount AS net FROM ${from('order_placed')}`,
  );
  return duck;
}

const range = { from: BEGIN, to: END };
const QUESTIONS = [
  {
    name: 'gross sales by month, country × device',
    query: { metric: 'gross_sales', groupBy: ['country', 'device'], interval: '1M' },
    sql: `SELECT date_trunc('month', occurred) AS m, country, device, sum(gross) FROM lines GROUP BY ALL`,
  },
  {
    name: 'top 50 products in one country',
    query: {
      ...{ metric: 'gross_sales', groupBy: 'sku', limit: 50, format: 'table' },
      filters: [{ dimension: 'country', operator: '=', values: ['FR'] }],
    },
    sql: `SELECT sku, sum(gross) AS g FROM lines WHERE country = 'FR' GROUP BY ALL ORDER BY g DESC LIMIT 50`,
  },
  {
    name: 'conversion by channel on mobile',
    query: {
      ...{ metric: 'session_conversion', groupBy: 'channel', format: 'table' },
      filters: [{ dimension: 'device', operator: '=', values: ['mobile'] }],
    },
    sql: `SELECT channel, avg(converted::INTEGER) FROM visits WHERE device = 'mobile' GROUP BY ALL`,
  },
  {
    name: 'cohort table of 24 months',
    query: { type: 'cohort', months: 23 },
    sql: `WITH firsts AS (SELECT customer, date_trunc('month', min(occurred)) AS first FROM orders GROUP BY customer)
      SELECT first, date_diff('month', first, date_trunc('month', occurred)) AS since, count(DISTINCT customer)
      FROM orders JOIN firsts USING (customer) GROUP BY ALL`,
  },
  {
    name: 'new and ordering customers by month and country',
    query: { metric: 'new_customer_share', groupBy: 'country', interval: '1M' },
    sql: `WITH firsts AS (SELECT customer, min(occurred) AS first, arg_min(country, occurred) AS country FROM orders GROUP BY customer)
      SELECT date_trunc('month', occurred) AS m, firsts.country, count(DISTINCT customer) FILTER (date_trunc('month', first) = date_trunc('month', occurred)), count(DISTINCT customer)
      FROM orders JOIN firsts USING (customer) GROUP BY ALL`,
  },
  {
    name: 'sales per customer to date, by country and cohort',
    query: { metric: 'sales_per_customer', groupBy: ['country', 'cohort'], format: 'table', limit: 1_000 },
    sql: `SELECT country, cohort, sum(net) / count(*) FROM (SELECT arg_min(country, occurred) AS country, date_trunc('month', min(occurred)) AS cohort, sum(net) AS net FROM orders GROUP BY customer) GROUP BY ALL`,
  },
  {
    name: 'segments by month',
    query: { metric: 'customers_to_date', groupBy: 'segment', interval: '1M' },
    sql: `WITH ends AS (SELECT unnest(range(TIMESTAMP '2024-02-01', TIMESTAMP '2026-02-01', INTERVAL 1 MONTH)) AS e),
      states AS (SELECT customer, occurred AS t, row_number() OVER w AS n, lead(occurred) OVER w AS until FROM orders WINDOW w AS (PARTITION BY customer ORDER BY occurred))
      SELECT e, CASE WHEN e - t > INTERVAL 365 DAY THEN 'lost' WHEN e - t > INTERVAL 90 DAY THEN CASE WHEN n = 1 THEN 'one_time' ELSE 'at_risk' END
        WHEN n = 1 THEN 'new' WHEN n < 5 THEN 'loyal' ELSE 'champion' END AS segment, count(*)
      FROM states JOIN ends ON t < e AND (until IS NULL OR until >= e) GROUP BY ALL`,
  },
];

const quantile = (times: readonly number[], share: number) =>
  times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(share * times.length))]!;

const folder = await mkdtemp(join(tmpdir(), 'storepulse-bench-depth-'));
try {
  const files = await writeLake(folder, { orders: ORDERS, others: OTHERS });
  const cpu = process.cpuUsage();
  const depth = await openDepth({
    catalog,
    lake: {
      progress: async () => [
        { _id: 'facts/0', offsets: {}, watermarks: { bench: END }, latest: { bench: END } },
      ],
      manifest: async () => ({ files, tasks: [], seamAt: END }),
      place: async (path) => join(folder, path),
      keepOnly: async () => {},
      close: async () => {},
    },
    ...BOUNDS,
    ...{ everyMs: 0, scratch: folder },
    onFailure: (error) => {
      throw error;
    },
  });
  await depth.refresh();
  const used = process.cpuUsage(cpu);
  console.log(
    `${ORDERS} orders of three lines, ${ORDERS + OTHERS} visits: read in ${((used.user + used.system) / 1e6).toFixed(0)} CPU-seconds, ${Math.round(process.memoryUsage().rss / 1e6)} MB resident`,
  );
  const hand = await byHand(folder);
  const progress = [{ offsets: { transactions: 1 }, watermarks: { bench: END }, latest: { bench: END } }];
  const app = await appOver(createMemoryStore({ shops: [SHOP], documents: [], progress }), END + DAY, depth);
  const ask = async (query: object) => {
    const payload = { range, queries: [{ refId: 'A', shop: 'bench', ...query }] };
    const answer = await app.inject({ method: 'POST', url: '/api/v1/query', payload });
    const { error, meta } = answer.json().results.A;
    if (error || meta.source !== 'lake')
      throw new Error(`not answered from the lake: ${answer.body.slice(0, 300)}`);
  };
  for (const { name, query, sql } of QUESTIONS.filter((each) => ONLY.test(each.name))) {
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      for (const [times, run] of [
        [ours, () => ask(query)],
        [theirs, () => hand.rows(sql)],
      ] as const) {
        const began = performance.now();
        await run();
        times.push(performance.now() - began);
      }
    }
    const told = (times: readonly number[]) =>
      `p50 ${quantile(times, 0.5).toFixed(0)} ms, p99 ${quantile(times, 0.99).toFixed(0)} ms`;
    const ratio = quantile(ours, 0.5) / quantile(theirs, 0.5);
    console.log(`${name}: ${told(ours)}; by hand ${told(theirs)}; ${ratio.toFixed(2)} times`);
  }
  await app.close();
  hand.close();
  await depth.close();
} finally {
  await rm(folder, { recursive: true, force: true });
}
