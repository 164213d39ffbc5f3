import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { Access, Caller } from '../access/caller.ts';

/** A route, and who may use it. */
export interface GuardedRoute {
  readonly method: string;
  readonly url: string;
  readonly access: Access;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may use the route. A route that does not say so can't be registered. */
    access?: Access;
    /** The route is about all shops at once: a caller who is bound to some may not use it. @default false */
    allShops?: boolean;
  }
  interface FastifyInstance {
    /** The routes that there are, and who may use them; those that only answer 405 are not among them. */
    readonly guarded: readonly GuardedRoute[];
  }
  interface FastifyRequest {
    /** Who sends the request. */
    caller: Caller;
  }
}

/** The HTTP server of a part. */
export type App = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger>;
