import compress from '@fastify/compress';
import { type Catalog, zoneCalendar } from '@storepulse/contracts';
import { createHttpApp, type Listening } from '@storepulse/http';
import type { FastifyBaseLogger } from 'fastify';
import type { Depth } from './depth/depth.ts';
import { ERRORS } from './errors.ts';
import { annotationsRoute } from './http/annotations-route.ts';
import { catalogRoute } from './http/catalog-route.ts';
import { describeCatalog } from './http/describe-catalog.ts';
import { dimensionValuesRoute } from './http/dimension-values-route.ts';
import { eventCountsRoute } from './http/event-counts-route.ts';
import { eventsRoute } from './http/events-route.ts';
import { factsRoute } from './http/facts-route.ts';
import { grafanaRoute } from './http/grafana-route.ts';
import { healthRoutes } from './http/health-routes.ts';
import { landingRoute } from './http/landing-route.ts';
import { liveRoutes } from './http/live-routes.ts';
import { metricsRoute } from './http/metrics-route.ts';
import { DOCS_PATH, useOpenApi } from './http/openapi.ts';
import { queryRoute } from './http/query-route.ts';
import { recordsRoutes } from './http/records-routes.ts';
import { searchRoute } from './http/search-route.ts';
import { createTelemetry, exposeAnswering } from './http/telemetry.ts';
import type { App, SchemaTypes } from './http/type-provider.ts';
import { describeFaults } from './http/validation.ts';
import { createStreams } from './live/streams.ts';
import { STREAM_PACE, type StreamPace } from './live/write-stream.ts';
import { createAnswering } from './query/answering.ts';
import type { MetricStore } from './store/store.ts';
import { DEFAULT_LIMITS, type Limits } from './work/limits.ts';

/** Bytes that a request's body may have. */
export const BODY_LIMIT = 256 * 1_024;
/** Answers from so many bytes on are compressed. */
const COMPRESS_FROM = 2_048;
const TEXTS = {
  instead: '/ lists what there is',
  details: {
    body_too_large: 'send fewer queries or filter values at once',
    address_too_long: 'an address may have 8192 bytes: send filters in the body of POST /api/v1/query',
  },
} as const;

/** What the exporter's server is made of. */
export interface AppDeps extends Listening {
  readonly store: MetricStore;
  readonly catalog: Catalog;
  readonly log: FastifyBaseLogger;
  /** Release, for the build info. */
  readonly version: string;
  /** Rows of the lake, for any combination of dimensions. @default none */
  readonly depth?: Depth | undefined;
  /** Wall clock, epoch ms. @default Date.now */
  readonly now?: () => number;
  /** What requests may use. @default DEFAULT_LIMITS */
  readonly limits?: Limits;
  /** How live streams are written. @default STREAM_PACE */
  readonly streamPace?: StreamPace;
}

/** Builds the exporter's HTTP server, not yet listening. Closing it leaves the store open. */
export async function createApp(deps: AppDeps): Promise<App> {
  const { store, catalog, log, version, now = Date.now, limits = DEFAULT_LIMITS } = deps;
  const { streamPace = STREAM_PACE, depth } = deps;
  const telemetry = createTelemetry();
  const { app: server, seal } = createHttpApp({
    ...deps,
    ...{ part: 'exporter', log, registry: telemetry.registry, errors: ERRORS, texts: TEXTS },
    ...{ bodyLimit: BODY_LIMIT, openUnder: DOCS_PATH },
    fastify: {
      // A property that nobody reads is a typing error: said, not removed.
      // With what was asked, errors can be told of the form that was meant.
      ajv: { customOptions: { removeAdditional: false, verbose: true } },
      schemaErrorFormatter: describeFaults,
    },
  });
  const app: App = server.withTypeProvider<SchemaTypes>();
  // Schemas of answers document and type them; checking each number of a frame again would cost more than reading it.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  await app.register(compress, { encodings: ['gzip'], threshold: COMPRESS_FROM });
  await useOpenApi(app, version);

  const onFailure = (error: unknown) => log.error({ err: error }, 'reading failed');
  const onRefusal = telemetry.queryRefused;
  const described = describeCatalog(catalog, depth?.tables);
  const answering = createAnswering({
    ...{ store, catalog, limits, now, onFailure, onRefusal, depth },
    catalogVersion: described.version,
  });
  exposeAnswering(telemetry.registry, answering);
  healthRoutes(app, { store });
  landingRoute(app, { store, version });
  catalogRoute(app, { store, catalog, described });
  dimensionValuesRoute(app, { store, catalog, answering, calendarOf: zoneCalendar, now });
  queryRoute(app, answering);
  factsRoute(app, { store, catalog, answering, calendarOf: zoneCalendar, now });
  grafanaRoute(app, answering);
  annotationsRoute(app, { store, calendarOf: zoneCalendar, now });
  const records = { store, answering, calendarOf: zoneCalendar, now };
  recordsRoutes(app, records);
  searchRoute(app, records);
  eventsRoute(app, records);
  eventCountsRoute(app, records);
  liveRoutes(app, {
    ...{ store, catalog, streams: createStreams(telemetry.registry), pace: streamPace },
    ...{ calendarOf: zoneCalendar, now, onFailure },
  });
  metricsRoute(app, { store, catalog, version, now, onFailure, registry: telemetry.registry });
  seal();
  return app;
}
