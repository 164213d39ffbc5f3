import { measureProcess } from '@storepulse/http';
import { Counter, Gauge, Registry } from 'prom-client';
import { ERRORS, type ErrorCode } from '../errors.ts';
import type { Answering } from '../query/answering.ts';

/** What the exporter measures about itself. */
export interface Telemetry {
  readonly registry: Registry;
  /** Counts a query that was not answered. */
  queryRefused(code: ErrorCode): void;
}

/** Builds the metrics of one process: its own, and Node's. */
export function createTelemetry(): Telemetry {
  const registry = new Registry();
  measureProcess(registry);
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
    of.set({ cache: 'answers' }, keptBytes.answers());
    of.set({ cache: 'facts' }, keptBytes.facts());
  });
}
