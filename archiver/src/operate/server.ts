import { type App, createHttpApp, HTTP_ERRORS, type Listening } from '@storepulse/http';
import type { FastifyBaseLogger } from 'fastify';
import type { ArchiverStatus } from './status.ts';
import type { Telemetry } from './telemetry.ts';

const OPEN = { config: { access: 'open' } } as const;
const NO_BODY = 1_024;

/**
 * The archiver's own HTTP server: `/metrics`; `/-/healthy`, the process serves; `/-/started`, every assigned partition is
 * claimed; `/-/ready`, the lake goes on. It tells how the work goes, nothing of what was sold, and steers nothing: all of it is
 * open.
 */
export function createServer(
  status: () => ArchiverStatus,
  telemetry: Telemetry,
  log: FastifyBaseLogger,
  listening: Pick<Listening, 'host' | 'alsoHosts' | 'tls'>,
): App {
  const { registry } = telemetry;
  const { app, seal } = createHttpApp({
    ...listening,
    ...{ part: 'archiver', log, registry, errors: HTTP_ERRORS, bodyLimit: NO_BODY, busy: true },
    texts: { instead: 'there are /metrics, /-/healthy, /-/started and /-/ready' },
  });
  app.get('/metrics', OPEN, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
  app.get('/-/healthy', OPEN, async () => ({ healthy: true }));
  for (const question of ['started', 'ready'] as const) {
    app.get(`/-/${question}`, OPEN, async (_request, reply) => {
      const answer = status();
      return reply.code(answer[question] ? 200 : 503).send(answer);
    });
  }
  seal();
  return app;
}
