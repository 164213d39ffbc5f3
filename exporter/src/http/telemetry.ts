import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { ERRORS, type ErrorCode } from '../errors.ts';
import type { Answering } from '../query/answering.ts';
import type { App } from './type-provider.ts';

/** Upper bounds of the buckets of a request's duration, seconds. */
const DURATIONS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Addresses that are not ours, in one series: they are of any number. */
const NO_ROUTE = 'none';

/** Metrics of the client whose names promtool refuses: gauges that end in `_total`, types within names. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
  'nodejs_eventloop_utilization_histogram',
  'nodejs_eventloop_utilization_summary',
];

/** What the exporter measures about itself. */
export interface Telemetry {
  readonly registry: Registry;
  /** Counts a query that was not answered. */
  queryRefused(code: ErrorCode): void;
}

/** Builds the metrics of one process: its own, Node's, and those of HTTP. */
export function createTelemetry(): Telemetry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  const refused = new Counter({
    name: 'storepulse_exporter_queries_refused_total',
    help: 'Queries that were not answered, by the code of their error.',
    labelNames: ['code'],
    registers: [registry],
  });
  // Known zeros from the start, so that the first of its kind is an increase.
  for (const code of Object.keys(ERRORS)) refused.inc({ code }, 0);
  return { registry, queryRefused: (code) => refused.inc({ code }) };
}

/** Adds what answering uses: the places and the memory of queries. */
export function exposeAnswering(registry: Registry, { admission, allowances, keptBytes }: Answering): void {
  const gauge = <L extends string>(
    name: string,
    help: string,
    labelNames: L[],
    collect: (gauge: Gauge<L>) => void,
  ) =>
    new Gauge<L>({
      name: `storepulse_exporter_${name}`,
      help,
      labelNames,
      registers: [registry],
      collect() {
        collect(this);
      },
    });
  gauge('queries_running', 'Queries that are being answered, by size.', ['size'], (of) => {
    for (const [size, { running }] of Object.entries(admission.status())) of.set({ size }, running);
  });
  gauge('queries_waiting', 'Queries that wait for a place, by size.', ['size'], (of) => {
    for (const [size, { waiting }] of Object.entries(admission.status())) of.set({ size }, waiting);
  });
  gauge('query_memory_bytes', 'Memory that requests under way hold, about.', [], (of) => {
    of.set(allowances.heldBytes());
  });
  gauge('cache_bytes', 'Memory that is kept between requests, about, by what is kept.', ['cache'], (of) => {
    of.set({ cache: 'windows' }, keptBytes.windows());
    of.set({ cache: 'facts' }, keptBytes.facts());
  });
}

/** Measures how long requests take, by route and status. */
export function measureRequests(app: App, registry: Registry): void {
  const durations = new Histogram({
    name: 'storepulse_exporter_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last one of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: DURATIONS,
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? NO_ROUTE;
    const status = String(reply.statusCode);
    durations.observe({ method: request.method, route, status }, reply.elapsedTime / 1_000);
  });
}
