import fastify, { type FastifyInstance } from 'fastify';
import type { Telemetry } from './telemetry.ts';

/** What readiness is judged by. */
export interface ProcessorStatus {
  readonly ready: boolean;
  readonly tasks: number;
  readonly lag: { readonly records: number; readonly seconds: number };
  readonly merge: { readonly lag: number };
}

/** The processor's own HTTP server: `/metrics`, `/-/healthy` and `/-/ready` (503 until every assigned task is claimed). */
export function createServer(status: () => ProcessorStatus, telemetry: Telemetry): FastifyInstance {
  const server = fastify({ logger: false });
  server.get('/metrics', async (_request, reply) =>
    reply.type(telemetry.registry.contentType).send(await telemetry.registry.metrics()),
  );
  server.get('/-/healthy', async () => ({ healthy: true }));
  server.get('/-/ready', async (_request, reply) => {
    const state = status();
    return reply.code(state.ready ? 200 : 503).send(state);
  });
  return server;
}
