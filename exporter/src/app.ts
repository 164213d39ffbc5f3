import compress from '@fastify/compress';
import { type Catalog, zoneCalendar } from '@storepulse/contracts';
import fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { catalogRoute } from './http/catalog-route.ts';
import { ARRIVAL_MS, answerClientError, MAX_HEADER_BYTES } from './http/client-errors.ts';
import { describeCatalog } from './http/describe-catalog.ts';
import { dimensionValuesRoute } from './http/dimension-values-route.ts';
import { refuseForeignHosts, refuseLongAddresses, refuseOtherMethods } from './http/guards.ts';
import { healthRoutes } from './http/health-routes.ts';
import { landingRoute } from './http/landing-route.ts';
import { metricsRoute } from './http/metrics-route.ts';
import { useOpenApi } from './http/openapi.ts';
import { answerAddressError, useProblems } from './http/problems.ts';
import { queryRoute } from './http/query-route.ts';
import { logRequests } from './http/request-log.ts';
import { createTelemetry, exposeAnswering, measureRequests } from './http/telemetry.ts';
import type { App, SchemaTypes } from './http/type-provider.ts';
import { describeFaults } from './http/validation.ts';
import { createAnswering } from './query/answering.ts';
import type { MetricStore } from './store/store.ts';
import { DEFAULT_LIMITS, type Limits } from './work/limits.ts';

/** Bytes that a request's body may have. */
export const BODY_LIMIT = 256 * 1_024;
/** Answers from so many bytes on are compressed. */
const COMPRESS_FROM = 2_048;
/** How often connections are looked at for requests that do not arrive, ms. */
const LOOK_EVERY_MS = 1_000;

/** What the exporter's server is made of. */
export interface AppDeps {
  readonly store: MetricStore;
  readonly catalog: Catalog;
  readonly log: FastifyBaseLogger;
  /** Release, for the build info. */
  readonly version: string;
  /** Wall clock, epoch ms. @default Date.now */
  readonly now?: () => number;
  /** What requests may use. @default DEFAULT_LIMITS */
  readonly limits?: Limits;
  /** The address that is listened on. @default 127.0.0.1 */
  readonly host?: string;
  /** Further names that requests may have as `Host` on a loopback address. @default none */
  readonly alsoHosts?: readonly string[];
}

/** Builds the exporter's HTTP server, not yet listening. Closing it leaves the store open. */
export async function createApp(deps: AppDeps): Promise<App> {
  const { store, catalog, log, version, now = Date.now, limits = DEFAULT_LIMITS } = deps;
  const app: App = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    requestTimeout: ARRIVAL_MS.whole,
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: ARRIVAL_MS.headers,
      connectionsCheckingInterval: LOOK_EVERY_MS,
    },
    clientErrorHandler: answerClientError,
    frameworkErrors: answerAddressError,
    // A property that nobody reads is a typing error: said, not removed.
    ajv: { customOptions: { removeAdditional: false } },
    schemaErrorFormatter: describeFaults,
  }).withTypeProvider<SchemaTypes>();
  // Schemas of answers document and type them; checking each number of a frame again would cost more than reading it.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  const telemetry = createTelemetry();
  useProblems(app);
  logRequests(app);
  measureRequests(app, telemetry.registry);
  refuseLongAddresses(app);
  refuseForeignHosts(app, deps.host ?? '127.0.0.1', deps.alsoHosts ?? []);
  const answerOtherMethods = refuseOtherMethods(app);
  await app.register(compress, { encodings: ['gzip'], threshold: COMPRESS_FROM });
  await useOpenApi(app, version);

  const onFailure = (error: unknown) => log.error({ err: error }, 'reading failed');
  const onRefusal = telemetry.queryRefused;
  const described = describeCatalog(catalog);
  const answering = createAnswering({
    ...{ store, catalog, limits, now, onFailure, onRefusal },
    catalogVersion: described.version,
  });
  exposeAnswering(telemetry.registry, answering);
  healthRoutes(app, { store });
  landingRoute(app, { store, version });
  catalogRoute(app, { store, catalog: described });
  dimensionValuesRoute(app, { store, catalog, calendarOf: zoneCalendar, now });
  queryRoute(app, answering);
  metricsRoute(app, { store, catalog, version, now, onFailure, registry: telemetry.registry });
  answerOtherMethods();
  return app;
}
