import type { ZoneCalendar } from '@storepulse/contracts';

/** The instant some days later (or earlier), at the same time of day by the zone's clocks. */
export function shiftDays(time: number, days: number, calendar: ZoneCalendar): number {
  const { year, month, day } = calendar.localDate(time);
  return atSameTime(time, [year, month, day + days], calendar);
}

/**
 * The instant some months later (or earlier), on the same day of the month and at the same time of day. A month that is
 * too short gives its last day.
 */
export function shiftMonths(time: number, months: number, calendar: ZoneCalendar): number {
  const { year, month, day } = calendar.localDate(time);
  const lastDay = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return atSameTime(time, [year, month + months, Math.min(day, lastDay)], calendar);
}

function atSameTime(
  time: number,
  [year, month, day]: [number, number, number],
  calendar: ZoneCalendar,
): number {
  const { hour, minute, second, ms } = calendar.localTime(time);
  return calendar.instant(year, month, day, hour, minute, second) + ms;
}
