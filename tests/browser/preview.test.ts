import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { usePreview } from './open-preview.ts';
import { ownFindings } from './serious-findings.ts';

const openPreview = usePreview();

const datasource = { type: 'storepulse-commerce-datasource', uid: 'storepulse' };
const query = { refId: 'A', datasource, shop: 'uk-retail', metric: 'gross_sales', interval: 'all' };
const TOTAL = '£10,666,684.544';
const stat = (id: number, title: string, y: number, more: object = {}) => ({
  ...{ id, type: 'stat', title, datasource, gridPos: { x: 0, y, w: 6, h: 4 } },
  targets: [{ ...query, format: 'table', exact: true }],
  options: { reduceOptions: { calcs: ['lastNotNull'], values: true, fields: '' } },
  ...more,
});

/** What Grafana's dashboards have beside panels side by side. */
const FEATURES = {
  uid: 'features',
  title: 'Features',
  schemaVersion: 41,
  time: { from: '2010-12-01T00:00:00Z', to: '2010-12-02T00:00:00Z' },
  links: [
    { title: 'Handbook', type: 'link', url: '/d/sales', keepTime: true, includeVars: true },
    { title: 'Others', type: 'dashboards', tags: ['storepulse'], includeVars: true },
  ],
  templating: {
    list: [
      {
        ...{ type: 'custom', name: 'device', label: 'Device', multi: true, includeAll: true },
        query: 'mobile,desktop,tablet',
      },
    ],
  },
  panels: [
    stat(1, 'Total', 0, { links: [{ title: 'About $device', url: '/d/products', includeVars: true }] }),
    stat(2, 'On $device', 4, { repeat: 'device', maxPerRow: 2 }),
    {
      ...{ id: 3, type: 'row', title: 'Folded', collapsed: true, gridPos: { x: 0, y: 8, w: 24, h: 1 } },
      panels: [stat(4, 'Within', 9)],
    },
    {
      ...{
        id: 5,
        type: 'row',
        title: 'Row of $device',
        repeat: 'device',
        gridPos: { x: 0, y: 9, w: 24, h: 1 },
      },
    },
    stat(6, 'In the row of $device', 10),
  ],
};

/** Opens the menu of a panel by the keyboard: it is there once the panel has the focus. */
async function openMenu(page: Page, title: string): Promise<void> {
  await page.getByTestId(`data-testid Panel header ${title}`).focus();
  const menu = page.getByTestId(`data-testid Panel menu ${title}`);
  await menu.waitFor();
  await menu.press('Enter');
}

test('a dashboard’s links, repeats and folded rows are there, and its menu leads to one panel, its data and its query', async (t) => {
  const { page, visit, panel, errors } = await openPreview(t, [FEATURES]);
  await visit('/d/features?var-device=mobile&var-device=desktop');
  await panel('Total').getByText(TOTAL).waitFor();

  const [left, right] = await Promise.all(
    ['mobile', 'desktop'].map((name) => panel(`On ${name}`).boundingBox()),
  );
  assert.equal(left!.y, right!.y);
  assert.ok(left!.x + left!.width <= right!.x, 'the second stands right of the first');
  assert.equal(await panel('On tablet').count(), 0);
  await panel('In the row of mobile').waitFor();
  await panel('In the row of desktop').waitFor();

  assert.equal(await panel('Within').count(), 0);
  await page.getByRole('button', { name: 'Expand row with title Folded' }).press('Enter');
  await panel('Within').getByText(TOTAL).waitFor();

  const handbook = new URL(
    (await page.getByRole('link', { name: 'Handbook' }).getAttribute('href'))!,
    page.url(),
  );
  assert.deepEqual(handbook.searchParams.getAll('var-device'), ['mobile', 'desktop']);
  assert.match(handbook.searchParams.get('from') ?? '', /^2010-12-01/);
  await page.getByRole('button', { name: 'Dashboards: Others' }).press('Enter');
  const other = page.getByRole('menuitem', { name: 'Operations' });
  await other.press('Escape');
  await other.waitFor({ state: 'detached' });

  await openMenu(page, 'Total');
  await page.getByRole('menuitem', { name: 'View', exact: true }).press('Enter');
  await page.waitForURL(/viewPanel=panel-1/);
  await panel('Total').getByText(TOTAL).waitFor();
  assert.equal(await panel('On mobile').count(), 0);
  await page.getByRole('button', { name: 'Back to the dashboard' }).press('Enter');
  await panel('On mobile').waitFor();

  // An address that was shared shows the same.
  await visit('/d/features?var-device=mobile&inspect=1&inspectTab=query');
  const drawer = page.getByRole('dialog');
  await drawer.getByText('"metric": "gross_sales"').first().waitFor();
  await drawer.getByRole('tab', { name: 'Data' }).press('Enter');
  await drawer.getByText('1 rows').waitFor();
  await drawer.getByText(TOTAL).waitFor();
  await drawer.getByRole('tab', { name: 'Stats' }).press('Enter');
  await drawer.getByRole('row', { name: 'Queries 1' }).waitFor();
  await drawer.getByRole('tab', { name: 'JSON' }).press('Enter');
  await drawer.getByText('"type": "stat"').waitFor();
  assert.deepEqual(await ownFindings(page), []);
  await page.keyboard.press('Escape');
  await page.waitForURL((url) => !url.searchParams.has('inspect'));

  await visit('/d/features?kiosk');
  await panel('Total').getByText(TOTAL).waitFor();
  assert.equal(await page.getByRole('banner').count(), 0);
  await page.keyboard.press('Escape');
  await page.getByRole('banner').waitFor();
  assert.deepEqual(errors, []);
});

