import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPreview } from './open-preview.ts';

test('the data source’s test reaches the exporter', async (t) => {
  const { page, visit } = await openPreview(t);
  await visit('/editor');
  await page.getByRole('button', { name: 'Test' }).click();
  await page.getByText(/^Connected: \d+ metrics, 2 shops\.$/).waitFor();
});

test('a query made by hand is drawn', async (t) => {
  const { page, visit, errors } = await openPreview(t);
  await visit('/editor');
  await page.getByText('Net sales: Gross sales − discounts − returns').waitFor();
  await page.getByRole('combobox', { name: 'Metric' }).fill('Gross sales');
  await page.getByRole('option', { name: /^Gross sales/ }).click();
  await page.getByRole('combobox', { name: 'Group by' }).click();
  await page.getByRole('option', { name: /^Country/ }).click();
  await page
    .getByTestId('data-testid Panel header gross_sales of demo by country')
    .getByText('Germany')
    .waitFor();
  assert.deepEqual(errors, []);
});
