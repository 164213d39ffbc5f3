import { type Catalog, zoneCalendar } from '@storepulse/contracts';
import fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { createSnapshots } from './facts/snapshots.ts';
import { catalogRoute } from './http/catalog-route.ts';
import { describeCatalog } from './http/describe-catalog.ts';
import { dimensionValuesRoute } from './http/dimension-values-route.ts';
import { healthRoutes } from './http/health-routes.ts';
import { landingRoute } from './http/landing-route.ts';
import { metricsRoute } from './http/metrics-route.ts';
import { useOpenApi } from './http/openapi.ts';
import { useProblems } from './http/problems.ts';
import { queryRoute } from './http/query-route.ts';
import type { App, SchemaTypes } from './http/type-provider.ts';
import { describeFaults } from './http/validation.ts';
import type { MetricStore } from './store/store.ts';

/** Bytes that a request's body may have. */
export const BODY_LIMIT = 256 * 1_024;

/** What the exporter's server is made of. */
export interface AppDeps {
  readonly store: MetricStore;
  readonly catalog: Catalog;
  readonly log: FastifyBaseLogger;
  /** Release, for the build info. */
  readonly version: string;
  /** Wall clock, epoch ms. @default Date.now */
  readonly now?: () => number;
}

/** Builds the exporter's HTTP server, not yet listening. Closing it leaves the store open. */
export async function createApp({ store, catalog, log, version, now = Date.now }: AppDeps): Promise<App> {
  const app: App = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    // A property that nobody reads is a typing error: said, not removed.
    ajv: { customOptions: { removeAdditional: false } },
    schemaErrorFormatter: describeFaults,
  }).withTypeProvider<SchemaTypes>();
  // Schemas of answers document and type them; checking each number of a frame again would cost more than reading it.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  useProblems(app);
  await useOpenApi(app, version);

  const onFailure = (error: unknown) => log.error({ err: error }, 'reading failed');
  healthRoutes(app, { store });
  landingRoute(app, { store, version });
  const described = describeCatalog(catalog);
  catalogRoute(app, { store, catalog: described });
  dimensionValuesRoute(app, { store, catalog, calendarOf: zoneCalendar, now });
  const snapshots = createSnapshots(store, now);
  queryRoute(app, {
    ...{ store, catalog, snapshots, calendarOf: zoneCalendar, now, onFailure },
    catalogVersion: described.version,
  });
  metricsRoute(app, { store, catalog, version, now, onFailure });
  return app;
}
