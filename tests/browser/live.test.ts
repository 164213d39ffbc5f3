import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPreview } from './open-preview.ts';
import { anotherOrder } from './shops.ts';

const datasource = { type: 'storepulse-commerce-datasource', uid: 'storepulse' };
/** A figure that moves by itself: nothing asks for it anew. */
const LIVE = {
  uid: 'moving',
  title: 'Moving',
  schemaVersion: 41,
  time: { from: 'now-30m', to: 'now' },
  panels: [
    {
      ...{ id: 1, type: 'stat', title: 'Orders', datasource, gridPos: { x: 0, y: 0, w: 6, h: 6 } },
      targets: [{ refId: 'A', datasource, shop: 'demo', metric: 'orders', interval: '1m', live: true }],
      options: { reduceOptions: { calcs: ['max'], values: false, fields: '' } },
    },
  ],
};

test('a live figure and live events move with what happens, without a refresh', async (t) => {
  const { page, visit, panel, happens, errors } = await openPreview(t, [LIVE]);
  const posts: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') posts.push(request.url());
  });
  await visit('/d/moving');
  await panel('Orders').getByText('1', { exact: true }).waitFor();
  const asked = posts.length;
  const { windows } = anotherOrder();
  for (const window of windows) happens('metrics', { ...window });
  await panel('Orders').getByText('3', { exact: true }).waitFor();
  assert.equal(posts.length, asked);

  await visit('/editor');
  await page.getByText('Net sales: Gross sales − discounts − returns').waitFor();
  await page.getByRole('combobox', { name: 'Query type' }).click();
  await page.getByRole('option', { name: /^Events/ }).click();
  await page.getByRole('combobox', { name: 'Shop' }).click();
  await page.getByRole('option', { name: /^Demo shop/ }).click();
  await page.getByText('Live', { exact: true }).last().click();
  const lines = panel('Events of Demo shop, live').getByRole('listitem');
  await lines.filter({ hasText: 'orderId=o-1' }).first().waitFor();
  assert.equal(await lines.filter({ hasText: 'orderId=o-3' }).count(), 0);
  happens('orders', anotherOrder().event);
  await lines.filter({ hasText: 'order_placed' }).filter({ hasText: 'orderId=o-3' }).waitFor();
  assert.deepEqual(errors, []);
});
