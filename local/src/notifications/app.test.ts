import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../paths.ts';
import { createNotificationsApp, KEPT } from './app.ts';

const app = (dashboards: string | undefined = 'http://127.0.0.1:3100') =>
  createNotificationsApp({
    runbooks: join(ROOT, 'docs/runbooks'),
    dashboards,
    now: () => new Date('2026-03-01T12:00:00Z'),
  });

const alert = (labels: Record<string, string> = {}, status = 'firing') => ({
  status,
  labels: { alertname: 'PaymentsFailing', severity: 'page', ...labels },
  annotations: {
    summary: '90% of the payments in demo-shop fail',
    description: 'Customers can not buy.',
    runbook_url: 'docs/runbooks/PaymentsFailing.md',
    dashboard_url: '/d/operations',
  },
  startsAt: '2026-03-01T11:59:00Z',
  endsAt: '0001-01-01T00:00:00Z',
});
const message = (alerts: object[], status = 'firing') => ({ version: '4', status, receiver: 'page', alerts });

test('a page of the Internet whose name leads here is refused', async () => {
  const statusOf = async (host: string) =>
    (await app().inject({ url: '/notifications', headers: { host } })).statusCode;
  assert.deepEqual(
    await Promise.all(['evil.example', '127.0.0.1:3200', 'localhost'].map(statusOf)),
    [421, 200, 200],
  );
});

test('what Alertmanager sends is shown with its runbook and dashboard, the newest first', async () => {
  const server = app();
  await server.inject({ method: 'POST', url: '/alerts', payload: message([alert({ shop: 'demo-shop' })]) });
  const resolved = message([alert({ shop: 'demo-shop' }, 'resolved')], 'resolved');
  const { statusCode } = await server.inject({ method: 'POST', url: '/alerts', payload: resolved });
  assert.equal(statusCode, 204);
  const { notifications, total } = (await server.inject('/notifications')).json();
  assert.equal(total, 2);
  assert.deepEqual(
    notifications.map(({ status }: { status: string }) => status),
    ['resolved', 'firing'],
  );
  assert.equal(notifications[0].dashboard, 'http://127.0.0.1:3100/d/operations?var-shop=demo-shop');
  const page = (await server.inject('/')).body;
  assert.match(page, /90% of the payments in demo-shop fail/);
  const { statusCode: found, body } = await server.inject(notifications[0].runbook);
  assert.equal(found, 200);
  assert.match(body, /^# PaymentsFailing/);
});

test('without dashboards no link leads to them', async () => {
  const server = createNotificationsApp({
    runbooks: '/nowhere',
    dashboards: undefined,
    now: () => new Date(0),
  });
  await server.inject({ method: 'POST', url: '/alerts', payload: message([alert()]) });
  assert.doesNotMatch((await server.inject('/')).body, />Dashboard</);
});

test('texts of alerts are texts, whatever they hold', async () => {
  const server = app();
  await server.inject({
    method: 'POST',
    url: '/alerts',
    payload: message([alert({ shop: '<script>alert("1")</script>' })]),
  });
  const { body, headers } = await server.inject('/');
  assert.doesNotMatch(body, /<script(?! src="\/page\.js"><\/script>)/);
  assert.match(String(headers['content-security-policy']), /default-src 'none'/);
});

test('the newest are kept, and how many are not is said', async () => {
  const server = app();
  const many = Array.from({ length: KEPT + 7 }, (_, i) => alert({ shop: `shop-${i}` }));
  await server.inject({ method: 'POST', url: '/alerts', payload: message(many) });
  const { notifications, total } = (await server.inject('/notifications')).json();
  assert.equal(notifications.length, KEPT);
  assert.equal(total, KEPT + 7);
  assert.match((await server.inject('/')).body, /The oldest 7 are not kept/);
});

test('what is no message of Alertmanager is refused, and so are other files than runbooks', async () => {
  const server = app();
  const refused = await server.inject({ method: 'POST', url: '/alerts', payload: { alerts: 'many' } });
  assert.equal(refused.statusCode, 400);
  for (const path of ['/runbooks/..%2FREADME.md', '/runbooks/x.txt', '/runbooks/None.md']) {
    const { statusCode } = await server.inject(path);
    assert.ok(statusCode === 400 || statusCode === 404, path);
  }
});
