// Run by `npm run test:warehouse`: a year of a real shop takes some minutes.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDatabase } from '@storepulse/warehouse';
import { setUp } from '../../pipe/stage.ts';
import { askApi, RANGE } from '../../support/figures/api.ts';
import { untilDrained } from '../../support/pipeline/drained.ts';
import { replay } from '../../support/pipeline/programs.ts';
import { useServers } from '../../support/servers.ts';
import { warehouseBeside } from './stack.ts';

const SHOP = 'uk-retail';
const beside = join(import.meta.dirname, '../../../../shared/data/online-retail.csv.gz');
const file = process.env.STOREPULSE_DATASET ?? beside;
const skip = existsSync(file)
  ? false
  : 'the data set is not here: STOREPULSE_DATASET names the file online-retail.csv.gz of UCI Online Retail';
const PATIENCE_MS = 900_000;

/** What others have published of the data set; money in thousandths of a pound. */
const PUBLISHED = {
  gross_sales: 10_666_684_544,
  orders: 19_960,
  returns: 896_812_490,
  net_sales: 9_769_872_054,
  net_after_adjustments: 9_747_747_934,
  november: 1_461_756_250,
  best_day: '2011-12-09',
  best_day_gross: 200_920_600,
  customers: 4_372,
  countries: 38,
  repeating: 2_845,
  ordering: 4_338,
};

test('the published figures of Online Retail come out of the warehouse, equal to the stream to the last digit', {
  skip,
}, async (t) => {
  await using servers = await useServers();
  const { pipeline, exporter } = await setUp(servers, 'warehouse-retail');
  const replayed = await replay(pipeline, { file, shop: SHOP });
  assert.equal(replayed.status, 0, replayed.stderr);
  await untilDrained(pipeline, PATIENCE_MS);
  const warehouse = await warehouseBeside({ ...pipeline.settings, EXPORTER_URL: exporter.url }, pipeline.db);
  t.after(() => warehouse.stop());
  t.diagnostic(`${await warehouse.archive()} events in the archive`);
  const run = await warehouse.run('run');
  assert.equal(run.status, 0, run.stderr);
  t.diagnostic(run.stdout.trim());

  const database = await openDatabase(warehouse.file);
  const one = async (sql: string) => (await database.rows(sql))[0]!;
  const total = (metric: string, days = 'true') =>
    `coalesce(sum(case when metric = '${metric}' and dimension = 'total' and ${days} then amount end), 0)`;
  const net = (days?: string) =>
    `${total('gross_sales', days)} - ${total('discounts', days)} - ${total('returns', days)}`;
  const november = `shop_date between date '2011-11-01' and date '2011-11-30'`;
  const sums = await one(`
    select ${total('gross_sales')} as gross_sales, ${total('orders')} as orders, ${total('returns')} as returns,
      ${net()} as net_sales, ${net()} + ${total('adjustments')} as net_after_adjustments,
      ${net(november)} + ${total('adjustments', november)} as november
    from daily_cells`);
  const best = await one(`
    select shop_date::varchar as best_day, amount as best_day_gross from daily_cells
    where metric = 'gross_sales' and dimension = 'total' order by amount desc limit 1`);
  const people = await one(`
    select (select count(distinct customer_key) from dim_customers) as customers,
      (select count(distinct value) from daily_cells where dimension = 'country' and metric in ('orders', 'refunds', 'adjustments', 'customers')) as countries,
      (select count(*) from dim_customers where is_current and orders > 1) as repeating,
      (select count(*) from dim_customers where is_current and orders > 0) as ordering`);
  database.close();
  const shown = Object.fromEntries(
    Object.entries({ ...sums, ...best, ...people }).map(([name, value]) => [
      name,
      name === 'best_day' ? value : Number(value),
    ]),
  );
  assert.deepEqual(shown, PUBLISHED);

  const query = { refId: 'A', shop: SHOP, metric: 'net_after_adjustments', interval: 'all' } as const;
  const { A: frame } = await askApi(exporter.url, { range: RANGE, queries: [query] });
  assert.equal(frame!.fields.at(-1)!.values[0], 9_747_747.934, 'the stream');

  const reconciled = await warehouse.run('reconcile');
  t.diagnostic(reconciled.stdout.trim().split('\n').at(-1)!);
  assert.equal(reconciled.status, 0, `${reconciled.stdout}${reconciled.stderr}`);
});
