import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import { HOSTILE_NAMES, hostileShop } from '../browser/hostile-shop.ts';
import { openPreview } from '../browser/open-preview.ts';
import { watchScripts } from '../browser/watch-scripts.ts';

const SECRET = 'sp_only-servers-may-know-this-one';
const datasource = { type: 'storepulse-commerce-datasource', uid: 'storepulse' };
const panel = (id: number, type: string, title: string, h: number, query: object, more: object = {}) => ({
  ...{ id, type, title, datasource, gridPos: { x: 0, y: 100 * id, w: 24, h } },
  targets: [{ refId: 'A', datasource, shop: 'demo', ...query }],
  ...more,
});
const rows = { options: { reduceOptions: { limit: 100, values: true, calcs: ['lastNotNull'], fields: '' } } };
const gross = { metric: 'gross_sales', format: 'table' };

/** Every kind of panel, each with the hostile names in it. */
const HOSTILE = {
  uid: 'hostile',
  title: 'Hostile',
  schemaVersion: 41,
  time: { from: 'now-1h', to: 'now' },
  annotations: {
    list: [
      {
        ...{ name: 'What happened', enable: true, iconColor: 'orange', datasource },
        target: { refId: 'Anno', queryType: 'annotations', shop: 'demo' },
      },
    ],
  },
  links: [{ title: 'Of $country', type: 'link', url: '/d/sales', keepTime: true, includeVars: true }],
  templating: {
    list: [
      { type: 'query', name: 'shop', label: 'Shop', datasource, query: { refId: 'shops', kind: 'shops' } },
      {
        ...{ type: 'query', name: 'country', label: 'Country', multi: true, includeAll: true, datasource },
        query: { refId: 'values', kind: 'values', dimension: 'country', shop: 'demo' },
      },
      { type: 'adhoc', name: 'filters', label: 'Filters', datasource },
    ],
  },
  panels: [
    panel(1, 'table', 'Products', 40, { ...gross, groupBy: 'sku' }),
    panel(2, 'timeseries', 'Lines', 20, {
      ...gross,
      format: 'time_series',
      groupBy: 'country',
      interval: '1m',
    }),
    panel(3, 'bargauge', 'Bars', 40, { ...gross, groupBy: 'country' }, rows),
    panel(4, 'table', 'Orders', 40, { queryType: 'records', records: 'orders' }),
    panel(5, 'logs', 'Log', 40, { queryType: 'events' }),
    panel(
      6,
      'text',
      'Words',
      10,
      {},
      { options: { mode: 'markdown', content: '**$country** <b>$country</b>' } },
    ),
    panel(
      7,
      'stat',
      'Of $country',
      4,
      { ...gross, filters: [{ dimension: 'country', operator: 'in', values: ['$country'] }] },
      {
        ...rows,
        repeat: 'country',
        maxPerRow: 4,
        links: [{ title: '$country', url: '/d/sales?var-x=$country' }],
      },
    ),
  ],
};

/** Text as a reader sees it: the characters, whatever white space became. */
const plain = (text: string | null) => (text ?? '').replaceAll(/\s+/g, ' ');

/** Each name stands there, letter by letter: neither run, nor filled in, nor lost. */
async function seen(where: Locator, what: string, names = HOSTILE_NAMES): Promise<number> {
  await where.first().waitFor();
  const text = plain((await where.allTextContents()).join(' '));
  assert.deepEqual(
    names.filter((name) => !text.includes(plain(name))),
    [],
    `missing in ${what}: ${text.slice(0, 3_000)}`,
  );
  return names.length;
}

test('hostile names are texts wherever they are shown: no script runs, and no secret is in the browser', async (t) => {
  const opened = await openPreview(t, [HOSTILE], { store: hostileShop(), apiKey: SECRET });
  const { page, visit, address, errors } = opened;
  const watched = await watchScripts(page, () => address, SECRET);
  let count = 0;
  const check = async (what: string) => {
    assert.deepEqual(watched.happened, [], what);
    assert.deepEqual(await watched.look(), [], what);
  };

  await t.test('tables, legends, bars, logs, annotations, repeats and links of a dashboard', async () => {
    await page.setViewportSize({ width: 1280, height: 9_000 });
    const chosen = HOSTILE_NAMES.filter((name) => name !== '$__all').slice(0, 12);
    await visit(`/d/hostile?${chosen.map((name) => `var-country=${encodeURIComponent(name)}`).join('&')}`);
    await opened.panel('Products').getByRole('row').nth(3).waitFor();
    count += await seen(opened.panel('Products'), 'the table');
    await opened.panel('Lines').locator('canvas').waitFor();
    count += await seen(opened.panel('Lines'), 'the legend');
    count += await seen(opened.panel('Bars'), 'the bars');
    await opened.panel('Orders').getByRole('row').nth(3).waitFor();
    count += await seen(opened.panel('Orders'), 'the records');
    await opened.panel('Log').getByRole('listitem').first().waitFor();
    count += await seen(opened.panel('Log'), 'the log');
    const marks = opened.panel('Lines').locator('[role=img][title]');
    await marks.first().waitFor();
    const told = await marks.evaluateAll((all) => all.map((mark) => mark.getAttribute('title') ?? ''));
    assert.deepEqual(
      HOSTILE_NAMES.filter((name) => !told.some((text) => text.startsWith(`${name}: `))),
      [],
    );
    count += HOSTILE_NAMES.length;
    for (const name of chosen) {
      await opened.panel(`Of ${name}`).first().waitFor();
      count++;
    }
    await check('the dashboard');
  });

  await t.test('tooltips, menus of variables and filters, and inspecting', async () => {
    const plot = (await opened.panel('Lines').locator('.u-over').boundingBox())!;
    await page.mouse.move(plot.x + plot.width * 0.98, plot.y + plot.height / 2);
    await page.getByRole('combobox', { name: 'Country' }).click();
    await page.getByRole('option').nth(3).waitFor();
    await check('the menu of a variable');
    await page.keyboard.press('Escape');
    await visit('/d/hostile?inspect=1&inspectTab=data');
    await page.getByRole('dialog').getByRole('row').nth(3).waitFor();
    await visit('/d/hostile?inspect=1&inspectTab=json');
    await page
      .getByRole('dialog')
      .getByText('"panelData"')
      .or(page.getByRole('dialog').getByText('"type": "table"'))
      .first()
      .waitFor();
    await check('inspecting');
  });

  await t.test('fields, menus, titles and the text of a query in the editor', async () => {
    await page.setViewportSize({ width: 1280, height: 1_600 });
    for (const name of HOSTILE_NAMES.slice(0, 6)) {
      const query = {
        ...{
          refId: 'A',
          version: 1,
          shop: 'demo',
          metric: 'gross_sales',
          groupBy: 'country',
          interval: '1m',
        },
        filters: [{ dimension: 'country', operator: 'in', values: [name] }],
      };
      const panes = {
        a: { datasource: 'storepulse', queries: [query], range: { from: 'now-1h', to: 'now' } },
      };
      await visit(`/explore?schemaVersion=1&panes=${encodeURIComponent(JSON.stringify(panes))}`);
      await page.locator('canvas').first().waitFor();
      count += await seen(page.locator('body'), 'Explore', [name]);
      await check(`Explore, ${name}`);
    }
  });

  assert.deepEqual(watched.leaked, []);
  assert.deepEqual(errors, []);
  t.diagnostic(`${count} sightings of ${HOSTILE_NAMES.length} hostile names, 0 scripts run`);
  assert.ok(count >= 100, `${count} sightings`);
});
