import type { Interval } from './query.ts';
import type { ZoneCalendar } from './time.ts';

/** Names the bucket of a shop's calendar that begins at `time` (epoch ms). */
export type CalendarLabel = (time: number) => string;

/**
 * How to name days, weeks, months, quarters and years of a shop, in its time zone: `2026-08-01`, `2026-08` for a month,
 * `2026-Q3` for a quarter, `2026` for a year; a week is named by its first day. Null for buckets that are none of the
 * calendar.
 */
export function calendarLabel(
  interval: string,
  calendar: Pick<ZoneCalendar, 'localDate'>,
): CalendarLabel | null {
  const parts = PARTS[interval as Interval];
  if (parts === undefined) return null;
  return (time) => {
    const { year, month, day } = calendar.localDate(time);
    if (interval === '3M') return `${String(year).padStart(4, '0')}-Q${Math.ceil(month / 3)}`;
    return [String(year).padStart(4, '0'), two(month), two(day)].slice(0, parts).join('-');
  };
}

/** How many of year, month and day name a bucket. */
const PARTS: Readonly<Partial<Record<Interval, number>>> = { '1d': 3, '1w': 3, '1M': 2, '3M': 2, '1y': 1 };

const two = (value: number) => String(value).padStart(2, '0');
