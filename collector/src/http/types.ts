import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';

/** Who may use a route: everyone, or who has a key. A route that does not say so can't be registered. */
export type Access = 'open' | 'key';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    /** Name of the key of the request; `open` where none is asked for. */
    keyName: string;
  }
}

/** The collector's server. */
export type App = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger>;
