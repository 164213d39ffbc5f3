import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPreview } from './open-preview.ts';
import { COHORT } from './shops.ts';

const HOUR = '&from=now-1h&to=now';

test('the dashboard of visitors shows funnels, rates and products without an error in the browser', async (t) => {
  const { visit, panel, errors } = await openPreview(t);
  await visit(`/d/visitor-behaviour?var-shop=demo${HOUR}`);
  await panel('Sessions').getByText('4', { exact: true }).waitFor();
  await panel('Conversion').getByText('25.00').waitFor();
  await panel('Bounce rate').getByText('50.00').waitFor();
  await panel('Open funnel: visits that did it at all').getByText('All visits').waitFor();
  await panel('Closed funnel: visits that did one after the other').getByText('… then ordered').waitFor();
  await panel('Most viewed').getByText('85123A').waitFor();
  await panel('Searches').locator('canvas').waitFor();
  assert.deepEqual(errors, []);
});

test('the dashboard of customers shows who comes back, month by month', async (t) => {
  const { visit, panel, errors } = await openPreview(t);
  await visit(`/d/customers?var-shop=uk-retail&from=${COHORT.from}&to=${COHORT.to}`);
  await panel('Customers to date').getByText('2', { exact: true }).waitFor();
  await panel('Repeat purchase rate').getByText('50.00').waitFor();
  await panel('Cohorts: who comes back').getByText('2010-12').first().waitFor();
  await panel('Cohorts: who comes back').getByText('50%').waitFor();
  await panel('Customers by segment').getByText('loyal').waitFor();
  await panel('New and returning customers').locator('canvas').waitFor();
  assert.deepEqual(errors, []);
});

test('the dashboard of operations shows payments, latencies and stock', async (t) => {
  const { visit, panel, errors } = await openPreview(t);
  await visit(`/d/operations?var-shop=demo${HOUR}`);
  await panel('Payment failure rate').getByText('50.00').waitFor();
  await panel('Orders not paid').getByText('100.00').waitFor();
  await panel('Checkout latency, p95')
    .getByText(/29\d|30\d/)
    .waitFor();
  await panel('Products out of stock').getByText('1', { exact: true }).waitFor();
  await panel('Payment attempts').locator('canvas').waitFor();
  await panel('Products out of stock by category').getByText('Mugs').waitFor();
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
  await page.getByText('Annotations').waitFor();
  assert.deepEqual(errors, []);
});

test('the preview opens the overview first', async (t) => {
  const { page, visit, panel } = await openPreview(t);
  await visit('/');
  await panel('Net sales today').waitFor();
  assert.equal(new URL(page.url()).pathname, '/d/shop-overview');
});
