import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usePreview } from './open-preview.ts';
import { UK_ORDER_TIME } from './shops.ts';

const openPreview = usePreview();

const DAY = 24 * 60 * 60 * 1_000;

test('the lifetime panels show a shop’s amounts to the last digit', async (t) => {
  const { visit, panel } = await openPreview(t);
  await visit('/d/shop-overview?var-shop=uk-retail');
  await panel('Gross sales').getByText('£10,666,684.544').waitFor();
  await panel('Returns').getByText('£896,812.490').waitFor();
  await panel('Net sales').getByText('£9,769,872.054').waitFor();
  await panel('Adjustments').getByText('£-22,124.120').waitFor();
  await panel('Net sales after adjustments').getByText('£9,747,747.934').waitFor();
});

test('today’s figures, the graph and the rankings are drawn without an error in the browser', async (t) => {
  const { visit, panel, errors } = await openPreview(t);
  await visit('/d/shop-overview?var-shop=demo&from=now-1h&to=now');
  await panel('Net sales today').getByText('€12.50').waitFor();
  await panel('Orders today').getByText('1', { exact: true }).waitFor();
  await panel('Sales over time').locator('canvas').waitFor();
  await panel('From view to order').getByText('Orders').waitFor();
  await panel('Net sales by country').getByText('Germany').waitFor();
  await panel('Top products').getByText('85123A').waitFor();
  assert.deepEqual(errors, []);
});

test('choosing another shop shows its figures, and the address says so', async (t) => {
  const { page, visit, panel } = await openPreview(t);
  await visit('/d/shop-overview?var-shop=uk-retail');
  await panel('Gross sales').getByText('£10,666,684.544').waitFor();
  await page.getByRole('combobox', { name: 'Shop' }).click();
  await page.getByRole('option', { name: 'Demo shop' }).click();
  await panel('Gross sales').getByText('€12.50').waitFor();
  assert.equal(new URL(page.url()).searchParams.get('var-shop'), 'demo');
});

test('the time range of the address is the one that is asked for', async (t) => {
  const { visit, panel } = await openPreview(t);
  const range = `from=${UK_ORDER_TIME - DAY}&to=${UK_ORDER_TIME + DAY}`;
  await visit(`/d/shop-overview?var-shop=uk-retail&${range}`);
  await panel('Net sales by country').getByText('United Kingdom').waitFor();
  await visit('/d/shop-overview?var-shop=uk-retail&from=now-1h&to=now');
  await panel('Net sales by country').getByText('No data').waitFor();
});

test('without the exporter each panel says what is wrong and what to do', async (t) => {
  const { page, visit, panel, stopExporter } = await openPreview(t);
  await visit('/d/shop-overview?var-shop=uk-retail');
  await panel('Gross sales').getByText('£10,666,684.544').waitFor();
  await stopExporter();
  await page.getByTestId('data-testid RefreshPicker run button').click();
  await panel('Orders today').getByText('The exporter can’t be reached. Check that it runs').waitFor();
});
