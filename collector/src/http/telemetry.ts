import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { ERRORS, type ErrorCode, ITEM_CODES, type ItemCode } from '../errors.ts';
import type { Pending } from '../limits/pending.ts';
import type { ItemResult } from '../results.ts';
import type { App } from './types.ts';

/** Upper bounds of the buckets of a request's duration, seconds. */
const DURATIONS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Metrics of the client whose names promtool refuses: gauges that end in `_total`, types within names. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
  'nodejs_eventloop_utilization_histogram',
  'nodejs_eventloop_utilization_summary',
];

/** What the collector measures about itself. */
export interface Telemetry {
  readonly registry: Registry;
  /** Counts what became of a request's events. */
  countResults(results: readonly ItemResult[]): void;
  /** Counts a request that failed as a whole. */
  countRefusal(code: ErrorCode): void;
  /** Counts a failed request to Kafka. */
  countFailure(): void;
}

/** Builds the metrics in a registry of their own. Known zeros from the start, so that the first of its kind is an increase. */
export function createTelemetry(): Telemetry {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  const events = new Counter({
    name: 'storepulse_collector_events_total',
    help: 'Events that were sent, by what became of them: accepted (Kafka has it), duplicate (within a request), rejected, unavailable (to be sent again).',
    labelNames: ['status'],
    registers,
  });
  for (const status of ['accepted', 'duplicate', 'rejected', 'unavailable']) events.inc({ status }, 0);
  const rejected = new Counter({
    name: 'storepulse_collector_rejected_total',
    help: 'Events that were rejected, by the code that their sender was told.',
    labelNames: ['code'],
    registers,
  });
  const reasons = Object.keys(ITEM_CODES).filter((code) => code !== 'kafka-unavailable');
  for (const code of reasons as ItemCode[]) rejected.inc({ code }, 0);
  const refused = new Counter({
    name: 'storepulse_collector_requests_refused_total',
    help: 'Requests that failed as a whole, by the code of their problem.',
    labelNames: ['code'],
    registers,
  });
  for (const code of Object.keys(ERRORS)) refused.inc({ code }, 0);
  const failures = new Counter({
    name: 'storepulse_collector_kafka_failures_total',
    help: 'Requests to Kafka that failed after all attempts.',
    registers,
  });
  return {
    registry,
    countResults: (results) => {
      for (const result of results) {
        events.inc({ status: result.status });
        if (result.status === 'rejected') rejected.inc({ code: result.code });
      }
    },
    countRefusal: (code) => refused.inc({ code }),
    countFailure: () => failures.inc(),
  };
}

/** Shows what bodies under way hold. */
export function exposePending(registry: Registry, pending: Pending): void {
  new Gauge({
    name: 'storepulse_collector_pending_bytes',
    help: 'Bytes of request bodies that are under way.',
    registers: [registry],
    collect() {
      this.set(pending.bytes);
    },
  });
}

/** Measures how long requests take, by route and status. */
export function measureRequests(app: App, registry: Registry): void {
  const durations = new Histogram({
    name: 'storepulse_collector_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last one of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: DURATIONS,
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    durations.observe(
      { method: request.method, route, status: String(reply.statusCode) },
      reply.elapsedTime / 1_000,
    );
  });
}
