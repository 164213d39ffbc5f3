import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usePreview } from './open-preview.ts';

const openPreview = usePreview();

test('the data source’s test reaches the exporter', async (t) => {
  const { page, visit } = await openPreview(t);
  await visit('/editor');
  await page.getByRole('button', { name: 'Test' }).click();
  await page.getByText(/^Connected: \d+ metrics, 2 shops\.$/).waitFor();
});

test('a query made by hand is drawn', async (t) => {
  const { page, visit, panel, errors } = await openPreview(t);
  await visit('/editor');
  await page.getByText('Net sales: Gross sales − discounts − returns').waitFor();
  await page.getByRole('combobox', { name: 'Shop' }).click();
  await page.getByRole('option', { name: /^Demo shop/ }).click();
  await page.getByRole('combobox', { name: 'Metric' }).fill('Gross sales');
  await page.getByRole('option', { name: /^Gross sales/ }).click();
  await page.getByRole('combobox', { name: 'Group by' }).click();
  await page.getByRole('option', { name: /^Country/ }).click();
  await page
    .getByTestId('data-testid Panel header Gross sales of Demo shop by country')
    .getByText('Germany')
    .waitFor();

  // Another metric beside it: lines with axes of their own, then columns of one table.
  await page.getByRole('combobox', { name: 'And', exact: true }).fill('Orders');
  await page
    .getByRole('option', { name: /^Orders/ })
    .first()
    .click();
  await page.getByRole('combobox', { name: 'Metric 2' }).waitFor();
  const both = panel('Gross sales and Orders of Demo shop by country');
  for (const line of ['Gross sales · Germany', 'Orders · Germany']) await both.getByText(line).waitFor();
  await page.getByRole('combobox', { name: 'Format' }).click();
  await page.getByRole('option', { name: /^Table/ }).click();
  await panel('Gross sales and Orders of Demo shop by country, as a table')
    .getByRole('row', { name: /^Germany €12\.5 1$/ })
    .waitFor();
  await page.getByRole('radio', { name: 'Code' }).click();
  await page.getByText('gross_sales, orders of demo by country', { exact: false }).waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('radio', { name: 'Builder' }).click();
  const remove = page.getByRole('button', { name: 'Remove metric 2' });
  const { x, width } = (await remove.boundingBox())!;
  assert.ok(x + width <= 390, `the button that removes a metric ends at ${x + width} of a phone's 390`);
  await remove.click();
  await page.getByRole('combobox', { name: 'Metric 2' }).waitFor({ state: 'detached' });
  assert.deepEqual(errors, []);
});

test('the metric picker finds a metric by what the trade calls it', async (t) => {
  const { page, visit, errors } = await openPreview(t);
  await visit('/editor');
  const picker = page.getByRole('combobox', { name: 'Metric' });
  for (const [text, title] of [
    ['aov', 'Average order value'],
    ['turnover', 'Net sales'],
  ] as const) {
    await picker.fill(text);
    await page.getByRole('option', { name: new RegExp(`^${title}`) }).click();
    await page.getByText(new RegExp(`^${title}: `)).waitFor();
  }
  assert.deepEqual(errors, []);
});

test('a query is typed as a text, with completion, and goes back to the fields as it is', async (t) => {
  const { page, visit, errors } = await openPreview(t);
  await visit('/editor');
  await page.getByRole('radio', { name: 'Code' }).click();
  const editor = page.getByRole('textbox', { name: 'Query as text' });
  await editor.focus();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('gross_sales of demo by cou');
  await page.getByRole('option', { name: /^country/ }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.type(' every');
  await page.keyboard.press('ControlOrMeta+S');
  await page.getByText('Line 1, column 37: The interval is missing: the text ends here.').waitFor();
  await page.keyboard.type(' 1h');
  await page.keyboard.press('ControlOrMeta+S');
  await page
    .getByTestId('data-testid Panel header Gross sales of Demo shop by country, per 1h')
    .getByText('Germany')
    .waitFor();
  await page.getByRole('radio', { name: 'Builder' }).click();
  assert.equal(await page.getByRole('combobox', { name: 'Group by' }).inputValue(), 'Country');
  assert.equal(await page.getByRole('combobox', { name: 'Interval', exact: true }).inputValue(), '1 hour');
  assert.deepEqual(errors, []);
});
