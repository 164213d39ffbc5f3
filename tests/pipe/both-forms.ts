import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { askApi, RANGE } from '../support/figures/api.ts';
import { openDashboard } from '../support/figures/dashboard.ts';
import { pick, type Source } from '../support/figures/figures.ts';
import { assertSameWindows, cellsText, storedWindows } from '../support/figures/snapshot.ts';
import { storedCells } from '../support/figures/topic.ts';
import { type Expected, expectedOf } from '../support/retail/expected.ts';
import { isoFile, kaggleFile } from '../support/retail/files.ts';
import type { RetailRow } from '../support/retail/rows.ts';
import { SHOPS, type Stage } from './stage.ts';

/** A file of all kinds of rows comes out right everywhere, in both of its published forms. */
export async function replaysBothForms(
  t: TestContext,
  stage: Stage,
  rows: readonly RetailRow[],
): Promise<void> {
  const { pipeline, topic, exporter, sources, tell } = stage;
  const expected = expectedOf(rows);
  await t.test('the replay reports every row with its fate', async () => {
    const run = await tell('iso', gzipSync(isoFile(rows)));
    assert.equal(run.status, 0, run.stderr);
    assert.match(
      run.stdout,
      new RegExp(`order lines +${expected.fates['order line'].toLocaleString('en-GB')}\n`),
    );
    assert.match(run.stdout, new RegExp(`return lines +${expected.fates['return line']}\n`));
    assert.match(run.stdout, new RegExp(`adjustments +${expected.fates.adjustment}\n`));
    assert.match(run.stdout, new RegExp(`stock movements +${expected.fates['stock movement']}\n`));
    assert.match(run.stdout, /rejected +0\n/);
  });
  await t.test('the other published form of the file is read as well', async () => {
    const run = await tell('kaggle', kaggleFile(rows));
    assert.equal(run.status, 0, run.stderr);
  });
  for (const source of sources) for (const shop of SHOPS) await hasFigures(t, source, shop, expected);

  await t.test('the panels of the dashboard have the lifetime figures', async () => {
    const dashboard = await openDashboard(pipeline, exporter.url);
    const shown = await dashboard.lifetime('iso');
    assert.deepEqual(shown, pick(expected.lifetime, shown));
  });
  await t.test('the query API has the units of each product', async () => {
    const ordered = rows.filter(({ invoice, price }) => !invoice.startsWith('C') && Number(price) > 0);
    const units = Map.groupBy(ordered, ({ sku }) => sku);
    const query = { refId: 'a', shop: 'iso', metric: 'units', groupBy: 'sku', format: 'table' } as const;
    const { a: frame } = await askApi(exporter.url, {
      range: RANGE,
      queries: [{ ...query, interval: 'all' }],
    });
    const [skus, values] = frame!.fields;
    assert.deepEqual(
      new Map(skus!.values.map((sku, i) => [sku, values!.values[i]])),
      new Map(
        [...units].map(([sku, lines]) => [sku, lines.reduce((sum, { quantity }) => sum + quantity, 0)]),
      ),
    );
  });
  await t.test('the topic metrics tells every window as MongoDB holds it', async () => {
    const told = [...topic.windows].map(([id, { cells }]) => [id, cellsText(storedCells(cells))] as const);
    assertSameWindows(new Map(told), await storedWindows(pipeline, SHOPS));
  });
}

async function hasFigures(t: TestContext, source: Source, shop: string, expected: Expected): Promise<void> {
  await t.test(`${source.name} has the lifetime figures of ${shop}`, async () => {
    assert.deepEqual(await source.lifetime(shop), expected.lifetime);
  });
  await t.test(`${source.name} has the figures of ${shop} by country`, async () => {
    assert.deepEqual(await source.byCountry(shop), expected.byCountry);
  });
  if (!source.byMonth) return;
  await t.test(`${source.name} has the figures of ${shop} by month`, async () => {
    assert.deepEqual(await source.byMonth!(shop), expected.byMonth);
  });
}
