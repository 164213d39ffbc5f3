import type { App } from './types.ts';

/** Asked every few seconds by machines: their lines would hide all others. */
const PROBES: ReadonlySet<string> = new Set(['/-/healthy', '/-/ready', '/-/started', '/metrics']);

/**
 * Logs one line for each request, once it is answered: method, route, status, milliseconds, bytes, name of the caller. Of
 * the address only the route, since what follows `?` may name persons or keys; nothing of the body.
 * @param quiet also what went well is logged at `debug`, as probes are: many requests a second are usual
 */
export function logRequests(app: App, quiet: boolean): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    const isQuiet = PROBES.has(route) || (quiet && reply.statusCode < 400);
    const bytes = reply.getHeader('content-length');
    request.log[isQuiet ? 'debug' : 'info'](
      {
        method: request.method,
        route,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        ...(bytes === undefined ? {} : { bytes: Number(bytes) }),
        key: request.caller?.name,
      },
      'request',
    );
  });
  app.addHook('onRequestAbort', async (request) => {
    const route = request.routeOptions.url ?? 'none';
    request.log.info({ method: request.method, route }, 'the client has left before it was answered');
  });
}
