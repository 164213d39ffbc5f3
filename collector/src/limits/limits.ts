/** What requests may use. */
export interface Limits {
  /** Bytes of a body, after decompression. */
  readonly bodyBytes: number;
  /** Events of one request. */
  readonly items: number;
  /** Bytes of bodies that are under way at once: beyond, requests are told to wait. */
  readonly pendingBytes: number;
  /** Events per second of one key; it may be ahead by two seconds' worth. */
  readonly eventsPerSecond: number;
}

const MB = 1_024 * 1_024;

/** What holds without a setting. */
export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 5 * MB,
  items: 5_000,
  pendingBytes: 64 * MB,
  eventsPerSecond: 50_000,
};

/** Objects and lists within each other that a body may have: ours have five, in a batch of CloudEvents. */
export const MAX_DEPTH = 20;
