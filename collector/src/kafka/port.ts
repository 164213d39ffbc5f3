import type { EventRecord, Shop } from '@storepulse/contracts';

/** A record to be stored; its timestamp in epoch ms. */
export interface OutgoingRecord extends EventRecord {
  readonly timestamp: number;
}

/** What became of a record: `stored` by all replicas; `too-large` for its topic; `unavailable`: it is not known to be stored. */
export type SendOutcome = 'stored' | 'too-large' | 'unavailable';

/** Hands records over to Kafka. Behind it is Kafka, or an array in tests. */
export interface Sender {
  /** @returns the outcome of each record, in their order; never rejects */
  send(records: readonly OutgoingRecord[]): Promise<readonly SendOutcome[]>;
  /** Why records were not taken within the last seconds; undefined: later ones were, or there were none. */
  trouble(): string | undefined;
  close(): Promise<void>;
}

/** The shops of the topic `shops`. */
export interface Shops {
  get(shop: string): Shop | undefined;
  /** Takes a shop that was stored through us, before it is read. */
  add(shop: Shop): void;
  /**
   * Reads on until everything is read that is on the topic now, but for 2 s at most.
   * @returns why not all is read; undefined: it is
   */
  catchUp(): Promise<string | undefined>;
  /** Why the topic was not read to its end yet; undefined: it was. */
  trouble(): string | undefined;
  close(): Promise<void>;
}
