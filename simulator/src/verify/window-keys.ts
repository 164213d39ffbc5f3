import type { Resolution } from '@storepulse/contracts';

const QUARTER_MS = 15 * 60_000;
const MAX_KNOWN = 50_000;
/** Lengths of the windows that have one, in ms. */
export const WINDOW_MS = { '10s': 10_000, '1m': 60_000, '1h': 3_600_000 } as const;

/** The local date of an instant in a time zone, such as `2026-03-29`. */
export type LocalDate = (time: number) => string;

/** A reader of dates in an IANA zone; no zone changes its date but at a quarter of an hour. */
export function localDates(timeZone: string): LocalDate {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  const known = new Map<number, string>();
  return (time) => {
    const quarter = Math.floor(time / QUARTER_MS);
    let date = known.get(quarter);
    if (date === undefined) {
      date = format.format(quarter * QUARTER_MS);
      if (known.size >= MAX_KNOWN) known.clear();
      known.set(quarter, date);
    }
    return date;
  };
}

/** Names the window that an instant falls in: its beginning in UTC, the local date of a day, or `all`. */
export function windowKey(resolution: Resolution, time: number, dateOf: LocalDate): string {
  if (resolution === 'all') return 'all';
  if (resolution === '1d') return dateOf(time);
  const length = WINDOW_MS[resolution];
  return new Date(Math.floor(time / length) * length).toISOString();
}
