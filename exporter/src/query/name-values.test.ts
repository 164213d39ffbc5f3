import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog } from '@storepulse/contracts';
import { appOver } from '../testing/app.ts';
import { ask } from '../testing/ask.ts';
import { documentsOf } from '../testing/documents.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { makeShop } from '../testing/shops.ts';

const BEGIN = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;
const shop = makeShop({ scale: 0 });
const skus = ['KIT-0001', 'KIT-0002', 'GIFT'];
const product = (sku: string, name: string) => ({
  ...{ _id: `${shop.shop}|${sku}`, shop: shop.shop, sku, name },
});
const store = createMemoryStore({
  shops: [shop],
  documents: documentsOf(
    catalog,
    shop,
    skus.flatMap((sku, i) =>
      Array.from({ length: skus.length - i }, () => ({
        ...{ time: BEGIN, adds: { product_views: 1 }, dimensions: { sku } },
      })),
    ),
  ),
  records: { products: [product('KIT-0001', 'Steel kettle'), product('KIT-0002', '$& pot')] },
});
const day = { range: { from: BEGIN, to: BEGIN + DAY }, now: BEGIN + DAY };
const views = { metric: 'product_views', groupBy: 'sku' };

test('a table of products tells beside each SKU what it is called, as far as that is known', async () => {
  const [column] = (await ask(store, { ...views, format: 'table', limit: 2 }, day)).frames[0]!.fields;
  assert.deepEqual(column!.values, ['KIT-0001', 'KIT-0002', 'other']);
  assert.deepEqual(column!.names, { 'KIT-0001': 'Steel kettle', 'KIT-0002': '$& pot' });
});

test('a line of a product has the name in its title, and the SKU alone in its label', async () => {
  const compared = { ...views, interval: '1d', compareTo: 'previous_week' } as const;
  const { frames } = await ask(store, compared, day);
  const titles = frames.map(({ fields }) => fields.slice(1).map(({ config }) => config.displayName));
  assert.deepEqual(titles[0], ['KIT-0001 Steel kettle', 'KIT-0002 $& pot', 'GIFT']);
  assert.equal(titles[1]![1], 'KIT-0002 $& pot (a week before)');
  assert.deepEqual(frames[0]!.fields[2]!.labels, { sku: 'KIT-0002' });
});

test('other dimensions have no names', async () => {
  const [column] = (await ask(store, { ...views, groupBy: 'category', format: 'table' }, day)).frames[0]!
    .fields;
  assert.equal(column!.names, undefined);
});

test('menus of products list their names too', async () => {
  const app = await appOver(store, day.now);
  const answer = (await app.inject('/api/v1/dimensions/sku/values?shop=uk-retail')).json();
  assert.deepEqual(answer.values, ['GIFT', 'KIT-0001', 'KIT-0002']);
  assert.deepEqual(answer.names, { 'KIT-0001': 'Steel kettle', 'KIT-0002': '$& pot' });
  assert.equal((await app.inject('/api/v1/dimensions/device/values?shop=uk-retail')).json().names, undefined);
});
