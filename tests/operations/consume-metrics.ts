import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { anOrder, SHOP } from '@storepulse/processor/testing/events';
import { untilDrained } from '../support/pipeline/drained.ts';
import type { Pipeline } from '../support/pipeline/pipeline.ts';
import { createSender } from '../support/pipeline/sender.ts';
import { until } from '../support/until.ts';

const EXAMPLE = fileURLToPath(new URL('../../docs/examples/consume-metrics.mjs', import.meta.url));

/** The consumer of the docs tells what MongoDB holds, from the history of the topic and from what changes since. */
export async function consumesMetrics(t: TestContext, pipeline: Pipeline): Promise<void> {
  await pipeline.start('processor');
  const send = await createSender(pipeline);
  await send.events({ ...SHOP }, anOrder(), anOrder());
  await untilDrained(pipeline);
  // A window of an older version, as may come late after a fault; and what is no record at all.
  const stale = { shop: 'demo', group: 'sales', part: 'narrow', resolution: '1d', version: 0, cells: {} };

  const { KAFKA_BROKERS, TOPIC_PREFIX } = pipeline.settings;
  const child = spawn(process.execPath, ['--disable-warning=TimeoutNegativeWarning', EXAMPLE, 'demo'], {
    env: { ...process.env, KAFKA_BROKERS, TOPIC_PREFIX },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  pipeline.onStop(async () => child.kill('SIGKILL'));
  const told: { day: string; orders: number; grossSales: number; version: number }[] = [];
  createInterface(child.stdout).on('line', (line) => told.push(JSON.parse(line)));
  const untilTold = (orders: number) =>
    until(
      `${orders} orders are told`,
      () => told.at(-1),
      (last) => last?.orders === orders,
    );
  const stored = () =>
    pipeline.metrics.findOne({ shop: 'demo', group: 'sales', part: 'narrow', resolution: '1d' });

  await t.test('it begins with what was there, and follows what changes', async () => {
    await untilTold(2);
    const key = (await stored())!._id;
    await send.records('metrics', { key, value: JSON.stringify(stale) }, { key, value: 'no record' });
    await send.events(anOrder());
    await untilDrained(pipeline);
    const last = (await untilTold(3))!;
    assert.equal(last.day, new Date(Date.UTC(2026, 5, 30, 23)).toISOString(), 'a day of London');
    const { cells, version } = (await stored())!;
    assert.deepEqual([last.grossSales, last.version], [cells.total?.all?.gross_sales, version]);
  });
  await t.test('the version never falls', () => {
    const versions = told.map(({ version }) => version);
    assert.deepEqual(
      versions,
      versions.toSorted((a, b) => a - b),
    );
  });
  await t.test('told to end, it ends', async () => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    assert.equal((await ended)[0], 0);
  });
}
