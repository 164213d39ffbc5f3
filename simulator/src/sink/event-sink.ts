import type { EventRecord } from '@storepulse/contracts';

/** A record to send; `timestamp` is the record's own, in epoch ms. @default the time of sending */
export interface OutgoingRecord extends EventRecord {
  readonly timestamp?: number;
}

/** Where events go. Behind it is Kafka, or an array in tests. */
export interface EventSink {
  /**
   * Sends records in order; resolves when all of them are stored, rejects when that is not sure. Records of a partition
   * that has no leader may be held back; they are stored once it has one.
   */
  send(records: readonly OutgoingRecord[]): Promise<void>;
  /** Resolves when nothing is held back any more, rejects when that is not sure. @default nothing ever is */
  settle?(): Promise<void>;
}
