import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { createTelemetry } from '../operate/telemetry.ts';
import { startingPositions } from './positions.ts';

/** Where a task reads on whose checkpoint says `stored`, in a log from `low` to `high`; and what is told of it. */
async function readOn(stored: number | undefined, low: number, high: number) {
  const told: string[] = [];
  const logger = pino({}, { write: (line) => void told.push((JSON.parse(line) as { msg: string }).msg) });
  const telemetry = createTelemetry();
  const checkpoint = { _id: 'facts/0', offsets: stored === undefined ? {} : { transactions: stored } };
  const bounds = new Map([['transactions' as const, { partition: 0, low, high }]]);
  const position = startingPositions(checkpoint, bounds, logger, telemetry).get('transactions');
  return { position, told, lost: (await telemetry.recordsLost.get()).values[0]?.value };
}

test('a task reads on where its checkpoint says, a new one at the log’s beginning', async () => {
  assert.deepEqual(await readOn(7, 2, 9), { position: 7, told: [], lost: 0 });
  assert.deepEqual(await readOn(undefined, 2, 9), { position: 2, told: [], lost: 0 });
});

test('records that the log dropped before they were read are reported as lost', async () => {
  const { position, told, lost } = await readOn(2, 5, 9);
  assert.deepEqual([position, lost], [5, 3]);
  assert.match(told[0]!, /^data loss/);
});

test('a log that ends before what was counted is read from its end, not passed over until it is as long again', async () => {
  const { position, told, lost } = await readOn(9, 0, 4);
  assert.deepEqual([position, lost], [4, 0]);
  assert.match(told[0]!, /has lost records that were counted/);
});
