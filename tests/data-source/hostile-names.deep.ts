import { test } from 'node:test';
import { HOSTILE_NAMES } from '../browser/hostile-shop.ts';
import { openHostile } from '../browser/open-hostile.ts';

test('hostile names are texts in tooltips, menus, inspecting, Explore, saved queries and completions: no script runs', async (t) => {
  const hostile = await openHostile(t);
  const { page, visit, panel, seen, check } = hostile;

  await t.test('tooltips, menus of variables and filters, and inspecting', async () => {
    await page.setViewportSize({ width: 1280, height: 9_000 });
    await visit('/d/hostile');
    await panel('Lines').locator('canvas').waitFor();
    const plot = (await panel('Lines').locator('.u-over').boundingBox())!;
    await page.mouse.move(plot.x + plot.width * 0.983, plot.y + plot.height / 2);
    await seen(page.getByTestId('data-testid viz-tooltip-wrapper'), 'the tooltip', HOSTILE_NAMES.slice(0, 4));
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
      await seen(page.locator('body'), 'Explore', [name]);
      await check(`Explore, ${name}`);
    }
  });

  await t.test('filters of a log, names of saved queries, and completions of the text', async () => {
    const [name = ''] = HOSTILE_NAMES;
    const explore = (query: object) => {
      const queries = [{ refId: 'A', version: 1, shop: 'demo', ...query }];
      const panes = { a: { datasource: 'storepulse', queries, range: { from: 'now-1h', to: 'now' } } };
      return visit(`/explore?schemaVersion=1&panes=${encodeURIComponent(JSON.stringify(panes))}`);
    };
    await explore({ queryType: 'events' });
    await page
      .getByRole('listitem')
      .filter({ hasText: `orderId="${name}"` })
      .getByRole('button')
      .first()
      .click();
    await page.getByRole('button', { name: `Filter for orderId ${name}`, exact: true }).click();
    await panel(`Events of ${name}, order is ${name}`).getByRole('listitem').first().waitFor();
    await seen(page.locator('body'), 'a filtered log', [name]);
    for (const saved of HOSTILE_NAMES.slice(0, 4)) {
      await page.getByRole('button', { name: 'Save query' }).click();
      await page.getByRole('textbox', { name: 'Name' }).fill(saved);
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await page.getByRole('button', { name: 'History and saved' }).click();
    await page.getByRole('tab', { name: 'Saved' }).click();
    const list = page.getByRole('region', { name: 'History and saved queries' });
    await seen(list, 'the saved queries', HOSTILE_NAMES.slice(0, 4));
    await check('saved queries');

    await explore({ metric: 'gross_sales', editorMode: 'code' });
    await page.getByRole('textbox', { name: 'Query as text' }).focus();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('gross_sales of demo where country = ');
    await page.getByRole('option').nth(3).waitFor();
    await seen(page.locator('.suggest-widget'), 'the completions', [HOSTILE_NAMES[1]!]);
    await check('completions');
  });

  hostile.end();
  t.diagnostic(`${hostile.sightings} further sightings of hostile names, 0 scripts run`);
});
