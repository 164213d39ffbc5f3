import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { HttpError } from '../errors.ts';
import type { App } from './types.ts';

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
/** The longest time of a timer: the use of the event loop is among these, and would be counted ten times a second all the same. */
const NEVER_MS = 2 ** 31 - 1;
/** Codes of requests that nobody may have sent, or not so many of. */
const DENIALS = ['unauthorized', 'forbidden', 'rate_limited', 'access_unavailable', 'wrong_host'];

/**
 * Adds what Node tells of the process: memory, CPU, event loop. It is measured once, however many registries tell it: its timers and
 * observers stay as long as the process.
 */
export function measureProcess(registry: Registry): void {
  ofProcess ??= readProcess();
  for (const { name } of ofProcess.getMetricsAsArray())
    registry.registerMetric(ofProcess.getSingleMetric(name)!);
}

let ofProcess: Registry | undefined;

function readProcess(): Registry {
  const register = new Registry();
  collectDefaultMetrics({ register, eventLoopUtilizationTimeout: NEVER_MS });
  for (const name of MISNAMED) register.removeSingleMetric(name);
  return register;
}

/** Measures how long requests take, by route and status, and counts those that were denied, by the code of their problem. */
export function measureRequests(app: App, part: string, registry: Registry): void {
  const registers = [registry];
  const durations = new Histogram({
    name: `storepulse_${part}_http_request_duration_seconds`,
    help: 'Time from the first byte of a request to the last one of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: DURATIONS,
    registers,
  });
  const denied = new Counter({
    name: `storepulse_${part}_requests_denied_total`,
    help: 'Requests that were not let in, by the code of their problem.',
    labelNames: ['code'],
    registers,
  });
  // Known zeros from the start, so that the first of its kind is an increase.
  for (const code of DENIALS) denied.inc({ code }, 0);
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? NO_ROUTE;
    const status = String(reply.statusCode);
    durations.observe({ method: request.method, route, status }, reply.elapsedTime / 1_000);
  });
  app.addHook('onError', async (_request, _reply, error) => {
    if (error instanceof HttpError && DENIALS.includes(error.code)) denied.inc({ code: error.code });
  });
}
