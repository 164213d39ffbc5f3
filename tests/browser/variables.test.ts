import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usePreview } from './open-preview.ts';

const openPreview = usePreview();

const datasource = { type: 'storepulse-commerce-datasource', uid: 'storepulse' };
const gross = { shop: 'uk-retail', metric: 'gross_sales', interval: 'all', format: 'table', exact: true };
const stat = (id: number, title: string, target: object) => ({
  ...{ id, type: 'stat', title, datasource, gridPos: { x: 6 * id - 6, y: 0, w: 6, h: 6 } },
  targets: [{ refId: 'A', datasource, ...gross, ...target }],
  options: { reduceOptions: { calcs: ['lastNotNull'], values: true, fields: '' } },
});
const filter = (...values: string[]) => [{ dimension: 'country', operator: 'in', values }];

/** Variables of every kind that panels were wrong under, over figures of one order from the United Kingdom. */
const VARIABLES = {
  uid: 'variables',
  title: 'Variables',
  schemaVersion: 41,
  time: { from: '2010-12-01T00:00:00Z', to: '2010-12-02T00:00:00Z' },
  templating: {
    list: [
      {
        ...{
          type: 'query',
          name: 'country',
          label: 'Country',
          multi: true,
          includeAll: true,
          allValue: '.*',
        },
        datasource,
        query: { refId: 'values', kind: 'values', dimension: 'country', shop: 'uk-retail' },
      },
      { type: 'textbox', name: 'empty', label: 'Empty', query: '' },
      { type: 'adhoc', name: 'filters', label: 'Filters', datasource },
    ],
  },
  panels: [
    stat(1, 'Of the variable', { filters: filter('$country') }),
    stat(2, 'Of an empty variable', { filters: filter('$empty') }),
    { ...stat(3, 'By country', { groupBy: 'country' }), type: 'bargauge' },
    stat(4, 'Malformed', { interval: 'fortnight' }),
  ],
};
const TOTAL = '£10,666,684.544';

test('panels are right under All, an empty variable and an ad hoc filter, and one that is malformed fails alone', async (t) => {
  const { page, visit, panel, errors } = await openPreview(t, [VARIABLES]);
  const requests: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/proxy/')) requests.push(`${request.method()} ${request.url()}`);
  });
  await visit('/d/variables?var-country=$__all');
  await panel('Of the variable').getByText(TOTAL).waitFor();
  await panel('Of an empty variable').getByText(TOTAL).waitFor();
  await panel('By country').getByText(TOTAL).waitFor();
  await panel('Malformed').getByText('"fortnight" is no interval').waitFor();
  assert.equal(requests.filter((request) => request.startsWith('POST')).length, 1);
  assert.ok(requests.length <= 3, requests.join('\n'));

  await visit('/d/variables?var-country=United%20Kingdom&var-filters=device%7C%3D%7Cmobile');
  await panel('Of the variable').getByText(TOTAL).waitFor();
  await panel('By country').getByText(TOTAL).waitFor();
  await panel('By country').getByRole('button', { name: 'this query is split by country' }).waitFor();
  await panel('Of an empty variable').getByRole('button', { name: '$empty has no value' }).waitFor();
  assert.deepEqual(errors, []);
});

test('on a phone no control of a filter is cut off', async (t) => {
  const { page, visit } = await openPreview(t);
  const width = 390;
  await page.setViewportSize({ width, height: 844 });
  await visit('/editor');
  await page.getByRole('button', { name: 'Add filter' }).click();
  for (const name of ['Dimension of filter 1', 'Operator of filter 1', 'Values of filter 1']) {
    const box = await page.getByRole('combobox', { name }).boundingBox();
    assert.ok(box && box.x >= 0 && box.x + box.width <= width, `${name}: ${JSON.stringify(box)}`);
  }
});
