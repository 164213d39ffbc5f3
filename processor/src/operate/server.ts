import { type App, createHttpApp, HTTP_ERRORS, type Listening } from '@storepulse/http';
import type { FastifyBaseLogger } from 'fastify';
import type { ProcessorStatus } from './readiness.ts';
import type { Telemetry } from './telemetry.ts';

const OPEN = { config: { access: 'open' } } as const;
const NO_BODY = 1_024;

/**
 * The processor's own HTTP server: `/metrics`; `/-/healthy`, the process serves; `/-/started`, every assigned task is
 * claimed; `/-/ready`, it owns tasks, has caught up and goes on. The last two answer 503 and why until they are true.
 * It tells how the work goes, nothing of what was sold, and steers nothing: all of it is open.
 */
export function createServer(
  status: () => ProcessorStatus,
  telemetry: Telemetry,
  log: FastifyBaseLogger,
  listening: Pick<Listening, 'host' | 'alsoHosts' | 'tls'>,
): App {
  const { registry } = telemetry;
  const { app, seal } = createHttpApp({
    ...listening,
    ...{ part: 'processor', log, registry, errors: HTTP_ERRORS, bodyLimit: NO_BODY, busy: true },
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
