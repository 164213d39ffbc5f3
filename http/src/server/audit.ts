import type { FastifyRequest } from 'fastify';

/**
 * Writes one line of who was denied, or did something that steers: the route, the name of the caller, the reason. Never the
 * key, nor what follows the address's `?`.
 */
export function audit(
  request: FastifyRequest,
  audited: 'denied' | 'done',
  more: {
    readonly reason?: string;
    /** Id of a key that is good no more. */
    readonly key?: string | undefined;
    readonly status?: number;
    /** An answer was cut off that had begun. */
    readonly cut?: true;
  },
): void {
  const { key = request.caller.name, ...rest } = more;
  const { url: route = 'none' } = request.routeOptions;
  request.log.warn(
    { audit: audited, method: request.method, route, key, from: request.ip, ...rest },
    'audit',
  );
}
