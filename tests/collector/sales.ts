import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { untilDrained } from '../support/pipeline/drained.ts';
import { fatesOf } from '../support/pipeline/fates.ts';
import type { Pipeline } from '../support/pipeline/pipeline.ts';
import { PROGRAMS, runProgram } from '../support/pipeline/programs.ts';

const SHOP = 'uk-files';
/** Orders, a return, an adjustment and a movement of stock, in the form of UCI Online Retail. */
const FILE = [
  'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
  ...Array.from(
    { length: 60 },
    (_, i) =>
      `5363${10 + Math.floor(i / 2)},MUG${i % 2},"Mug, blue",${1 + (i % 5)},2010-12-01 08:26:00,2.55,17850,United Kingdom`,
  ),
  'C536379,MUG0,"Mug, blue",-1,2010-12-02 09:41:00,2.55,17850,United Kingdom',
  'A563186,B,Adjust bad debt,1,2010-12-03 14:51:00,-1.06,,United Kingdom',
  '536400,MUG1,broken,-3,2010-12-03 15:00:00,0,,United Kingdom',
].join('\n');
/** Σ quantity × price of the rows above: 12 times one to five pieces. */
const GROSS = 12 * (1 + 2 + 3 + 4 + 5) * 2_550;
const ORDERS = 30;
/** A shop, a customer, four products; the orders, and the three facts after them. */
const EVENTS = 1 + 1 + 3 + ORDERS + 3;
const ROWS = 63;

/**
 * Replays a file through the collector; then replays it straight to Kafka, and imports it: by all ways it is the same
 * history, and counts once.
 * @param url address of the collector
 * @param folder for the file
 */
export async function replayAndImport(pipeline: Pipeline, url: string, folder: string): Promise<void> {
  const { db, settings, onStop } = pipeline;
  const file = join(folder, 'sales.csv');
  writeFileSync(file, FILE);
  const args = ['--file', file, '--shop', SHOP];
  const before = await fatesOf(pipeline);
  const countedSince = async () => {
    await untilDrained(pipeline);
    const { processed = 0, duplicate = 0, ...others } = await fatesOf(pipeline);
    assert.deepEqual(others, {});
    return [processed - (before.processed ?? 0), duplicate - (before.duplicate ?? 0)];
  };
  const sums = async () => {
    const orders = await db.collection('orders').find({ shop: SHOP }).toArray();
    return [orders.length, orders.reduce((sum, { subtotal }) => sum + subtotal, 0)];
  };

  const via = [...args, '--via', 'collector'];
  const through = await runProgram(PROGRAMS.replay, via, { COLLECTOR_URL: url }, onStop);
  assert.equal(through.status, 0, through.stderr);
  assert.match(through.stderr, /100 % · 63 of 63 rows/);
  assert.match(through.stdout, /events sent +38$/m);
  assert.deepEqual(await countedSince(), [EVENTS, 0]);
  assert.deepEqual(await sums(), [ORDERS, GROSS]);

  const straight = await runProgram(PROGRAMS.replay, args, settings, onStop);
  assert.equal(straight.status, 0, straight.stderr);
  assert.match(straight.stdout, /rows counted before +63$/m);
  const imported = await fetch(`${url}/v1/import?shop=${SHOP}`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: FILE,
  });
  const answer = (await imported.json()) as { accepted: number };
  assert.deepEqual([imported.status, answer.accepted], [200, ROWS], JSON.stringify(answer));
  const [processed] = await countedSince();
  assert.equal(processed, EVENTS);
  assert.deepEqual(await sums(), [ORDERS, GROSS]);
}
