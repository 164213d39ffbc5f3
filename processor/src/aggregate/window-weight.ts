import { type EpochMs, windowExpiry, windowStart } from '@storepulse/contracts';
import type { ShopCalendar } from './fold.ts';

/** Of a commit's bounds, what an addition takes of which no 10 seconds are kept any more, and what one of which no minute is. */
const WITHOUT_TENS = 1 / 2;
const WITHOUT_MINUTES = 1 / 10;

/**
 * How much of a commit the additions to a 10-second window take at `now`, to those of a live one: how many documents they become.
 * Of windows past their retention nothing is written, so that a commit may hold many more of these.
 */
export function windowWeight({ shop, calendar }: ShopCalendar, start: number, now: number): number {
  const isKept = (resolution: '10s' | '1m') => {
    const window = { resolution, start: windowStart(resolution, start, calendar) as EpochMs };
    const expiry = windowExpiry(window, shop.retention, calendar);
    return expiry === null || expiry > now;
  };
  if (isKept('10s')) return 1;
  return isKept('1m') ? WITHOUT_TENS : WITHOUT_MINUTES;
}
