import type { ErrorList, HttpErrorCode } from '../errors.ts';
import { sendProblem } from './problems.ts';
import type { App } from './types.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/**
 * Collects the methods of each address. Register before routes.
 * @param except the routes of this path, a plugin's own, are left alone
 * @returns adds answers for all other methods; call it last
 */
export function refuseOtherMethods(
  app: App,
  errors: ErrorList<HttpErrorCode>,
  except: string | undefined,
): () => void {
  const known = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const methods = known.get(url) ?? new Set();
    for (const each of [method].flat()) methods.add(each);
    known.set(url, methods);
  });
  return () => {
    for (const [url, methods] of [...known]) {
      const others = METHODS.filter((method) => !methods.has(method));
      if ((except !== undefined && url.startsWith(except)) || others.length === 0) continue;
      const allow = [...methods].sort().join(', ');
      app.route({
        method: others,
        url,
        config: { access: 'open' },
        schema: { hide: true } as object,
        // Before the body is read: nobody wants it.
        onRequest: async (request, reply) =>
          sendProblem(
            reply.header('allow', allow),
            errors,
            'method_not_allowed',
            `${request.url.split('?')[0]} takes ${allow}, not ${request.method}`,
          ),
        handler: async () => undefined,
      });
    }
  };
}
