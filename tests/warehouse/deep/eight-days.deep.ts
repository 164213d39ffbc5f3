import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { catalog } from '@storepulse/contracts';
import { type Database, openDatabase, readProject, refresh } from '@storepulse/warehouse';
import type { Cells } from '@storepulse/warehouse/reconcile/cells';
import { reconcile } from '@storepulse/warehouse/reconcile/reconcile';
import { report } from '@storepulse/warehouse/reconcile/report';
import { lakeOfEvents } from '../lake-of-events.ts';
import { simulate } from '../simulated.ts';
import { streamOf } from '../stream.ts';
import { cellsOfTruth } from '../truth-cells.ts';

const EVENTS = Number(process.env.STOREPULSE_WAREHOUSE_EVENTS ?? 6_000);
const DAYS = 8;
const { shop, events, truth } = simulate(Date.UTC(2026, 9, 20, 9), EVENTS, EVENTS / (DAYS * 86_400));
const ledger: ReadonlyMap<string, Cells> = new Map([[shop.shop, cellsOfTruth(truth)]]);

let folder: string;
let database: Database;
let stream: Awaited<ReturnType<typeof streamOf>>;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warehouse-'));
  const files = await lakeOfEvents(folder, new Map([[shop.shop, shop]]), events);
  stream = await streamOf(shop, events);
  database = await openDatabase(':memory:');
  const lake = { files, placeOf: (path: string) => join(folder, path), isErased: () => false };
  const settledThrough = Date.UTC(2030, 0, 1);
  await refresh({ database, project: readProject(), lake, scope: { kind: 'all' }, settledThrough });
});
after(async () => {
  database?.close();
  await stream?.close();
  await rm(folder, { recursive: true, force: true });
});

const compareAll = () =>
  reconcile({ database, catalog, exporter: { url: stream.url }, ledger, now: Date.UTC(2030, 0, 1) });

test('stream = warehouse = ledger over eight days with every fault at 5 %, by every metric, dimension and day', async (t) => {
  const found = await compareAll();
  t.diagnostic(report(found).split('\n').at(-1)!);
  assert.deepEqual(found.differences.slice(0, 10), []);
  assert.ok(found.cells > 5_000, `${found.cells} cells`);
  assert.ok(truth.size >= DAYS, `${truth.size} days`);
});

test('one row that is altered by hand turns it red, in its day, its total and its dimensions alone', async () => {
  const [line] = await database.rows(
    'select line_key, sku, shop_date::varchar as day from fct_order_lines where is_placed order by 1 limit 1',
  );
  await database.run(`update fct_order_lines set gross = gross + 7 where line_key = '${line!.line_key}'`);
  const { differences } = await compareAll();
  assert.deepEqual(
    differences.map(({ day, metric, dimension, expected, expectedBy, shown, shownBy }) => [
      ...[day, metric, dimension, expectedBy, shownBy],
      (shown as number) - (expected as number),
    ]),
    ['total', 'country', 'device', 'channel', 'category', 'sku', 'payment_method'].map((dimension) => [
      ...[String(line!.day), 'gross_sales', dimension, 'ledger', 'warehouse'],
      7,
    ]),
  );
});
