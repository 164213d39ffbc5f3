import fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { allowOrigins, guardAccess, refuseForeignHosts } from './http/access.ts';
import { eventsRoute } from './http/events-route.ts';
import type { NamedKey } from './http/keys.ts';
import { operationRoutes, schemaRoutes } from './http/operation-routes.ts';
import { answerClientError, useProblems } from './http/problems.ts';
import { logRequests } from './http/request-log.ts';
import { exposePending, measureRequests, type Telemetry } from './http/telemetry.ts';
import type { App } from './http/types.ts';
import type { Sender, Shops } from './kafka/port.ts';
import { DEFAULT_LIMITS, type Limits } from './limits/limits.ts';
import { createPending } from './limits/pending.ts';
import { createRateLimit } from './limits/rate.ts';

/** What the collector's server is made of. */
export interface AppDeps {
  readonly shops: Shops;
  readonly sender: Sender;
  readonly telemetry: Telemetry;
  readonly log: FastifyBaseLogger;
  /** Keys that may send. @default none: everyone may */
  readonly keys?: readonly NamedKey[];
  /** Origins whose pages may send. @default none */
  readonly origins?: readonly string[];
  /** @default DEFAULT_LIMITS */
  readonly limits?: Limits;
  /** The address that is listened on. @default 127.0.0.1 */
  readonly host?: string;
  /** Further names that requests may have as `Host` on a loopback address. @default none */
  readonly alsoHosts?: readonly string[];
  /** Wall clock, epoch ms. @default Date.now */
  readonly now?: () => number;
}

/** How long a request may take to arrive, ms: its headers, and with its body. */
const ARRIVAL_MS = { headers: 10_000, whole: 30_000 } as const;
const LOOK_EVERY_MS = 1_000;
const MAX_HEADER_BYTES = 16_384;

/** Builds the collector's HTTP server, not yet listening. Closing it leaves Kafka connected. */
export async function createApp(deps: AppDeps): Promise<App> {
  const { shops, sender, telemetry, log, keys = [], limits = DEFAULT_LIMITS, now = Date.now } = deps;
  const app: App = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.bodyBytes,
    requestTimeout: ARRIVAL_MS.whole,
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: ARRIVAL_MS.headers,
      connectionsCheckingInterval: LOOK_EVERY_MS,
    },
    clientErrorHandler: answerClientError,
  });
  const rate = createRateLimit(limits.eventsPerSecond, () => performance.now());
  const pending = createPending(limits.pendingBytes);
  useProblems(app);
  logRequests(app);
  measureRequests(app, telemetry.registry);
  exposePending(telemetry.registry, pending);
  refuseForeignHosts(app, deps.host ?? '127.0.0.1', deps.alsoHosts ?? []);
  guardAccess(app, keys, rate);
  allowOrigins(app, deps.origins ?? []);
  operationRoutes(app, { shops, sender, registry: telemetry.registry });
  schemaRoutes(app);
  eventsRoute(app, { shops, sender, now, limits, pending, rate, telemetry });
  return app;
}
