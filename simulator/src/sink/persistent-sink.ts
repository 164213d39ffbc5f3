import type { Clock } from '../run/clock.ts';
import type { EventSink, OutgoingRecord } from './event-sink.ts';

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
 * What comes after it waits too: Kafka knows what is sent again only while nothing else has come in between.
 */
export function createPersistentSink({ sink, clock, onFailure, stopped }: PersistentSinkOptions): EventSink {
  const persist = async (store: () => Promise<void> | undefined): Promise<void> => {
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
      try {
        return await store();
      } catch (error) {
        onFailure(error as Error);
        if (stopped()) throw error;
        await clock.sleepUntil(clock.now() + wait);
      }
    }
  };
  let last: Promise<void> = Promise.resolve();
  const inTurn = (store: () => Promise<void> | undefined): Promise<void> => {
    last = last.catch(() => {}).then(() => persist(store));
    return last;
  };
  return {
    send: (records: readonly OutgoingRecord[]) => inTurn(() => sink.send(records)),
    settle: () => inTurn(() => sink.settle?.()),
  };
}
