import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, type QueryRequest, type QueryResponse } from '@storepulse/contracts';
import type { MetricStore } from '@storepulse/exporter/store/store';
import { documentsOf } from '@storepulse/exporter/testing/documents';
import { createMemoryStore } from '@storepulse/exporter/testing/memory-store';
import { makeShop } from '@storepulse/exporter/testing/shops';
import { manyPanels } from './many-panels.ts';
import { usePreview } from './open-preview.ts';

const openPreview = usePreview();

test('a dashboard of eighteen panels asks for all of them in at most three requests a refresh', async (t) => {
  const { page, visit, panel, errors } = await openPreview(t, [
    manyPanels('eighteen', 18, { from: 'now-1h', to: 'now' }),
  ]);
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/proxy/')) asked.push(`${request.method()} ${request.url()}`);
  });
  await visit('/d/eighteen');
  await panel('Panel 1').locator('canvas').waitFor();
  await panel('Panel 16').getByText('1', { exact: true }).waitFor();
  assert.ok(asked.length <= 3, `when it is opened: ${asked.join('\n')}`);
  asked.length = 0;
  const answered = page.waitForResponse((response) => response.url().endsWith('/api/v1/query'));
  await page.getByTestId('data-testid RefreshPicker run button').click();
  await (await answered).finished();
  await page.waitForLoadState('networkidle');
  assert.ok(asked.length >= 1 && asked.length <= 3, `at a refresh: ${asked.join('\n')}`);
  assert.deepEqual(errors, []);
});

test('a refresh asks again only for what has changed, and a late correction is on the panel with the next one', async (t) => {
  const shop = makeShop({ shop: 'demo', timeZone: 'UTC' });
  const now = Date.now();
  const soldAt = (...minutesAgo: number[]) => {
    const sales = minutesAgo.map((minutes) => ({ time: now - minutes * 60_000, adds: { orders: 1 } }));
    return createMemoryStore({ shops: [shop], documents: documentsOf(catalog, shop, sales) });
  };
  let stored = soldAt(50, 40, 30);
  const store = new Proxy({} as MetricStore, { get: (_, name) => stored[name as keyof MetricStore] });
  const datasource = { type: 'storepulse-commerce-datasource', uid: 'storepulse' };
  const line = {
    ...{ id: 1, type: 'timeseries', title: 'Line', datasource, gridPos: { x: 0, y: 0, w: 24, h: 8 } },
    targets: [{ refId: 'A', datasource, shop: 'demo', metric: 'orders', interval: '1m' }],
    options: { legend: { showLegend: true, displayMode: 'table', placement: 'bottom', calcs: ['sum'] } },
  };
  const dashboard = {
    ...{ uid: 'line', title: 'line', schemaVersion: 41, time: { from: 'now-1h', to: 'now' }, panels: [line] },
  };
  const { page, visit, panel, errors } = await openPreview(t, [dashboard], { store });
  const sum = (orders: string) => panel('Line').getByRole('cell', { name: orders, exact: true }).first();
  await visit('/d/line');
  await sum('3').waitFor();
  /** What a refresh holds, and the answer to it. */
  const refresh = async () => {
    const answered = page.waitForResponse((response) => response.url().endsWith('/api/v1/query'));
    await page.getByTestId('data-testid RefreshPicker run button').click();
    const response = await answered;
    const { queries } = response.request().postDataJSON() as QueryRequest;
    const { results } = (await response.json()) as QueryResponse;
    const [query] = queries as { held?: unknown[] }[];
    return { held: query!.held!.length, result: results['0']! };
  };
  const again = await refresh();
  assert.ok(again.held > 1 && again.result.meta.answeredFrom! > now - 5 * 60_000);
  assert.ok(again.result.frames[0]!.fields[0]!.values.length < 6);
  await sum('3').waitFor();
  stored = soldAt(50, 40, 30, 10);
  const corrected = await refresh();
  assert.ok(corrected.result.meta.answeredFrom! < now - 10 * 60_000);
  await sum('4').waitFor();
  assert.deepEqual(errors, []);
});
