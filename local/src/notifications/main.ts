import { join } from 'node:path';
import { ROOT } from '../paths.ts';
import { createNotificationsApp, NOTIFICATIONS_HOST } from './app.ts';

// Shows what Alertmanager has sent.
const app = createNotificationsApp({
  runbooks: join(ROOT, 'docs', 'runbooks'),
  dashboards: process.env.PREVIEW_URL || undefined,
  now: () => new Date(),
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.close());
await app.listen({ host: NOTIFICATIONS_HOST, port: Number(process.env.NOTIFICATIONS_PORT) });
