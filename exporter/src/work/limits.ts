/** What requests may use of the process. */
export interface Limits {
  /** How long a request may take, ms. */
  readonly timeoutMs: number;
  /** Time of the processor that computing a request may take, ms. */
  readonly computingMs: number;
  /** Memory that all requests under way may hold, bytes. */
  readonly memoryBytes: number;
  /** Memory that windows, and for a quarter of it answers, are kept in between requests, bytes. */
  readonly windowCacheBytes: number;
  /** Memory that facts are kept in between requests, bytes. */
  readonly factCacheBytes: number;
}

const MB = 1_024 * 1_024;

/** The limits when none are set. */
export const DEFAULT_LIMITS: Limits = {
  timeoutMs: 10_000,
  computingMs: 1_000,
  memoryBytes: 256 * MB,
  windowCacheBytes: 128 * MB,
  factCacheBytes: 256 * MB,
};
