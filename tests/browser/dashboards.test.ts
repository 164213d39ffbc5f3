import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usePreview } from './open-preview.ts';
import { COHORT } from './shops.ts';

const openPreview = usePreview();

const HOUR = '&from=now-1h&to=now';

test('the dashboard of visitors shows funnels, rates and products without an error in the browser', async (t) => {
  const { visit, panel, errors } = await openPreview(t);
  await visit(`/d/visitor-behaviour?var-shop=demo${HOUR}`);
  await panel('Sessions').getByText('4', { exact: true }).waitFor();
  await panel('Conversion').getByText('25.00').waitFor();
  await panel('Bounce rate').getByText('50.00').waitFor();
  await panel('Open funnel: visits that did it at all').getByText('Visits', { exact: true }).waitFor();
  await panel('Closed funnel: visits that did one after the other').getByText('… then ordered').waitFor();
  await panel('Most viewed').getByText('85123A').waitFor();
  await panel('Searches').locator('canvas').waitFor();
  assert.deepEqual(errors, []);
});

test('the dashboard of customers shows who comes back, month by month', async (t) => {
  const { visit, panel, errors } = await openPreview(t);
  await visit(`/d/customers?var-shop=uk-retail&from=${COHORT.from}&to=${COHORT.to}`);
  await panel('Customers').first().getByText('2', { exact: true }).waitFor();
  await panel('Repeat rate').getByText('50.00').waitFor();
  await panel('Cohorts: who comes back').getByText('2010-12').first().waitFor();
  await panel('Cohorts: who comes back').getByText('50%').waitFor();
  await panel('Customers by segment').getByText('loyal').waitFor();
  await panel('New and returning customers').locator('canvas').waitFor();
  assert.deepEqual(errors, []);
});

test('the dashboard of operations shows payments, latencies and stock', async (t) => {
  const { visit, panel, errors } = await openPreview(t);
  await visit(`/d/operations?var-shop=demo${HOUR}`);
  await panel('Failed payments').getByText('50.00').waitFor();
  await panel('Orders not paid').getByText('100.00').waitFor();
  await panel('Checkout, p95')
    .getByText(/29\d|30\d/)
    .waitFor();
  await panel('Out of stock').getByText('1', { exact: true }).waitFor();
  await panel('Payment attempts').locator('canvas').waitFor();
  await panel('Products out of stock by category').getByText('Mugs').waitFor();
  assert.deepEqual(errors, []);
});

test('the dashboard of sales leads from a product to the dashboard of that product', async (t) => {
  const { page, visit, panel, errors } = await openPreview(t);
  await visit(`/d/sales?var-shop=demo${HOUR}`);
  await panel('Net sales').getByText('€12.50').waitFor();
  await panel('Orders').getByText('1', { exact: true }).waitFor();
  await panel('Net sales, those of the week before, and the target').locator('canvas').waitFor();
  await panel('Net sales by country').getByText('Germany').waitFor();
  await panel('Net sales by channel').getByText('€12.50').waitFor();
  await panel('Top products').getByText('85123A White heart').click();
  const link = page.getByRole('link', { name: 'This product' });
  const address = new URL((await link.getAttribute('href'))!, page.url());
  assert.equal(address.pathname, '/d/products');
  assert.equal(address.searchParams.get('var-shop'), 'demo');
  assert.equal(address.searchParams.get('var-product'), '85123A');
  await visit(address.pathname + address.search);
  await panel('Net sales').getByText('€12.50').waitFor();
  await panel('Looked at, put into carts, sold').locator('canvas').waitFor();
  await panel('Most viewed').getByText('85123A').waitFor();
  assert.deepEqual(errors, []);
});

test('panels count the countries that are chosen, and those that can’t say so', async (t) => {
  const { visit, panel, errors } = await openPreview(t);
  await visit(`/d/sales?var-shop=demo&var-country=France${HOUR}`);
  await panel('Net sales').getByText('€0.00').waitFor();
  await panel('Net sales by country').getByText('No data').waitFor();
  await panel('Net sales by channel').getByText('€12.50').waitFor();
  await panel('Net sales by channel')
    .getByRole('button', { name: 'The choice of country is not applied: this query is split by channel' })
    .waitFor();
  await visit(`/d/sales?var-shop=demo&var-country=Germany${HOUR}`);
  await panel('Net sales').getByText('€12.50').waitFor();
  assert.deepEqual(errors, []);
});

test('orders are shown by hour and weekday, both in their order', async (t) => {
  const { visit, panel, errors } = await openPreview(t);
  await visit('/d/sales?var-shop=demo&from=now-7d&to=now');
  const table = panel('When orders come');
  await table.getByText('Mon', { exact: true }).waitFor();
  const days = (await table.getByRole('columnheader').allInnerTexts()).map((text) => text.trim());
  assert.deepEqual(days, ['Hour', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']);
  const rows = (await table.getByRole('row').allInnerTexts()).slice(1).map((text) => text.split(/\s/)[0]);
  assert.deepEqual(rows.slice(0, 3), ['0', '1', '2']);
  assert.deepEqual(errors, []);
});

test('the live dashboard shows visits, orders and a map of where visits come from', async (t) => {
  const { visit, panel, errors } = await openPreview(t);
  await visit(`/d/live?var-shop=demo${HOUR}`);
  await panel('Visits').getByText('4', { exact: true }).waitFor();
  await panel('Orders today').getByText('1', { exact: true }).waitFor();
  await panel('Visits as they come').locator('canvas').waitFor();
  await panel('Orders as they come').locator('canvas').waitFor();
  const map = panel('Where visits come from');
  await map.getByRole('img', { name: 'Map by country' }).waitFor();
  await map.locator('path', { hasText: 'Germany: 4' }).waitFor();
  await map.getByText('Germany 4', { exact: true }).waitFor();
  await panel('Looked at most').getByText('85123A White heart').waitFor();
  await panel('Where orders come from').getByText('Germany').waitFor();
  const latest = panel('The latest orders').getByRole('row');
  await latest.filter({ hasText: 'o-1' }).filter({ hasText: '€12.50' }).waitFor();
  assert.match((await latest.allTextContents()).join(' '), /o-2.*o-1/);
  assert.deepEqual(errors, []);
});

test('what happened in the shop is marked on graphs, and told to who points at it', async (t) => {
  const { page, visit, panel, errors } = await openPreview(t);
  await visit(`/d/operations?var-shop=demo${HOUR}`);
  const release = panel('Payment attempts').getByRole('img', { name: 'Release 7: The new checkout' });
  const outage = panel('Payment attempts').getByRole('img', { name: /^Payment outage/ });
  await Promise.all([release.waitFor(), outage.waitFor()]);
  // A third of an hour lies between both, a sixth is the outage long.
  const { x: at } = (await release.boundingBox())!;
  const { x: began } = (await outage.boundingBox())!;
  const { width } = (await panel('Payment attempts').locator('.u-over').boundingBox())!;
  assert.ok(Math.abs((began - at) / width - 1 / 6) < 0.02, `${(began - at) / width} of the width`);
  await page.getByRole('switch', { name: 'What happened' }).waitFor();
  assert.deepEqual(errors, []);
});

test('the preview opens the overview first', async (t) => {
  const { page, visit, panel } = await openPreview(t);
  await visit('/');
  await panel('Net sales today').waitFor();
  assert.equal(new URL(page.url()).pathname, '/d/shop-overview');
});
