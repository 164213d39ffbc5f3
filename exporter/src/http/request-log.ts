import type { App } from './type-provider.ts';

/** Asked every few seconds by machines: their lines would hide all others. */
const PROBES: ReadonlySet<string> = new Set(['/-/healthy', '/-/ready', '/metrics']);

/**
 * Logs one line for each request, once it is answered: method, route, status, milliseconds, bytes. Of the address only
 * the route, since what follows `?` may name persons or keys. Probes and scrapes are logged at `debug`.
 */
export function logRequests(app: App): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    const level = PROBES.has(route) ? 'debug' : 'info';
    const bytes = reply.getHeader('content-length');
    request.log[level](
      {
        method: request.method,
        route,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        ...(bytes === undefined ? {} : { bytes: Number(bytes) }),
      },
      'request',
    );
  });
  app.addHook('onRequestAbort', async (request) => {
    const route = request.routeOptions.url ?? 'none';
    request.log.info({ method: request.method, route }, 'the client has left before it was answered');
  });
}
