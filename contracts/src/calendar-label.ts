import type { Interval } from './query.ts';
import type { ZoneCalendar } from './time.ts';

/** Names the bucket of a shop's calendar that begins at `time` (epoch ms). */
export type CalendarLabel = (time: number) => string;

/**
 * How to name days, weeks and months of a shop, in its time zone: `2026-08-01`, and `2026-08` for a month; a week is
 * named by its first day. Null for buckets that are none of the calendar.
 */
export function calendarLabel(
  interval: string,
  calendar: Pick<ZoneCalendar, 'localDate'>,
): CalendarLabel | null {
  const parts = PARTS[interval as Interval];
  if (parts === undefined) return null;
  return (time) => {
    const { year, month, day } = calendar.localDate(time);
    return [String(year).padStart(4, '0'), two(month), two(day)].slice(0, parts).join('-');
  };
}

/** How many of year, month and day name a bucket. */
const PARTS: Readonly<Partial<Record<Interval, number>>> = { '1d': 3, '1w': 3, '1M': 2 };

const two = (value: number) => String(value).padStart(2, '0');
