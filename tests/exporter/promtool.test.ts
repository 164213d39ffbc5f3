import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { catalog } from '@storepulse/contracts';
import { appOver } from '@storepulse/exporter/testing/app';
import { documentsOf } from '@storepulse/exporter/testing/documents';
import { createMemoryStore } from '@storepulse/exporter/testing/memory-store';
import { makeShop } from '@storepulse/exporter/testing/shops';
import { findPromtool } from '@storepulse/local';

test('promtool has nothing to say against the figures', async () => {
  const shop = makeShop();
  const time = Date.UTC(2026, 0, 1);
  const adds = {
    gross_sales: 10_666_684_544,
    orders: 1,
    sessions: 1,
    buyers: 'ann',
    adjustments: -5,
    checkout_latency: 321,
  };
  const app = await appOver(
    createMemoryStore({
      shops: [shop],
      documents: documentsOf(catalog, shop, [
        { time, adds, dimensions: { country: 'Ünïted "K\\ingdom"\n' } },
      ]),
      progress: [
        { offsets: { transactions: 1 }, watermarks: { [shop.shop]: time }, latest: { [shop.shop]: time } },
      ],
    }),
  );
  const { body } = await app.inject('/metrics');
  assert.match(body, /storepulse_orders_by_country_total/);
  assert.match(body, /storepulse_checkout_latency_seconds_bucket/);
  const { status, stdout, stderr } = spawnSync(await findPromtool(), ['check', 'metrics'], {
    input: body,
    encoding: 'utf8',
  });
  assert.equal(`${stdout}${stderr}`, '');
  assert.equal(status, 0);
});
