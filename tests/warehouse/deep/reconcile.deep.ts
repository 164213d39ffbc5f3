// Run by `npm run test:warehouse`: eight days of traffic with every fault take some minutes.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { RunSpec } from '@storepulse/simulator/run/run-spec';
import { EVERY_FAULT } from '@storepulse/simulator/testing';
import { openDatabase } from '@storepulse/warehouse';
import { startStage, type VerifyStage } from '../../simulator/stage.ts';
import { runProgram } from '../../support/pipeline/programs.ts';
import { until } from '../../support/until.ts';
import { type WarehouseBeside, warehouseBeside } from './stack.ts';

const DAY_MS = 86_400_000;
const DAYS = 8;
const EVENTS = Number(process.env.STOREPULSE_WAREHOUSE_EVENTS ?? 24_000);
const PATIENCE_MS = 1_200_000;

let stage: VerifyStage;
let warehouse: WarehouseBeside;
let ledger: string;
before(async () => {
  stage = await startStage();
  warehouse = await warehouseBeside(stage.environment, stage.db);
  ledger = join(warehouse.folder, 'ledger.ndjson');
});
after(async () => {
  await warehouse?.stop();
  await stage?.stop();
});

const reconcile = (...options: string[]) => warehouse.run('reconcile', '--ledger', ledger, ...options);

test('stream, warehouse and ledger agree on eight days of two shops with every fault at 5 %', async (t) => {
  const origin = (Math.floor(Date.now() / DAY_MS) - DAYS - 1) * DAY_MS;
  const again: RunSpec = {
    seed: 'eight days',
    shops: [
      { shop: 'first', market: 'gb' },
      { shop: 'second', market: 'jp' },
    ],
    origin,
    profile: { profile: 'constant-arrival-rate', rate: EVENTS / ((DAYS * DAY_MS) / 1_000) },
    timeline: [
      { at: origin, command: { command: 'faults', faults: EVERY_FAULT } },
      // What becomes of orders is rare; on two days there is plenty of it.
      { at: origin + DAY_MS, command: { command: 'scenario-start', scenario: 'order-rush' } },
      { at: origin + 3 * DAY_MS, command: { command: 'scenario-end', scenario: 'order-rush' } },
      { at: origin + DAYS * DAY_MS, command: { command: 'stop' } },
    ],
  };
  await stage.control('POST', '/v1/run', { again });
  await until(
    'the history is made',
    () => stage.control<{ state: string; queued: number }>('GET', '/v1/status'),
    ({ state, queued }) => state === 'stopped' && queued === 0,
    PATIENCE_MS,
  );
  const verified = await stage.verify();
  assert.equal(verified.status, 0, JSON.stringify(verified.differences.slice(0, 5)));

  t.diagnostic(`${await warehouse.archive()} events in the archive`);
  const run = await warehouse.run('run');
  assert.equal(run.status, 0, run.stderr);
  t.diagnostic(run.stdout.trim());
  const written = await runProgram('simulator/src/ledger-main.ts', ['--out', ledger], warehouse.settings);
  assert.equal(written.status, 0, written.stderr);
  const { status, stdout, stderr } = await reconcile();
  t.diagnostic(stdout.trim().split('\n').at(-1)!);
  assert.equal(status, 0, `${stdout}${stderr}`);
  const cells = Number(/(\d+) cells compared/.exec(stdout)?.[1]);
  assert.ok(cells > 10_000, stdout);
  assert.match(stdout, /, 0 differ\.\n$/);
});

test('one row that is altered by hand turns it red: it prints what was expected, what is shown and the difference', async () => {
  const database = await openDatabase(warehouse.file);
  const [line] = await database.rows(
    `select line_key, sku, country, shop_id, shop_date::varchar as day from fct_order_lines where is_placed order by 1 limit 1`,
  );
  const add = (pence: number) =>
    database.run(
      `update fct_order_lines set gross = gross + ${pence} where line_key = '${String(line!.line_key)}'`,
    );
  await add(7);
  database.close();
  const { status, stdout } = await reconcile();
  assert.equal(status, 1);
  const ofTheDay = new RegExp(`^${line!.shop_id} +${line!.day} `);
  const rows = stdout.split('\n').filter((row) => ofTheDay.test(row));
  assert.ok(
    rows.every((row) => row.includes('gross_sales') && row.endsWith('+7')),
    stdout,
  );
  const where = `${line!.shop_id} +${line!.day} +gross_sales`;
  assert.match(stdout, new RegExp(`${where} +total +all +\\d+ \\(ledger\\) +\\d+ \\(warehouse\\) +\\+7\n`));
  assert.match(stdout, new RegExp(`${where} +sku +${line!.sku} `));
  assert.equal(rows.length, 7, 'the total and six dimensions');
});

test('an order that is altered by hand turns the metrics over facts of its day red', async () => {
  const database = await openDatabase(warehouse.file);
  const [order] = await database.rows(`
    select order_key, shop_id, shop_date::varchar as day from fct_orders as orders
    where customer_id is not null and not exists (select 1 from fct_cancellations as c where c.order_key = orders.order_key)
    order by shop_date desc, order_key limit 1`);
  await database.run(
    `update fct_orders set gross = gross + 7 where order_key = '${String(order!.order_key)}'`,
  );
  database.close();
  const [shop, day] = [String(order!.shop_id), String(order!.day)];
  const { status, stdout } = await reconcile('--shop', shop, '--from', day, '--to', day);
  assert.equal(status, 1);
  for (const metric of ['net_sales_without_cancelled', 'customer_net_sales'])
    assert.match(
      stdout,
      new RegExp(
        `^${shop} +${day} +${metric} +total +all +-?\\d+ \\(stream\\) +-?\\d+ \\(warehouse\\) +\\+7$`,
        'm',
      ),
    );
  assert.match(stdout, / 10 differ\.$/m, 'goods by three dimensions, customers by five, and both totals');
});

test('the day made anew is right again, and the run log tells of all that', async () => {
  const backfill = await warehouse.run('backfill', '--from', '2000-01-01', '--to', '2100-01-01');
  assert.equal(backfill.status, 0, backfill.stderr);
  assert.equal((await reconcile()).status, 0);
  const { stdout } = await warehouse.run('status');
  const kinds = stdout
    .trim()
    .split('\n')
    .map((row) => row.split(/ {2,}/).slice(1, 3).join(' '));
  assert.deepEqual(kinds, [
    'reconcile succeeded',
    'backfill succeeded',
    'reconcile failed',
    'reconcile failed',
    'reconcile succeeded',
    'run succeeded',
  ]);
});
