/** How long a read may take, and until when anybody waits for it. */
export interface ReadOptions {
  /** Aborted when nobody waits for it any more. @default never */
  readonly signal?: AbortSignal;
  /** Longest time on the server, ms; never more than the store's own limit. @default the store's own limit */
  readonly timeoutMs?: number;
}
