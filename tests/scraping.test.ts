import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { findPrometheus } from '@storepulse/local/programs/find';
import { SCRAPE_S, startPrometheus } from './scraping/prometheus.ts';
import { openShop, sellOn } from './scraping/send-orders.ts';
import { useServers } from './support/servers.ts';
import { until } from './support/until.ts';

/** How far beyond the samples at either end Prometheus guesses, in mean intervals of samples. */
const GUESSED_INTERVALS = 1.1;
const SHOP = 'scraped';
const ORDERS = `storepulse_orders_total{shop="${SHOP}"}`;

test('what Prometheus makes of a counter is true across kill -9 of every part, and leads to an order', async (t) => {
  // Nothing else of the product needs it, and not every machine can have it.
  const missing = await findPrometheus().then(
    () => undefined,
    (error: Error) => error.message,
  );
  if (missing !== undefined) return t.skip(missing);
  await using servers = await useServers();
  const pipeline = servers.pipeline('scraping');
  const processor = await pipeline.start('processor');
  const collector = await pipeline.start('collector');
  const exporter = await pipeline.start('exporter');
  await openShop(collector.url, SHOP);
  await using prometheus = await startPrometheus(exporter.url, join(servers.folder, 'prometheus'));
  const shown = () => prometheus.number(ORDERS);
  await until('the counter begins with a zero', shown, (value) => value === 0);

  const shop = sellOn(collector.url, SHOP);
  for (const [name, part] of Object.entries({ processor, exporter, collector })) {
    const before = shop.accepted.size;
    await until(
      `the shop sells before ${name} is killed`,
      () => shop.accepted.size,
      (size) => size > before,
    );
    await until('it is shown', shown, (value) => (value ?? 0) >= before);
    await part.service.kill();
    await part.service.start();
  }
  await shop.stop();
  const sold = shop.accepted.size;
  await until('Prometheus has seen all that was sold', shown, (value) => value === sold);

  const samples = await prometheus.samples(`${ORDERS}[1h]`);
  const values = samples.map(([, value]) => Number(value));
  const [first, last] = [samples[0]!, samples.at(-1)!];
  await t.test('no sample is below the one before', () => {
    assert.equal(first[1], '0');
    assert.deepEqual(
      values,
      values.toSorted((a, b) => a - b),
    );
  });
  await t.test(
    'the increase is that of the orders, but for what Prometheus guesses at the ends',
    async () => {
      const length = last[0] - first[0];
      const increase = (await prometheus.number(
        `increase(${ORDERS}[${Math.ceil(length) + SCRAPE_S}s])`,
        last[0],
      ))!;
      const mean = length / (samples.length - 1);
      const guessed = (2 * GUESSED_INTERVALS * mean) / length;
      t.diagnostic(`sold ${sold}, increase ${increase}, ${samples.length} samples over ${length} s`);
      assert.ok(
        increase >= sold && increase <= sold * (1 + guessed),
        `${increase} of ${sold}, guessed ${guessed}`,
      );
    },
  );
  await t.test('no reset is counted', async () => {
    assert.equal(await prometheus.number(`resets(${ORDERS}[1h])`), 0);
  });
  await t.test('its exemplars are orders of the shop', async () => {
    const found = await prometheus.exemplars(ORDERS);
    assert.ok(found.length > 0);
    for (const labels of found) {
      assert.deepEqual(Object.keys(labels), ['order_id']);
      assert.ok(shop.accepted.has(labels.order_id!), labels.order_id);
    }
  });
});
