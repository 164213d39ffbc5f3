import type { App } from '@storepulse/http';
import type { Registry } from 'prom-client';
import { CollectorError } from '../errors.ts';
import { publishedSchemas } from '../events/published.ts';
import type { Sender, Shops } from '../kafka/port.ts';

const OPEN = { config: { access: 'open' } } as const;

/**
 * `/-/healthy`: the process serves. `/-/ready`: the topic `shops` is read, and Kafka takes what it is sent; 503 and why
 * until then. `/metrics` for Prometheus.
 */
export function operationRoutes(
  app: App,
  { shops, sender, registry }: { shops: Shops; sender: Sender; registry: Registry },
): void {
  app.get('/-/healthy', OPEN, async () => ({ healthy: true }));
  app.get('/-/ready', OPEN, async (_request, reply) => {
    const reason = shops.trouble() ?? sender.trouble();
    return reason === undefined ? { ready: true } : reply.code(503).send({ ready: false, reason });
  });
  app.get('/metrics', OPEN, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}

/** `/v1/schemas`: the event types. `/v1/schemas/:type`: the JSON Schema of one. */
export function schemaRoutes(app: App): void {
  const list = [...publishedSchemas.keys()].map((type) => ({ type, href: `/v1/schemas/${type}` }));
  app.get('/v1/schemas', OPEN, async () => ({ schemas: list }));
  app.get<{ Params: { type: string } }>('/v1/schemas/:type', OPEN, async ({ params }, reply) => {
    const schema = publishedSchemas.get(params.type);
    if (schema === undefined)
      throw new CollectorError('unknown_type', 'GET /v1/schemas lists the event types');
    return reply.type('application/schema+json').send(JSON.stringify(schema));
  });
}
