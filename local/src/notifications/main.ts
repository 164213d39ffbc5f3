import { join } from 'node:path';
import { ROOT } from '../paths.ts';
import { createNotificationsApp } from './app.ts';

// Shows what Alertmanager has sent. It knows no user, so it listens on the loopback address alone.
const app = createNotificationsApp({
  runbooks: join(ROOT, 'docs', 'runbooks'),
  dashboards: process.env.PREVIEW_URL || undefined,
  now: () => new Date(),
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.close());
await app.listen({ host: '127.0.0.1', port: Number(process.env.NOTIFICATIONS_PORT) });
