import type { Clock } from '../run/clock.ts';
import type { EventSink } from './event-sink.ts';

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

/** What a sink that does not give up needs. */
export interface PersistentSinkOptions {
  readonly sink: EventSink;
  readonly clock: Clock;
  /** Told of every failure. */
  readonly onFailure: (error: Error) => void;
  /** True: no further attempt is made, and the last failure is thrown. */
  readonly stopped: () => boolean;
}

/**
 * Sends until it succeeds, with growing waits: a broker that is away makes the traffic wait, it does not end it.
 * What a lost answer makes arrive twice has the same event ids, and counts once.
 */
export function createPersistentSink({ sink, clock, onFailure, stopped }: PersistentSinkOptions): EventSink {
  return {
    send: async (records) => {
      for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
        try {
          return await sink.send(records);
        } catch (error) {
          onFailure(error as Error);
          if (stopped()) throw error;
          await clock.sleepUntil(clock.now() + wait);
        }
      }
    },
  };
}
