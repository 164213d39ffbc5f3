import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { Tally } from '../aggregate/tally.ts';
import { createTelemetry } from './telemetry.ts';

const aTally = (fields: Partial<Tally>) =>
  ({ fates: {}, late: 0, asTold: 0, people: new Map(), sentAt: [], ...fields }) as Tally;

/** The value of a sample, as exposed. */
async function sampleOf({ registry }: ReturnType<typeof createTelemetry>, sample: string) {
  const line = (await registry.metrics()).split('\n').find((line) => line.startsWith(`${sample} `));
  return line === undefined ? undefined : Number(line.slice(sample.length + 1));
}

test('every metric is described in the reference', async () => {
  const reference = await readFile(new URL('../../../docs/reference/prometheus.md', import.meta.url), 'utf8');
  const names = (await createTelemetry().registry.getMetricsAsJSON()).map(({ name }) => name);
  assert.ok(names.length > 20);
  assert.deepEqual(
    names.filter((name) => !reference.includes(`\`${name}`)),
    [],
  );
});

test('every fate is a known zero from the start, so that the first of its kind is an increase', async () => {
  const telemetry = createTelemetry();
  const fate = 'storepulse_processor_records_total{fate="dead-letter:not-json"}';
  assert.equal(await sampleOf(telemetry, fate), 0);
  telemetry.noteCommit(aTally({ fates: { 'dead-letter:not-json': 2 } }), 1, 0);
  assert.equal(await sampleOf(telemetry, fate), 2);
});

test('latency is counted for each record of a commit', async () => {
  const telemetry = createTelemetry();
  telemetry.noteCommit(aTally({ sentAt: [9_950, 9_800, 9_000, -400_000, 11_000] }), 1, 10_000);
  const bucket = (le: string) =>
    sampleOf(telemetry, `storepulse_processor_latency_seconds_bucket{le="${le}"}`);
  assert.deepEqual(
    [
      await bucket('0.05'),
      await bucket('0.25'),
      await bucket('1'),
      await bucket('300'),
      await bucket('+Inf'),
    ],
    [2, 3, 4, 4, 5],
  );
  assert.equal(await sampleOf(telemetry, 'storepulse_processor_latency_seconds_count'), 5);
  assert.equal(await sampleOf(telemetry, 'storepulse_processor_latency_seconds_sum'), 411.25);
});

test('the watermark of a shop is the least of the tasks, and gone with the last task that knows it', async () => {
  const telemetry = createTelemetry();
  const watermark = 'storepulse_processor_watermark_timestamp_seconds{shop="a"}';
  const state = { lag: 1, lagMs: 2_000, windows: 3, visits: 4, eventIds: 5 };
  telemetry.noteTasks([
    { ...state, watermarks: { a: 7_000 } },
    { ...state, watermarks: { a: 5_000, b: 1_000 } },
  ]);
  assert.equal(await sampleOf(telemetry, watermark), 5);
  assert.equal(await sampleOf(telemetry, 'storepulse_processor_visits_in_memory'), 8);
  assert.equal(await sampleOf(telemetry, 'storepulse_processor_lag_seconds'), 2);
  telemetry.noteTasks([]);
  assert.equal(await sampleOf(telemetry, watermark), undefined);
});

test('erased customers are counted, those who are told are not', async () => {
  const telemetry = createTelemetry();
  const people = new Map([
    ['demo|c1', { erasedAt: 1 }],
    ['demo|c2', { toldAt: 1 }],
  ]);
  telemetry.noteCommit(aTally({ people }), 1, 0);
  assert.equal(await sampleOf(telemetry, 'storepulse_processor_erased_customers_total'), 1);
});
