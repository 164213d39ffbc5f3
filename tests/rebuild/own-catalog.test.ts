import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { StoreEvent } from '@storepulse/contracts';
import { anEvent, anOrder, SHOP } from '@storepulse/processor/testing/events';
import { untilDrained } from '../support/pipeline/drained.ts';
import { PROGRAMS, runProgram } from '../support/pipeline/programs.ts';
import { useServers } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { send, theShop } from './visits.ts';

const EXAMPLE = await readFile(new URL('../../docs/examples/catalog.yaml', import.meta.url), 'utf8');
/** Visits are split as well, by a field that lies within an object. */
const OF_VISITS = `
  - name: utm_source
    title: UTM source
    description: Source of the campaign, as the first event of the visit tells it
    from:
      session: { field: utm.source, type: text }
    metrics: [session_conversion]
`;
const NOW = Date.now() - 3_600_000;
const HOUR = { from: NOW - 3_600_000, to: NOW + 3_600_000 };

let count = 0;
/** A visit with an order, with fields that no schema knows. */
function buys(total: number, giftWrap: string | undefined, utm: string | undefined): StoreEvent[] {
  const n = ++count;
  const who = { shop: SHOP.shop, visitorId: `v${n}`, sessionId: `s${n}` };
  const at = (minutes: number) => ({
    ...who,
    eventId: randomUUID(),
    eventTime: NOW + n * 1_000 + minutes * 60_000,
  });
  const lines = [{ sku: 'A', category: 'Mugs', quantity: 1, unitPrice: total, discount: 0 }];
  const money = { lines, subtotal: total, discount: 0, shipping: 0, tax: 0, total };
  return [
    { ...anEvent('session_started', at(0)), ...(utm ? { utm: { source: utm } } : {}) } as StoreEvent,
    { ...anOrder({ ...at(1), orderId: `o${n}`, ...money }), giftWrap } as StoreEvent,
  ];
}

test('a file of one’s own: counted, answered, exposed, rebuilt, and nothing else is touched', async () => {
  await using servers = await useServers();
  const pipeline = servers.pipeline('own-catalog');
  const folder = await mkdtemp(join(tmpdir(), 'storepulse-catalog-'));
  pipeline.onStop(() => rm(folder, { recursive: true }));
  const path = join(folder, 'catalog.yaml');
  const own = { CATALOG_FILE: path };

  const before = await pipeline.start('processor');
  await send(pipeline, [theShop, ...buys(15_000, 'red', 'news'), ...buys(5_000, 'red', undefined)]);
  await untilDrained(pipeline);
  await before.stop();

  await writeFile(path, EXAMPLE.replace('\nmetrics:', `${OF_VISITS}\nmetrics:`));
  await pipeline.start('processor', own);
  await send(pipeline, [
    ...buys(20_000, 'blue', 'news'),
    ...buys(7_000, undefined, undefined),
    ...buys(30_000, 'blue', 'x'.repeat(90)),
  ]);
  await untilDrained(pipeline);
  const exporter = await pipeline.start('exporter', own);

  const ask = async (metric: string, groupBy?: string): Promise<Record<string, number>> => {
    const response = await fetch(`${exporter.url}/api/v1/query`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        range: HOUR,
        queries: [{ refId: 'A', shop: SHOP.shop, metric, format: 'table', ...(groupBy ? { groupBy } : {}) }],
      }),
    });
    const { results } = (await response.json()) as {
      results: {
        A: {
          error?: { detail: string };
          frames: { fields: { name: string; values: (string | number)[] }[] }[];
        };
      };
    };
    assert.equal(results.A.error, undefined, results.A.error?.detail);
    const fields = new Map(results.A.frames[0]!.fields.map(({ name, values }) => [name, values]));
    const names = groupBy ? fields.get(groupBy)! : ['all'];
    return Object.fromEntries(names.map((name, i) => [name, Number(fields.get(metric)![i])]));
  };

  assert.deepEqual(await ask('orders'), { all: 5 }, 'what was counted before goes on');
  assert.deepEqual(await ask('large_orders'), { all: 2 }, 'since the file was there');
  assert.deepEqual(await ask('large_orders', 'country'), { France: 2 });
  assert.deepEqual(await ask('orders', 'gift_wrap'), { blue: 2, unknown: 1 });
  assert.deepEqual(await ask('sessions', 'utm_source'), { news: 1, unknown: 1, other: 1 });
  assert.deepEqual(await ask('session_conversion', 'utm_source'), { news: 1, unknown: 1, other: 1 });

  const text = await until(
    'the exposition has the new figures',
    async () => (await fetch(`${exporter.url}/metrics`)).text(),
    (body) => body.includes('storepulse_large_orders_total{'),
  );
  assert.match(text, /storepulse_large_orders_total\{shop="demo"\} 2/);
  assert.match(text, /storepulse_orders_by_gift_wrap_total\{shop="demo",gift_wrap="blue"\} 2/);

  for (const metric of ['large_orders', 'orders_by_gift_wrap']) {
    const { status, stderr } = await runProgram(
      PROGRAMS.rebuild,
      ['--metric', metric],
      { ...pipeline.settings, ...own },
      pipeline.onStop,
    );
    assert.equal(status, 0, stderr);
  }
  await untilDrained(pipeline);
  await until(
    'the past is counted too',
    () => ask('large_orders'),
    ({ all }) => all === 3,
  );
  await until(
    'the past is split too',
    () => ask('orders', 'gift_wrap'),
    (by) => by.red === 2 && by.blue === 2 && by.unknown === 1,
  );
  assert.deepEqual(await ask('orders'), { all: 5 });

  const settings = { ...pipeline.settings, PROCESSOR_PORT: '0' };
  const missing = await runProgram(PROGRAMS.processor, [], settings, pipeline.onStop);
  assert.equal(missing.status, 1);
  assert.match(missing.stderr, /METRIC_MISSING|counts .*large_orders.*CATALOG_FILE/);
  await writeFile(path, EXAMPLE.replace('total }, 10000', 'totla }, 10000'));
  const wrong = await runProgram(PROGRAMS.processor, [], { ...settings, ...own }, pipeline.onStop);
  assert.equal(wrong.status, 1);
  assert.match(wrong.stderr, /line \d+: metric large_orders: where\/atLeast\/0: there is no field totla/);
  assert.doesNotMatch(wrong.stderr, /\n\s+at /, 'no stack');
});
