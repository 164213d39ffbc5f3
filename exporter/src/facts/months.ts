import type { ZoneCalendar } from '@storepulse/contracts';

/** The calendar month of an instant, such as `2011-11`. */
export function monthOf(time: number, calendar: ZoneCalendar): string {
  const { year, month } = calendar.localDate(time);
  return `${year}-${String(month).padStart(2, '0')}`;
}

/** The calendar months from one instant to another, both included. */
export function monthsBetween(from: number, to: number, calendar: ZoneCalendar): string[] {
  const first = calendar.localDate(from);
  const last = monthOf(to, calendar);
  const months: string[] = [];
  let at = from;
  for (let i = 1; at <= to && months.at(-1) !== last; i++) {
    months.push(monthOf(at, calendar));
    at = calendar.instant(first.year, first.month + i, 1);
  }
  return months;
}
