import type { ZoneCalendar } from '@storepulse/contracts';

/** A time between two days of the shop's calendar, such as 2011-03-01. */
export interface WallSpan {
  /** @default from the beginning */
  readonly from?: string;
  /** Not included. @default to the end */
  readonly to?: string;
}

/** A time in epoch ms. */
export interface Span {
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

/** A day of the calendar as its first instant; undefined when there is no such day. */
export function dayOf(text: string, calendar: ZoneCalendar): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return undefined;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const exists = new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day && month >= 1 && month <= 12;
  return exists ? calendar.instant(year, month, day) : undefined;
}

/** A time between two days as instants. @throws {RangeError} for what is no day */
export function spanOf({ from, to }: WallSpan = {}, calendar: ZoneCalendar): Span {
  const instant = (text: string | undefined, open: number): number => {
    const day = text === undefined ? open : dayOf(text, calendar);
    if (day === undefined) throw new RangeError(`"${text}" is no day, such as 2011-03-01`);
    return day;
  };
  return { from: instant(from, Number.NEGATIVE_INFINITY), to: instant(to, Number.POSITIVE_INFINITY) };
}
