import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manyPanels } from './many-panels.ts';
import { openPreview } from './open-preview.ts';

test('a dashboard of eighteen panels asks for all of them in at most three requests a refresh', async (t) => {
  const { page, visit, panel, errors } = await openPreview(t, [
    manyPanels('eighteen', 18, { from: 'now-1h', to: 'now' }),
  ]);
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/proxy/')) asked.push(`${request.method()} ${request.url()}`);
  });
  await visit('/d/eighteen');
  await panel('Panel 1').locator('canvas').waitFor();
  await panel('Panel 16').getByText('1', { exact: true }).waitFor();
  assert.ok(asked.length <= 3, `when it is opened: ${asked.join('\n')}`);
  asked.length = 0;
  const answered = page.waitForResponse((response) => response.url().endsWith('/api/v1/query'));
  await page.getByTestId('data-testid RefreshPicker run button').click();
  await (await answered).finished();
  await page.waitForLoadState('networkidle');
  assert.ok(asked.length >= 1 && asked.length <= 3, `at a refresh: ${asked.join('\n')}`);
  assert.deepEqual(errors, []);
});
