import fastify, { type FastifyInstance } from 'fastify';
import type { ProcessorStatus } from './readiness.ts';
import type { Telemetry } from './telemetry.ts';

/**
 * The processor's own HTTP server: `/metrics`; `/-/healthy`, the process serves; `/-/started`, every assigned task is
 * claimed; `/-/ready`, it owns tasks, has caught up and goes on. The last two answer 503 and why until they are true.
 */
export function createServer(status: () => ProcessorStatus, telemetry: Telemetry): FastifyInstance {
  const server = fastify({ logger: false });
  server.get('/metrics', async (_request, reply) =>
    reply.type(telemetry.registry.contentType).send(await telemetry.registry.metrics()),
  );
  server.get('/-/healthy', async () => ({ healthy: true }));
  for (const question of ['started', 'ready'] as const) {
    server.get(`/-/${question}`, async (_request, reply) => {
      const answer = status();
      return reply.code(answer[question] ? 200 : 503).send(answer);
    });
  }
  return server;
}
