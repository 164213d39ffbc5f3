import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { usePreview } from './open-preview.ts';
import { COHORT } from './shops.ts';

const openPreview = usePreview();

/** Chooses an option of a menu as a person does. */
async function choose(page: Page, label: string, option: RegExp): Promise<void> {
  await page.getByRole('combobox', { name: label, exact: true }).click();
  await page.getByRole('option', { name: option }).click();
}

test('a funnel is made by choosing its type, split and order, and goes back and forth as a text', async (t) => {
  const { page, visit, panel, errors } = await openPreview(t);
  await visit('/editor');
  await page.getByText('Net sales: Gross sales − discounts − returns').waitFor();
  await choose(page, 'Query type', /^Funnel/);
  await choose(page, 'Shop', /^Demo shop/);
  await choose(page, 'Group by', /^Device/);
  const steps = 'visited → viewed → carted → checkout → ordered';
  const closed = panel(`Funnel ${steps} of Demo shop by device`);
  await closed.getByRole('row', { name: /^mobile Viewed a product 2 100\.0% 100\.0%/ }).waitFor();
  await closed.getByRole('row', { name: /^mobile Ordered 0 0\.0%/ }).waitFor();

  await page.getByText('In any order').click();
  const open = panel(`Funnel ${steps} of Demo shop by device, each step by itself`);
  await open.getByRole('row', { name: /^mobile Ordered 1 50\.0%/ }).waitFor();

  await page.getByRole('radio', { name: 'Code' }).click();
  const editor = page.getByRole('textbox', { name: 'Query as text' });
  await editor.focus();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('funnel (visited, ord');
  await page.getByRole('option', { name: /^ordered/ }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.type(') of demo where device = "mobile"');
  await page.keyboard.press('ControlOrMeta+S');
  await panel('Funnel visited → ordered of Demo shop, device is mobile')
    .getByRole('row', { name: /^Ordered 1 50\.0%/ })
    .waitFor();
  await page.getByRole('radio', { name: 'Builder' }).click();
  assert.equal(await page.getByRole('combobox', { name: 'Query type' }).inputValue(), 'Funnel');
  assert.deepEqual(errors, []);
});

const datasource = { type: 'storepulse-commerce-datasource', uid: 'storepulse' };
const cohorts = (id: number, title: string, query: object) => ({
  ...{ id, type: 'table', title, datasource, gridPos: { x: 0, y: 8 * id, w: 24, h: 8 } },
  targets: [{ refId: 'A', datasource, queryType: 'cohort', shop: 'uk-retail', ...query }],
});
/** Cohorts that are saved in a dashboard, under a variable of several values. */
const COHORTS = {
  uid: 'cohorts',
  title: 'Cohorts',
  schemaVersion: 41,
  time: { from: new Date(COHORT.from).toISOString(), to: new Date(COHORT.to).toISOString() },
  templating: {
    list: [
      {
        ...{ type: 'custom', name: 'device', label: 'Device', multi: true, includeAll: true },
        query: 'mobile,desktop',
      },
    ],
  },
  panels: [
    cohorts(1, 'As counts', { months: 1 }),
    cohorts(2, 'As shares', {
      ...{ months: 1, share: true },
      filters: [{ dimension: 'device', operator: 'in', values: ['$device'] }],
    }),
  ],
};

test('cohorts of a saved dashboard are counts or shares, and follow a variable of several values', async (t) => {
  const { visit, panel, errors } = await openPreview(t, [COHORTS]);
  await visit('/d/cohorts?var-device=$__all');
  await panel('As counts')
    .getByRole('row', { name: /^2010-12 2 2 1$/ })
    .waitFor();
  await panel('As shares')
    .getByRole('row', { name: /^2010-12 2 100\.0% 50\.0%$/ })
    .waitFor();
  await visit('/d/cohorts?var-device=mobile&var-device=desktop');
  await panel('As shares')
    .getByRole('row', { name: /^2010-12 2 100\.0% 50\.0%$/ })
    .waitFor();
  await visit('/d/cohorts?var-device=desktop');
  await panel('As shares').getByText('No data').waitFor();
  assert.deepEqual(errors, []);
});

test('events are read as log lines, filtered by what they are and by the order that they are of', async (t) => {
  const { page, visit, panel, errors } = await openPreview(t);
  await visit('/editor');
  await page.getByText('Net sales: Gross sales − discounts − returns').waitFor();
  await choose(page, 'Query type', /^Events/);
  await choose(page, 'Shop', /^Demo shop/);
  const lines = (title: string) => panel(title).getByRole('listitem');
  await lines('Events of Demo shop').first().waitFor();
  assert.deepEqual(
    (await lines('Events of Demo shop').allTextContents()).map((line) => /(\w+) device/.exec(line)?.[1]),
    ['order_placed', 'payment_authorized', 'payment_failed', 'order_placed'],
  );
  await lines('Events of Demo shop')
    .filter({ hasText: /error payment_failed .* amount=12\.5 method=card reason=declined/ })
    .waitFor();

  await page.getByRole('button', { name: 'Add filter' }).click();
  await choose(page, 'Dimension of filter 1', /^Order/);
  await page.getByRole('combobox', { name: 'Values of filter 1' }).fill('o-1');
  await page.getByRole('option', { name: /o-1/ }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Add filter' }).click();
  await choose(page, 'Dimension of filter 2', /^Event type/);
  await choose(page, 'Operator of filter 2', /^is none of/);
  await page.getByRole('combobox', { name: 'Values of filter 2' }).fill('payment');
  await page.getByRole('option', { name: /^payment_failed/ }).click();
  const title = 'Events of Demo shop, order is o-1, event type is not payment_failed';
  await lines(title).first().waitFor();
  assert.equal(await lines(title).count(), 2);
  assert.deepEqual(errors, []);
});

test('records are read as a table: orders in an order of choice, products by a word', async (t) => {
  const { page, visit, panel, errors } = await openPreview(t);
  await visit('/editor');
  await page.getByText('Net sales: Gross sales − discounts − returns').waitFor();
  await choose(page, 'Query type', /^Records/);
  await choose(page, 'Shop', /^Demo shop/);
  await choose(page, 'Order', /^Total, greatest first/);
  const orders = panel('Orders of Demo shop, in the order -total').getByRole('row');
  await orders.filter({ hasText: 'o-1' }).filter({ hasText: '€12.50' }).waitFor();
  assert.match((await orders.allTextContents()).join(' '), /o-1.*o-2/);
  await choose(page, 'Records', /^Products/);
  await panel('Products of Demo shop').getByRole('row').filter({ hasText: 'Kettle' }).waitFor();
  await page.getByRole('textbox', { name: 'Search' }).fill('mug');
  await page.keyboard.press('Tab');
  const found = panel('Products found by "mug" of Demo shop').getByRole('row');
  await found.filter({ hasText: 'Blue mug' }).filter({ hasText: 'words' }).waitFor();
  assert.equal(await found.filter({ hasText: 'Kettle' }).count(), 0);
  assert.deepEqual(errors, []);
});

test('a distribution is drawn as a heat map', async (t) => {
  const { page, visit, panel, errors } = await openPreview(t);
  await visit('/editor');
  await page.getByText('Net sales: Gross sales − discounts − returns').waitFor();
  await choose(page, 'Query type', /^Distribution/);
  await choose(page, 'Shop', /^Demo shop/);
  await page.getByRole('combobox', { name: 'Metric' }).fill('checkout');
  await page.getByRole('option', { name: /^Checkout latency/ }).click();
  const map = panel('Distribution of checkout latency of Demo shop');
  await map
    .getByRole('row')
    .filter({ hasText: /≤ [35]00/ })
    .getByTitle('1', { exact: true })
    .waitFor();
  assert.deepEqual(errors, []);
});
