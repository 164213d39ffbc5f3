import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog } from '@storepulse/contracts';
import { documentsOf } from '../testing/documents.ts';
import { makeShop } from '../testing/shops.ts';
import { familiesOf } from './families.ts';
import { samplesOf } from './samples.ts';

const shop = makeShop();
const families = familiesOf(catalog).filter(({ name }) => /^storepulse_orders/.test(name));
const ordersByCountry = (countries: number) => {
  const orders = Array.from({ length: countries }, (_, i) => ({
    time: 0,
    adds: { orders: 1 },
    dimensions: { country: `Country ${i}` },
  }));
  const samples = samplesOf(families, [shop], documentsOf(catalog, shop, orders, ['all']));
  return samples.find(({ family }) => family.name === 'storepulse_orders_by_country_total')!.samples;
};

test('a hundred values fill a metric’s budget without an other', () => {
  const samples = ordersByCountry(100);
  assert.equal(samples.length, 100);
  assert.ok(samples.every(({ labels }) => labels.country !== 'other'));
});

test('beyond it the last place is the others’', () => {
  const samples = ordersByCountry(150);
  assert.equal(samples.length, 100);
  assert.deepEqual(samples.at(-1), { labels: { shop: 'uk-retail', country: 'other' }, value: 51 });
});

test('what further documents of a lifetime say of a value is added up; a dimension with too many has no series and is told', () => {
  const family = familiesOf(catalog).filter(({ name }) => name === 'storepulse_orders_by_country_total');
  const first = {
    ...{ shop: shop.shop, group: 'sales' },
    cells: { total: { all: { orders: 9 } }, country: { France: { orders: 2 } } },
  };
  const further = { ...{ shop: shop.shop, group: 'sales' }, cells: { country: { France: { orders: 7 } } } };
  const [added] = samplesOf(family, [shop], [first, further]);
  assert.deepEqual(added!.samples, [{ labels: { shop: shop.shop, country: 'France' }, value: 9 }]);
  assert.equal(added!.dropped, 0);

  const cells = { total: first.cells.total };
  const [none] = samplesOf(family, [shop], [{ ...first, cells, leftOut: ['country'] }]);
  assert.deepEqual(none!.samples, []);
  assert.ok(none!.dropped > 0);
});

test('a value that only other groups of metrics know costs no series', () => {
  const sale = { time: 0, adds: { orders: 1 }, dimensions: { country: 'France' } };
  const samples = samplesOf(familiesOf(catalog), [shop], documentsOf(catalog, shop, [sale], ['all']));
  const named = (name: string) => samples.find(({ family }) => family.name === name)!.samples.length;
  assert.equal(named('storepulse_returns_by_country_total'), 1, 'a true zero: of the same group');
  assert.equal(named('storepulse_wishlist_adds_by_country_total'), 0);
  assert.equal(named('storepulse_wishlist_adds_total'), 1);
});

test('a name that looks like an e-mail address is part of other, and nothing that was counted is left out', () => {
  const orders = ['France', 'jane@roe.example', 'toaster@shop.example'].map((country) => ({
    ...{ time: 0, adds: { orders: 1 } },
    dimensions: { country },
  }));
  const samples = samplesOf(families, [shop], documentsOf(catalog, shop, orders, ['all']));
  const byCountry = samples.find(
    ({ family }) => family.name === 'storepulse_orders_by_country_total',
  )!.samples;
  assert.deepEqual(byCountry.map(({ labels, value }) => [labels.country, value]).sort(), [
    ['France', 1],
    ['other', 2],
  ]);
});
