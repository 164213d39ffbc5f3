import type { FastifyBaseLogger } from 'fastify';
import type { Registry } from 'prom-client';
import { HTTP_ERRORS } from '../errors.ts';
import { createHttpApp, type Listening } from '../server/create-app.ts';
import type { App } from '../server/types.ts';
import type { HttpPart } from '../settings.ts';

/** What a worker says of itself at `/-/started` and `/-/ready`. */
export interface WorkerStatus {
  /** Everything that it was assigned is claimed. */
  readonly started: boolean;
  /** It is started, and its work goes on. */
  readonly ready: boolean;
  /** Why it is not ready. */
  readonly reasons: readonly string[];
}

/** What the server of a worker is made of. */
export interface WorkerServerOptions extends Pick<Listening, 'host' | 'alsoHosts' | 'tls'> {
  readonly part: HttpPart;
  readonly status: () => WorkerStatus;
  readonly registry: Registry;
  readonly log: FastifyBaseLogger;
}

const OPEN = { config: { access: 'open' } } as const;
const NO_BODY = 1_024;

/**
 * The HTTP server of a worker, a part that consumes and serves no API: `/metrics`; `/-/healthy`, the process serves; `/-/started`
 * and `/-/ready`, which answer 503 and why until they are true. It tells how the work goes, nothing of what was sold, and
 * steers nothing: all of it is open.
 */
export function createWorkerServer({ part, status, registry, log, ...listening }: WorkerServerOptions): App {
  const { app, seal } = createHttpApp({
    ...listening,
    ...{ part, log, registry, errors: HTTP_ERRORS, bodyLimit: NO_BODY, busy: true },
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
