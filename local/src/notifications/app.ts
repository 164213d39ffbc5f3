import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { foreignHosts } from '@storepulse/contracts';
import Fastify, { type FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { notificationsPage, PAGE_SCRIPT } from './page.ts';

const texts = Type.Record(Type.String(), Type.String());

/** What Alertmanager posts to a webhook, as far as it is shown (version 4 of its form). */
export const WebhookBody = Type.Object({
  status: Type.Union([Type.Literal('firing'), Type.Literal('resolved')]),
  receiver: Type.String(),
  alerts: Type.Array(
    Type.Object({
      status: Type.Union([Type.Literal('firing'), Type.Literal('resolved')]),
      labels: texts,
      annotations: texts,
      startsAt: Type.String(),
      endsAt: Type.String(),
    }),
  ),
});
type WebhookBody = Static<typeof WebhookBody>;

/** A notification as it is shown: one alert of one message. */
export interface Notification {
  /** When it came, ISO 8601. */
  at: string;
  status: 'firing' | 'resolved';
  alert: string;
  severity: string;
  /** Undefined for an alert that is not about one shop. */
  shop: string | undefined;
  summary: string;
  description: string;
  /** Address of its runbook here. */
  runbook: string | undefined;
  /** Address of its dashboard; undefined where none run. */
  dashboard: string | undefined;
}

/** The address that it listens on: it knows no user. */
export const NOTIFICATIONS_HOST = '127.0.0.1';

/** What the page depends on. */
export interface NotificationsOptions {
  /** Folder of the runbooks. */
  runbooks: string;
  /** Where the dashboards are, e.g. `http://127.0.0.1:3100`; undefined where none run. */
  dashboards: string | undefined;
  now: () => Date;
}

/** So many notifications are kept, the newest ones. */
export const KEPT = 500;

/** Takes what Alertmanager sends, and shows it: `POST /alerts`, `GET /`, its `GET /page.js`, `GET /notifications`, `GET /runbooks/<Alert>.md`. */
export function createNotificationsApp({ runbooks, dashboards, now }: NotificationsOptions): FastifyInstance {
  const app = Fastify({ bodyLimit: 1_048_576, forceCloseConnections: true });
  const since = now().toISOString();
  let kept: Notification[] = [];
  let total = 0;

  // Nor may a page of the Internet read it, or add to it, through a reader's browser.
  const foreign = foreignHosts(NOTIFICATIONS_HOST, []);
  app.addHook('onRequest', async (request, reply) => {
    const name = foreign(request.headers.host);
    if (name === undefined) return;
    return reply
      .code(421)
      .send({ error: `This page is for http://127.0.0.1 and http://localhost, not for ${name}.` });
  });

  app.get('/-/ready', () => ({ ready: true }));
  app.post<{ Body: WebhookBody }>('/alerts', { schema: { body: WebhookBody } }, async ({ body }, reply) => {
    const at = now().toISOString();
    const come = body.alerts.map((alert) => notificationOf(alert, at, dashboards));
    total += come.length;
    kept = [...come, ...kept].slice(0, KEPT);
    return reply.code(204).send();
  });
  app.get('/notifications', () => ({ since, total, notifications: kept }));
  app.get('/', (_, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header(
        'content-security-policy',
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; base-uri 'none'",
      )
      .send(notificationsPage({ since, total, notifications: kept })),
  );
  app.get('/page.js', (_, reply) => reply.type('text/javascript; charset=utf-8').send(PAGE_SCRIPT));
  app.get<{ Params: { name: string } }>(
    '/runbooks/:name',
    { schema: { params: Type.Object({ name: Type.String({ pattern: '^[A-Za-z]{1,60}\\.md$' }) }) } },
    async ({ params: { name } }, reply) => {
      const text = await readFile(join(runbooks, name), 'utf8').catch(() => undefined);
      if (text === undefined) return reply.code(404).send({ error: `There is no runbook ${name}.` });
      return reply.type('text/plain; charset=utf-8').send(text);
    },
  );
  return app;
}

function notificationOf(
  { status, labels, annotations }: WebhookBody['alerts'][number],
  at: string,
  dashboards: string | undefined,
): Notification {
  const { alertname = 'unnamed', severity = '', shop } = labels;
  const { summary = '', description = '', runbook_url: runbook, dashboard_url: dashboard } = annotations;
  return {
    at,
    status,
    alert: alertname,
    severity,
    shop,
    summary,
    description,
    runbook: runbook?.replace(/^docs\//, '/'),
    dashboard: dashboards && dashboard ? dashboardOf(dashboards, dashboard, shop) : undefined,
  };
}

/** The dashboard that a rule names by path, of that shop. */
export function dashboardOf(dashboards: string, path: string, shop: string | undefined): string {
  const url = new URL(path, dashboards);
  if (shop !== undefined) url.searchParams.set('var-shop', shop);
  return url.href;
}
