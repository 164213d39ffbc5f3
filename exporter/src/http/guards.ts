import { foreignHosts } from '@storepulse/contracts';
import { ExporterError } from '../errors.ts';
import { addressTooLong, MAX_ADDRESS_BYTES } from './client-errors.ts';
import { DOCS_PATH } from './openapi.ts';
import { sendProblem } from './problems.ts';
import type { App } from './type-provider.ts';

/** Refuses addresses that are longer than any of ours. Register before routes. */
export function refuseLongAddresses(app: App): void {
  app.addHook('onRequest', async ({ raw }) => {
    if ((raw.url?.length ?? 0) > MAX_ADDRESS_BYTES)
      throw new ExporterError('address_too_long', addressTooLong);
  });
}

/**
 * On a loopback address, refuses requests for other hosts than this machine. Register before routes.
 * @param listensOn the address that is listened on
 * @param also further names that requests may have as `Host`
 */
export function refuseForeignHosts(app: App, listensOn: string, also: readonly string[]): void {
  const foreign = foreignHosts(listensOn, also);
  app.addHook('onRequest', async ({ headers }) => {
    const name = foreign(headers.host);
    if (name === undefined) return;
    throw new ExporterError(
      'wrong_host',
      `this exporter listens on ${listensOn}, and the request is for "${name}": use http://127.0.0.1 or http://localhost, or name the host in EXPORTER_ALSO_HOSTS`,
    );
  });
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** Collects the methods of each address. Register before routes. @returns adds answers for all other methods; call it last */
export function refuseOtherMethods(app: App): () => void {
  const known = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const methods = known.get(url) ?? new Set();
    for (const each of [method].flat()) methods.add(each);
    known.set(url, methods);
  });
  return () => {
    for (const [url, methods] of [...known]) {
      const others = METHODS.filter((method) => !methods.has(method));
      if (url.startsWith(DOCS_PATH) || others.length === 0) continue;
      const allow = [...methods].sort().join(', ');
      app.route({
        method: others,
        url,
        schema: { hide: true },
        // Before the body is read: nobody wants it.
        onRequest: async (request, reply) =>
          sendProblem(
            reply.header('allow', allow),
            'method_not_allowed',
            `${request.url.split('?')[0]} takes ${allow}, not ${request.method}`,
          ),
        handler: async () => undefined,
      });
    }
  };
}
