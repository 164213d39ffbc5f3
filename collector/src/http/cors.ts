import type { App } from '@storepulse/http';
import { BINARY_HEADERS } from '../body/cloud-event.ts';

const ALLOWED = ['authorization', 'content-type', 'content-encoding', ...BINARY_HEADERS];

/** Lets pages of some origins send events from a browser (CORS); without any, browsers keep all pages out. */
export function allowOrigins(app: App, origins: readonly string[]): void {
  const allowed = new Set(origins);
  app.addHook('onRequest', async ({ headers: { origin } }, reply) => {
    reply.header('vary', 'origin');
    if (origin === undefined || !allowed.has(origin)) return;
    reply
      .header('access-control-allow-origin', origin)
      .header('access-control-expose-headers', 'retry-after');
  });
  app.options('/v1/events', { config: { access: 'open' } }, async ({ headers: { origin } }, reply) => {
    if (origin !== undefined && allowed.has(origin)) {
      reply
        .header('access-control-allow-methods', 'POST')
        .header('access-control-allow-headers', ALLOWED.join(', '))
        .header('access-control-max-age', '600');
    }
    return reply.code(204).send();
  });
}
