import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { catalog } from '@storepulse/contracts';
import { appOver } from '@storepulse/exporter/testing/app';
import { documentsOf } from '@storepulse/exporter/testing/documents';
import { createMemoryStore } from '@storepulse/exporter/testing/memory-store';
import { makeShop } from '@storepulse/exporter/testing/shops';
import { findPromtool } from '@storepulse/local';
import { addSamples } from '@storepulse/local/monitoring/past/add-blocks';
import { askPast } from '@storepulse/local/monitoring/past/ask-past';
import { pastTotals } from '@storepulse/local/monitoring/past/past-totals';
import { run } from '@storepulse/local/programs/run';

const HOUR = 3_600_000;
const now = Math.floor(Date.now() / HOUR) * HOUR + HOUR / 2;
const scraped = { job: 'storepulse-exporter', instance: '127.0.0.1:9464' };

test('Prometheus gets the stored past as blocks: counters that grow as the shop sold', async (t) => {
  const shop = makeShop({ retention: 'standard' });
  const sold = [30 * 24, 21 * 24, 2, 1, 0].map((hours, i) => ({
    time: now - hours * HOUR,
    adds: { orders: 1, gross_sales: (i + 1) * 1_500, view_time: 2_500 },
  }));
  const at = { [shop.shop]: now };
  const app = await appOver(
    createMemoryStore({
      shops: [shop],
      documents: documentsOf(catalog, shop, sold),
      progress: [{ offsets: { transactions: 1 }, watermarks: at, latest: at }],
    }),
  );
  t.after(() => app.close());
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const counters = await askPast({ url, key: undefined }, scraped, now);
  const orders = counters.find(({ name }) => name === 'storepulse_orders_total')!;
  assert.equal(orders.total, 5);
  assert.equal(
    orders.hours.reduce((sum, { by }) => sum + by, 0),
    4,
    'the order of 30 days ago is older than rules look back',
  );
  const views = counters.find(({ name }) => name === 'storepulse_view_time_seconds_total')!;
  assert.equal(views.hours.at(-1)!.by, 2.5);

  const folder = await mkdtemp(join(tmpdir(), 'storepulse-past-'));
  t.after(() => rm(folder, { recursive: true }));
  const [promtool, storage] = [await findPromtool(), join(folder, 'data')];
  await addSamples(promtool, storage, pastTotals(counters));
  // Only a storage that Prometheus has opened has a log of what is not in blocks yet, which promtool looks for.
  await mkdir(join(storage, 'wal'));
  const dump = await run(
    promtool,
    ['tsdb', 'dump', '--match={__name__="storepulse_gross_sales_total"}', storage],
    {
      timeoutMs: 60_000,
    },
  );
  const samples = [...dump.matchAll(/^(\{.*\}) (\S+) (\d+)$/gm)].map(([, , value, time]) => [
    Number(time),
    Number(value),
  ]);
  const valueAt = (time: number) => samples.find(([at]) => at === time)?.[1];
  const hour = now - HOUR / 2;
  assert.equal(valueAt(hour - 2 * HOUR), 4.5, 'before the last three hours');
  assert.equal(valueAt(hour - HOUR), 9);
  assert.equal(valueAt(hour), 15);
  assert.match(dump, /job="storepulse-exporter".*shop="uk-retail"/);
});
