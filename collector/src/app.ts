import { type App, createHttpApp, createRateLimit, HttpError, type Listening } from '@storepulse/http';
import type { FastifyBaseLogger } from 'fastify';
import { ERRORS, type ErrorCode } from './errors.ts';
import { allowOrigins } from './http/cors.ts';
import { eventsRoute } from './http/events-route.ts';
import { importRoute } from './http/import-route.ts';
import { operationRoutes, schemaRoutes } from './http/operation-routes.ts';
import { exposePending, type Telemetry } from './http/telemetry.ts';
import type { Sender, Shops } from './kafka/port.ts';
import { DEFAULT_LIMITS, type Limits } from './limits/limits.ts';
import { createPending } from './limits/pending.ts';

/** What the collector's server is made of. */
export interface AppDeps extends Omit<Listening, 'requestsPerSecond'> {
  readonly shops: Shops;
  readonly sender: Sender;
  readonly telemetry: Telemetry;
  readonly log: FastifyBaseLogger;
  /** Origins whose pages may send. @default none */
  readonly origins?: readonly string[];
  /** @default DEFAULT_LIMITS */
  readonly limits?: Limits;
  /** Wall clock, epoch ms. @default Date.now */
  readonly now?: () => number;
}

/** How long a request may take to arrive with its body, ms. */
const ARRIVAL_MS = 30_000;
const TEXTS = {
  instead: 'events go to POST /v1/events, files of sales to POST /v1/import',
  details: { body_too_large: 'send fewer events at once' },
} as const;

/** Builds the collector's HTTP server, not yet listening. Closing it leaves Kafka connected. */
export async function createApp(deps: AppDeps): Promise<App> {
  const { shops, sender, telemetry, log, origins = [], limits = DEFAULT_LIMITS, now = Date.now } = deps;
  const { app, seal } = createHttpApp({
    ...deps,
    ...{ part: 'collector', log, registry: telemetry.registry, errors: ERRORS, texts: TEXTS },
    ...{ bodyLimit: limits.bodyBytes, arrivalMs: ARRIVAL_MS, busy: true },
  });
  const rate = createRateLimit(limits.eventsPerSecond, 'events', () => performance.now());
  const pending = createPending(limits.pendingBytes);
  exposePending(telemetry.registry, pending);
  allowOrigins(app, origins);
  operationRoutes(app, { shops, sender, registry: telemetry.registry });
  schemaRoutes(app);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHook('onError', async (_request, _reply, error) => {
    if (error instanceof HttpError) telemetry.countRefusal(error.code as ErrorCode);
  });
  const taking = { shops, sender, now, limits, pending, rate, telemetry };
  eventsRoute(app, taking);
  importRoute(app, taking);
  seal();
  return app;
}
