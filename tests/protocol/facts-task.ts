import { catalog, eventRegistry, type StoreEvent, zoneCalendar } from '@storepulse/contracts';
import { createCommitter } from '@storepulse/processor/aggregate/commit-together';
import { openTask } from '@storepulse/processor/aggregate/open-task';
import { compilePlan } from '@storepulse/processor/aggregate/plan';
import type { TaskDependencies } from '@storepulse/processor/aggregate/task';
import { createDecoder } from '@storepulse/processor/decode/decoder';
import { noErasure } from '@storepulse/processor/erasure/erasure';
import type { Batch, Sender } from '@storepulse/processor/kafka/port';
import { createTelemetry } from '@storepulse/processor/operate/telemetry';
import type { Database } from '@storepulse/processor/store/database';
import { NOON, SHOP } from '@storepulse/processor/testing/events';
import { pino } from 'pino';

/** A sender to which nobody listens. */
export const SILENT: Sender = { send: async () => undefined };

/** What tasks need over a real database: one shop, the product's catalogue, and noon for ever. */
export function taskDependencies(
  database: Database,
  changes: Partial<TaskDependencies> = {},
): TaskDependencies {
  const shop = { shop: SHOP, calendar: zoneCalendar(SHOP.timeZone) };
  return {
    plan: compilePlan(catalog),
    decoder: createDecoder(eventRegistry, () => SHOP),
    shops: { get: () => shop, refresh: async () => undefined },
    database,
    committer: createCommitter(database, 0),
    sender: SILENT,
    logger: pino({ level: 'silent' }),
    telemetry: createTelemetry(),
    owner: 'test',
    partitions: 1,
    noteClaim: async () => undefined,
    erasureOf: () => noErasure,
    now: () => NOON,
    commitIntervalMs: 10,
    disorderMs: 5_000,
    latenessMs: 60_000,
    ...changes,
  };
}

/** Claims the task of partition 0 of the facts, with `transactions` alone to read. */
export function openFacts(
  database: Database,
  onLost: (error: Error) => void,
  changes: Partial<TaskDependencies> = {},
) {
  const bounds = new Map([['transactions' as const, { partition: 0, low: 0, high: 1 }]]);
  return openTask('facts/0', bounds, onLost, taskDependencies(database, changes));
}

/** Events on `transactions`, from an offset on. */
export function batchOf(events: readonly StoreEvent[], from = 0): Batch {
  const records = events.map((event, n) => ({
    key: Buffer.from('demo|v1'),
    value: Buffer.from(JSON.stringify(event)),
    headers: {},
    offset: from + n,
    timestamp: NOON,
  }));
  const next = from + records.length;
  return { topic: 'transactions' as const, partition: 0, records, next, end: next };
}

/** Takes what a batch says, and wants all of it. */
export const WANTED = { resolve: () => undefined, isCurrent: () => true };
