import type { EventSink, OutgoingRecord } from './event-sink.ts';

/** Bounds of one request, below a broker's default limit of 1 MiB for what one partition gets at once. */
const MAX_BYTES = 900_000;
const MAX_RECORDS = 5_000;
/** About what headers and framing add to a record. */
const OVERHEAD_BYTES = 320;

/** Gathers records into requests of a size that any broker takes, one under way at a time, in order. */
export interface Batcher {
  /** Adds a record; waits while a full request has to leave. */
  add(record: OutgoingRecord): Promise<void> | undefined;
  /** Sends what has gathered and waits until the sink has taken it: stored, or held back while a partition has no leader. */
  push(): Promise<void>;
  /** Sends what has gathered and waits until all of it is stored. */
  flush(): Promise<void>;
  /** Records that the sink has taken. */
  readonly sent: number;
}

/** Makes a batcher in front of a sink. */
export function createBatcher(sink: EventSink): Batcher {
  let gathered: OutgoingRecord[] = [];
  let bytes = 0;
  let sent = 0;
  let underway: Promise<void> = Promise.resolve();

  /** Hands the gathered records over once the request before them is stored; building the next one overlaps. */
  const dispatch = async (): Promise<void> => {
    const batch = gathered;
    gathered = [];
    bytes = 0;
    await underway;
    underway = sink.send(batch).then(() => {
      sent += batch.length;
    });
    // Its failure is reported by whoever awaits it next, not as an unhandled rejection.
    underway.catch(() => {});
  };

  const push = async (): Promise<void> => {
    if (gathered.length > 0) await dispatch();
    await underway;
  };

  return {
    add: (record) => {
      const size = Buffer.byteLength(record.value) + record.key.length + OVERHEAD_BYTES;
      const full = gathered.length > 0 && (bytes + size > MAX_BYTES || gathered.length >= MAX_RECORDS);
      const leaving = full ? dispatch() : undefined;
      gathered.push(record);
      bytes += size;
      return leaving;
    },
    push,
    flush: async () => {
      await push();
      await sink.settle?.();
    },
    get sent() {
      return sent;
    },
  };
}
