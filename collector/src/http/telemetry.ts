import { measureProcess } from '@storepulse/http';
import { Counter, Gauge, Registry } from 'prom-client';
import { ERRORS, type ErrorCode, ITEM_CODES, type ItemCode } from '../errors.ts';
import type { Pending } from '../limits/pending.ts';
import type { ItemResult, RowResult } from '../results.ts';

/** What the collector measures about itself. */
export interface Telemetry {
  readonly registry: Registry;
  /** Counts what became of a request's events. */
  countResults(results: readonly ItemResult[]): void;
  /** Counts what became of the rows of an import. */
  countRows(rows: readonly RowResult[]): void;
  /** Counts a request that failed as a whole. */
  countRefusal(code: ErrorCode): void;
  /** Counts a failed request to Kafka. */
  countFailure(): void;
}

/** Codes that rows have, and no events. */
const OF_ROWS: ReadonlySet<ItemCode> = new Set(['unreadable-row', 'incomplete-invoice']);

/** Builds the metrics in a registry of their own. Known zeros from the start, so that the first of its kind is an increase. */
export function createTelemetry(): Telemetry {
  const registry = new Registry();
  const registers = [registry];
  measureProcess(registry);
  const events = new Counter({
    name: 'storepulse_collector_events_total',
    help: 'Events that were sent, by what became of them: accepted (Kafka has it), duplicate (within a request), rejected, unavailable (to be sent again).',
    labelNames: ['status'],
    registers,
  });
  const rows = new Counter({
    name: 'storepulse_collector_rows_total',
    help: 'Rows of sales that were imported, by what became of them; events are made of those that can be read.',
    labelNames: ['status'],
    registers,
  });
  for (const status of ['accepted', 'duplicate', 'rejected', 'unavailable']) {
    events.inc({ status }, 0);
    rows.inc({ status }, 0);
  }
  const rejected = new Counter({
    name: 'storepulse_collector_rejected_total',
    help: 'Events, and rows of which none could be made, that were rejected, by the code that their sender was told.',
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
    countRows: (results) => {
      for (const result of results) {
        rows.inc({ status: result.status });
        // What is wrong with an event is counted with it.
        if ('code' in result && OF_ROWS.has(result.code)) rejected.inc({ code: result.code });
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
