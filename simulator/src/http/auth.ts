import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { sendProblem } from './problem.ts';

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Asks for `authorization: Bearer <key>` on every route under `/v1`; the page, health and metrics stay open. */
export function requireKey(app: FastifyInstance, key: string): void {
  const expected = digest(`Bearer ${key}`);
  app.addHook('onRequest', async (request, reply) => {
    // The route that was found, not the address as it was written: /%76%31/status is /v1/status too.
    if (!request.routeOptions.url?.startsWith('/v1/')) return;
    if (timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) return;
    return sendProblem(reply, {
      status: 401,
      title: 'Not allowed',
      detail: 'Send the header authorization: Bearer <key>, with the key of SIMULATOR_API_KEY',
      code: 'unauthorized',
    });
  });
}
