import type { StoreEvent } from '@storepulse/contracts';
import { FAULT_NAMES, type FaultName } from './faults/faults.ts';
import type { Clock } from './run/clock.ts';
import type { EventSink, OutgoingRecord } from './sink/event-sink.ts';

/** Every fault befalls one event in twenty. */
export const EVERY_FAULT = Object.fromEntries(FAULT_NAMES.map((name) => [name, 0.05])) as Record<
  FaultName,
  number
>;

/** A sink for tests that keeps what it is given. */
export interface MemorySink extends EventSink {
  readonly records: OutgoingRecord[];
  /** The events, read back from their records. */
  events(): StoreEvent[];
}

/** Makes a sink that keeps records in memory. */
export function memorySink(): MemorySink {
  const records: OutgoingRecord[] = [];
  return {
    records,
    send: async (batch) => {
      records.push(...batch);
    },
    events: () => records.map(({ value }) => JSON.parse(value) as StoreEvent),
  };
}

/** A clock for tests: it stands still, and a sleep takes it to its end at once. */
export function jumpingClock(start: number): Clock {
  let time = start;
  return {
    now: () => time,
    sleepUntil: async (until) => {
      time = Math.max(time, until);
    },
  };
}
