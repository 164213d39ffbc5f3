import type { App } from './types.ts';

/** Asked every few seconds by machines: their lines would hide all others. */
const PROBES: ReadonlySet<string> = new Set(['/-/healthy', '/-/ready', '/metrics']);

/**
 * Logs one line for each request, once it is answered: method, route, status, milliseconds, name of the key. Nothing of
 * its body, which may be personal. Probes, and what went well, are logged at `debug`: a shop sends many a second.
 */
export function logRequests(app: App): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    const level = PROBES.has(route) || reply.statusCode < 400 ? 'debug' : 'info';
    request.log[level](
      {
        method: request.method,
        route,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        key: request.keyName,
      },
      'request',
    );
  });
}
