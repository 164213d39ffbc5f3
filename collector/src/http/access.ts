import { foreignHosts } from '@storepulse/contracts';
import { CollectorError } from '../errors.ts';
import type { RateLimit } from '../limits/rate.ts';
import { createKeyCheck, type NamedKey } from './keys.ts';
import type { App } from './types.ts';

/** What a request is called that no key is asked of. */
export const OPEN = 'open';

/**
 * Asks for `Authorization: Bearer <key>` on every route with the access `key`, before the body is read, and holds each
 * key to what it may send. A route that does not say who may use it can't be registered. Register before routes.
 * @param keys none: everyone may send
 */
export function guardAccess(app: App, keys: readonly NamedKey[], rate: RateLimit): void {
  const nameOf = createKeyCheck(keys);
  app.decorateRequest('keyName', OPEN);
  app.addHook('onRoute', ({ url, method, config }) => {
    if (config?.access === undefined)
      throw new Error(`the route ${method} ${url} does not say who may use it`);
  });
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.config.access !== 'key') return;
    if (keys.length > 0) {
      const name = nameOf(request.headers.authorization);
      if (name === undefined) {
        throw new CollectorError(
          'unauthorized',
          'send the header "authorization: Bearer <key>" with one of the keys in COLLECTOR_API_KEYS',
        );
      }
      request.keyName = name;
    }
    rate.check(request.keyName);
  });
}

/** On a loopback address, refuses requests for other hosts than this machine. Register before routes. */
export function refuseForeignHosts(app: App, listensOn: string, also: readonly string[]): void {
  const foreign = foreignHosts(listensOn, also);
  app.addHook('onRequest', async ({ headers }) => {
    const name = foreign(headers.host);
    if (name === undefined) return;
    throw new CollectorError(
      'wrong_host',
      `this collector listens on ${listensOn}, and the request is for "${name}": use http://127.0.0.1 or http://localhost, or name the host in COLLECTOR_ALSO_HOSTS`,
    );
  });
}

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
        .header('access-control-allow-headers', 'authorization, content-type, content-encoding')
        .header('access-control-max-age', '600');
    }
    return reply.code(204).send();
  });
}
