import { CollectorError } from '../errors.ts';

/** Bounds what requests that are under way hold in memory. */
export interface Pending {
  /**
   * Makes room for a body.
   * @returns gives it free again; harmless when called twice
   * @throws {CollectorError} `overloaded` while there is no room
   */
  take(bytes: number): () => void;
  /** Bytes that are held now. */
  readonly bytes: number;
}

/** By then, what was under way is in Kafka or given up. */
const RETRY_AFTER_S = 1;

/** @param mostBytes that are held at once; a body that is larger than all of it is taken while nothing else is held */
export function createPending(mostBytes: number): Pending {
  let held = 0;
  return {
    take: (bytes) => {
      if (held > 0 && held + bytes > mostBytes) {
        throw new CollectorError(
          'overloaded',
          `requests under way hold ${held} bytes, and ${mostBytes} are allowed: send again after the time in Retry-After`,
          { retryAfterS: RETRY_AFTER_S },
        );
      }
      held += bytes;
      let left = bytes;
      return () => {
        held -= left;
        left = 0;
      };
    },
    get bytes() {
      return held;
    },
  };
}
