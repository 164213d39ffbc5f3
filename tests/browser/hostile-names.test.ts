import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOSTILE_NAMES } from './hostile-shop.ts';
import { inQuotes, openHostile } from './open-hostile.ts';

test('hostile names are texts in tables, legends, bars, logs, annotations, titles and links: no script runs, and no secret is in the browser', async (t) => {
  const hostile = await openHostile(t);
  const { page, visit, panel, seen, check } = hostile;
  await page.setViewportSize({ width: 1280, height: 9_000 });
  const chosen = HOSTILE_NAMES.filter((name) => name !== '$__all').slice(0, 12);
  await visit(`/d/hostile?${chosen.map((name) => `var-country=${encodeURIComponent(name)}`).join('&')}`);
  await panel('Products').getByRole('row').nth(3).waitFor();
  await seen(panel('Products'), 'the table');
  await panel('Lines').locator('canvas').waitFor();
  await seen(panel('Lines'), 'the legend');
  await seen(panel('Bars'), 'the bars');
  await panel('Orders').getByRole('row').nth(3).waitFor();
  await seen(panel('Orders'), 'the records');
  await panel('Log').getByRole('listitem').first().waitFor();
  await seen(panel('Log'), 'the log', HOSTILE_NAMES.map(inQuotes));
  const marks = panel('Lines').locator('[role=img][title]');
  await marks.first().waitFor();
  const told = await marks.evaluateAll((all) => all.map((mark) => mark.getAttribute('title') ?? ''));
  assert.deepEqual(
    HOSTILE_NAMES.filter((name) => !told.some((text) => text.startsWith(`${name}: `))),
    [],
  );
  for (const name of chosen) await panel(`Of ${name}`).first().waitFor();
  await check('the dashboard');
  hostile.end();
  t.diagnostic(`${hostile.sightings} sightings of ${HOSTILE_NAMES.length} hostile names, 0 scripts run`);
  assert.ok(hostile.sightings >= 100, `${hostile.sightings} sightings`);
});
