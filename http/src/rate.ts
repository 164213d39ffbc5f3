import { HttpError } from './errors.ts';

/** What each caller may ask: a bucket that fills evenly. */
export interface RateLimit {
  /**
   * Lets a caller pass whose cost is not known yet.
   * @throws {HttpError} `rate_limited` while the caller has used more than it may
   */
  check(caller: string): void;
  /** Takes what a request that has passed costs. The bucket may be overdrawn by one request. */
  spend(caller: string, cost: number): void;
}

/** A caller that was quiet may use so many seconds' worth at once. */
const BURST_S = 2;
/** Buckets that are kept: beyond, full ones are forgotten, which are as new ones. */
const MAX_BUCKETS = 10_000;

/**
 * @param perSecond what each caller may use per second
 * @param of what that is, for the message: `events`, `requests`
 * @param now a clock that never goes back, ms
 */
export function createRateLimit(perSecond: number, of: string, now: () => number): RateLimit {
  const buckets = new Map<string, { left: number; at: number }>();
  const most = BURST_S * perSecond;
  const leftAt = ({ left, at }: { left: number; at: number }, time: number) =>
    Math.min(most, left + ((time - at) / 1_000) * perSecond);
  const bucketOf = (caller: string) => {
    const time = now();
    const known = buckets.get(caller);
    if (known === undefined && buckets.size >= MAX_BUCKETS)
      for (const [name, bucket] of buckets) if (leftAt(bucket, time) >= most) buckets.delete(name);
    const bucket = known ?? { left: most, at: time };
    bucket.left = leftAt(bucket, time);
    bucket.at = time;
    buckets.set(caller, bucket);
    return bucket;
  };
  return {
    check: (caller) => {
      const { left } = bucketOf(caller);
      if (left > 0) return;
      const retryAfterS = Math.max(1, Math.ceil(-left / perSecond));
      throw new HttpError(
        'rate_limited',
        `this key may send ${perSecond} ${of} per second: send again after the time in Retry-After`,
        { retryAfterS },
      );
    },
    spend: (caller, cost) => {
      bucketOf(caller).left -= cost;
    },
  };
}
