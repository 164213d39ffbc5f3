import fastify, { type FastifyBaseLogger, type FastifyServerOptions, LogController } from 'fastify';
import type { Registry } from 'prom-client';
import type { Policy } from '../access/policy.ts';
import type { ErrorList, HttpErrorCode } from '../errors.ts';
import { createRateLimit } from '../rate.ts';
import type { HttpPart } from '../settings.ts';
import { endConnections } from './end-connections.ts';
import { guardRoutes } from './guard.ts';
import { refuseForeignHosts, refuseLongAddresses } from './hosts.ts';
import { refuseOtherMethods } from './methods.ts';
import { MAX_HEADER_BYTES, type ProblemTexts, problemHandlers } from './problems.ts';
import { logRequests } from './request-log.ts';
import { measureRequests } from './telemetry.ts';
import { followTls, readTls, type TlsFiles } from './tls.ts';
import type { App } from './types.ts';

/** How a part is reached, and by whom. What is left out is as on a machine of one's own. */
export interface Listening {
  /** The address that is listened on. @default 127.0.0.1 */
  readonly host?: string;
  /** Further names that requests may have as `Host` on a loopback address. @default none */
  readonly alsoHosts?: readonly string[];
  /** Who may use the part. @default open: everyone */
  readonly policy?: Policy;
  /** Requests that each caller may send per second. @default no limit */
  readonly requestsPerSecond?: number | undefined;
  /** Speaks TLS. @default plain HTTP */
  readonly tls?: TlsFiles | undefined;
}

/** What the HTTP server of a part is made of. */
export interface HttpOptions<Code extends string> extends Listening {
  readonly part: HttpPart;
  readonly log: FastifyBaseLogger;
  readonly registry: Registry;
  /** Everything that can be wrong with a request. */
  readonly errors: ErrorList<Code | HttpErrorCode>;
  readonly texts: ProblemTexts;
  /** Bytes that a body may have. */
  readonly bodyLimit: number;
  /** How long a request may take to arrive as a whole, ms; its headers have 10 s. @default 15_000 */
  readonly arrivalMs?: number;
  /** Many requests a second are usual: those that went well are logged at `debug`. @default false */
  readonly busy?: boolean;
  /** The routes of this path, a plugin's own, are open. @default none */
  readonly openUnder?: string;
  /** More for Fastify: how schemas are read. */
  readonly fastify?: Pick<FastifyServerOptions, 'ajv' | 'schemaErrorFormatter'>;
}

const HEADERS_MS = 10_000;
/** How often connections are looked at for requests that do not arrive, ms. */
const LOOK_EVERY_MS = 1_000;

/**
 * Builds the HTTP server of a part, not yet listening: errors are problems, requests are logged and measured, those for
 * other hosts and without the rights that their route asks for are refused.
 * @returns `seal` adds answers for other methods than the routes have: call it after the last route
 */
export function createHttpApp<Code extends string>(
  options: HttpOptions<Code>,
): { readonly app: App; readonly seal: () => void } {
  const { part, log, registry, errors, texts, bodyLimit, tls, host = '127.0.0.1' } = options;
  const { policy = 'open', requestsPerSecond, arrivalMs = 15_000, busy = false, openUnder } = options;
  const handlers = problemHandlers(errors, texts);
  const node = {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_MS,
    connectionsCheckingInterval: LOOK_EVERY_MS,
  };
  const settings: FastifyServerOptions = {
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit,
    requestTimeout: arrivalMs,
    // Fastify's types have a server of either kind; to its users both are the same.
    ...((tls ? { https: { ...node, ...readTls(part, tls) } } : { http: node }) as object),
    clientErrorHandler: handlers.onUnreadable,
    frameworkErrors: handlers.onAddress,
    ...options.fastify,
    ajv: quickToCompile(options.fastify?.ajv),
  };
  const app: App = fastify(settings);
  app.setErrorHandler(handlers.onError);
  app.setNotFoundHandler(handlers.onNowhere);
  app.addHook('onRequest', async (_request, reply) => {
    // What an answer is, is what its content type says: a browser that guesses may run it.
    reply.header('x-content-type-options', 'nosniff');
  });
  endConnections(app);
  logRequests(app, busy);
  measureRequests(app, part, registry);
  refuseLongAddresses(app, texts.details?.address_too_long);
  refuseForeignHosts(app, part, host, options.alsoHosts ?? []);
  const rate =
    requestsPerSecond === undefined
      ? undefined
      : createRateLimit(requestsPerSecond, 'requests', () => performance.now());
  guardRoutes(app, { policy, rate, ...(openUnder === undefined ? {} : { openUnder }) });
  if (tls) followTls(app, part, tls);
  return { app, seal: refuseOtherMethods(app, errors, openUnder) };
}

/** Schemas are compiled at each start, and to shorten what comes of it takes a third of that time: V8 does it where it matters. */
function quickToCompile(ajv: FastifyServerOptions['ajv']) {
  const customOptions = { code: { optimize: false }, ...ajv?.customOptions };
  return { ...ajv, customOptions } as NonNullable<FastifyServerOptions['ajv']>;
}
