import { CollectorError } from '../errors.ts';

/** What each key may send: a bucket of events that fills evenly. */
export interface RateLimit {
  /**
   * Lets a request pass whose number of events is not known yet.
   * @throws {CollectorError} `rate_limited` while the key has sent more than it may
   */
  check(key: string): void;
  /** Takes the events of a request that has passed. The bucket may be overdrawn by one request. */
  spend(key: string, events: number): void;
}

/** A key that was quiet may send so many seconds' worth at once. */
const BURST_S = 2;

/**
 * @param eventsPerSecond of each key
 * @param now clock, ms
 */
export function createRateLimit(eventsPerSecond: number, now: () => number): RateLimit {
  const buckets = new Map<string, { left: number; at: number }>();
  const most = BURST_S * eventsPerSecond;
  const bucketOf = (key: string) => {
    const time = now();
    const bucket = buckets.get(key) ?? { left: most, at: time };
    bucket.left = Math.min(most, bucket.left + ((time - bucket.at) / 1_000) * eventsPerSecond);
    bucket.at = time;
    buckets.set(key, bucket);
    return bucket;
  };
  return {
    check: (key) => {
      const { left } = bucketOf(key);
      if (left > 0) return;
      const retryAfterS = Math.max(1, Math.ceil(-left / eventsPerSecond));
      throw new CollectorError(
        'rate_limited',
        `this key may send ${eventsPerSecond} events per second: send again after the time in Retry-After`,
        { retryAfterS },
      );
    },
    spend: (key, events) => {
      bucketOf(key).left -= events;
    },
  };
}