test('the queries of a panel are edited, saved in this browser, and given back', async (t) => {
  const { page, visit, panel, errors } = await openPreview(t, [FEATURES]);
  await visit('/d/features?editPanel=1');
  await panel('Total').getByText(TOTAL).waitFor();
  await page.getByRole('combobox', { name: 'Metric' }).fill('Orders');
  await page
    .getByRole('option', { name: /^Orders/ })
    .first()
    .click();
  await panel('Total').getByText('1', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Save in this browser' }).click();
  await panel('On mobile').waitFor();
  await panel('Total').getByText('1', { exact: true }).waitFor();
  await panel('Total')
    .getByRole('button', { name: /edited in this browser/ })
    .click();
  await page.getByRole('button', { name: 'Back to the dashboard’s queries' }).click();
  await panel('On mobile').waitFor();
  await panel('Total').getByText(TOTAL).waitFor();
  assert.deepEqual(errors, []);
});

test('Explore keeps query and range in its address, and remembers what was run and saved', async (t) => {
  const { page, visit, panel, errors } = await openPreview(t);
  const panes = {
    a: {
      datasource: 'storepulse',
      queries: [{ refId: 'A', shop: 'demo', metric: 'orders' }],
      range: { from: 'now-1h', to: 'now' },
    },
  };
  await visit(`/explore?schemaVersion=1&panes=${encodeURIComponent(JSON.stringify(panes))}`);
  await panel('Orders of Demo shop').locator('canvas').waitFor();

  await page.getByRole('combobox', { name: 'Group by' }).click();
  await page.getByRole('option', { name: /^Country/ }).click();
  await panel('Orders of Demo shop by country').getByText('Germany').waitFor();
  const shared = page.url();
  await page.goBack();
  await panel('Orders of Demo shop').locator('canvas').waitFor();
  await page.goto(shared);
  await panel('Orders of Demo shop by country').getByText('Germany').waitFor();

  await page.getByRole('button', { name: 'Save query' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('By country');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Explore' }).click();
  await page.getByRole('button', { name: 'History and saved' }).click();
  const list = page.getByRole('region', { name: 'History and saved queries' });
  await list.getByRole('button', { name: /^Orders of Demo shop by country/ }).waitFor();
  await list.getByRole('tab', { name: 'Saved' }).click();
  await list.getByRole('button', { name: /^By country/ }).click();
  await panel('Orders of Demo shop by country').getByText('Germany').waitFor();

  const events = {
    queries: [{ refId: 'A', queryType: 'events', shop: 'demo' }],
    range: { from: 'now-1h', to: 'now' },
  };
  await visit(`/explore?left=${encodeURIComponent(JSON.stringify(events))}`);
  // How many there are is counted by the exporter, by severity.
  await panel('Log volume').locator('canvas').waitFor();
  for (const level of ['info', 'error'])
    await panel('Log volume').getByText(level, { exact: true }).waitFor();
  await page.getByRole('button', { name: /payment_failed/ }).press('Enter');
  await page.getByRole('button', { name: 'Filter for type payment_failed' }).press('Enter');
  await panel('Events of Demo shop, event type is payment_failed').getByRole('listitem').first().waitFor();
  assert.equal(await page.getByRole('listitem').filter({ hasText: 'order_placed' }).count(), 0);
  assert.deepEqual(await ownFindings(page), []);
  assert.deepEqual(errors, []);
});
