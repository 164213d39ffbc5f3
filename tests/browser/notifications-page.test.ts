import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNotificationsApp } from '@storepulse/local/notifications/app';
import { openBrowser } from './open-browser.ts';
import { seriousFindings } from './serious-findings.ts';

const RUNBOOKS = new URL('../../docs/runbooks', import.meta.url).pathname;
const LAPTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

const alert = (alertname: string, status: 'firing' | 'resolved') => ({
  status,
  labels: { alertname, severity: 'page', shop: 'demo-shop' },
  annotations: {
    ...{ summary: '90% of the payments in demo-shop fail', description: 'Customers can not buy.' },
    ...{ runbook_url: `docs/runbooks/${alertname}.md`, dashboard_url: '/d/operations' },
  },
  startsAt: '2026-03-01T11:59:00Z',
  endsAt: '0001-01-01T00:00:00Z',
});

test('the page of notifications shows what comes while it is open, without a finding of axe, on a laptop and on a phone', async (t) => {
  const app = createNotificationsApp({
    ...{
      runbooks: RUNBOOKS,
      dashboards: 'http://127.0.0.1:3100',
      now: () => new Date('2026-03-01T12:00:00Z'),
    },
  });
  t.after(() => app.close());
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  const send = (status: 'firing' | 'resolved') =>
    app.inject({
      ...{ method: 'POST', url: '/alerts' },
      payload: { version: '4', status, receiver: 'page', alerts: [alert('PaymentsFailing', status)] },
    });
  const { page, errors } = await openBrowser(t, LAPTOP);
  await page.goto(address);
  await page.getByText('None yet.').waitFor();
  assert.deepEqual(await seriousFindings(page), []);
  await send('firing');
  await page.getByRole('heading', { name: 'PaymentsFailing firing' }).waitFor();
  await send('resolved');
  await page.getByRole('heading', { name: 'PaymentsFailing resolved' }).waitFor();
  for (const size of [LAPTOP, PHONE]) {
    await page.setViewportSize(size);
    assert.deepEqual(await seriousFindings(page), []);
  }
  assert.deepEqual(errors, []);
});
