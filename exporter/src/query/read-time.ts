import { LATEST_TIME, type QueryRequest, type QueryTime, type ZoneCalendar } from '@storepulse/contracts';
import { ExporterError } from '../errors.ts';
import { bucketAround, type ShopCalendar, type TimeRange } from './buckets.ts';
import { shiftDays, shiftMonths } from './calendar-steps.ts';

/** A date, or a date with a time; without a zone it is the shop's. */
const DATE =
  /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?:T(?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?<fraction>\.\d{1,3})?)?(?<zone>Z|[+-]\d\d:\d\d)?)?$/;
/** Grafana's own form: `now`, `now-7d`, `now-1d/d`. */
const RELATIVE = /^now(?:(?<sign>[+-])(?<count>\d{1,6})(?<unit>[smhdwMy]))?(?:\/(?<round>[hdwMy]))?$/;
const EARLIEST_YEAR = 1970;
const FORMS =
  'give epoch ms, a date since 1970 such as "2026-01-31" or "2026-01-31T12:00:00Z", or "now", "now-7d", "now-1d/d"';

const SECOND = 1_000;
const DAY = 86_400 * SECOND;
const FIXED = { s: SECOND, m: 60 * SECOND, h: 3_600 * SECOND } as const;
/** Nearly the length of each unit. */
const ABOUT = { ...FIXED, d: DAY, w: 7 * DAY, M: 31 * DAY, y: 366 * DAY } as const;
const DAYS = { d: 1, w: 7 } as const;
const MONTHS = { M: 1, y: 12 } as const;
const WIDTH_OF = { h: '1h', d: '1d', w: '1w', M: '1M', y: '1y' } as const;

/**
 * Reads a range whose times are given in any form. Dates without a zone, and days, weeks, months and years before now,
 * are the shop's. Rounding (`/d`) gives the begin of the unit for `from`, and its end for `to`, as in Grafana.
 * @throws {ExporterError} `invalid_range` when a text is no time
 */
export function readRange({ from, to }: QueryRequest['range'], now: number, shop: ShopCalendar): TimeRange {
  return { from: readTime('from', from, now, shop), to: readTime('to', to, now, shop) };
}

/**
 * Reads the range of a list: from the beginning where no `from` is given, until now where no `to` is.
 * @throws {ExporterError} `invalid_range` when a text is no time, or `from` is not before the `to` that is given
 */
export function readListRange(
  { from = 0, to }: { readonly from?: QueryTime | undefined; readonly to?: QueryTime | undefined },
  now: number,
  shop: ShopCalendar,
): TimeRange {
  const range = readRange({ from, to: to ?? 'now' }, now, shop);
  if (to !== undefined && range.from >= range.to)
    throw new ExporterError('invalid_range', '"from" must be before "to": exchange them');
  return range;
}

function readTime(name: 'from' | 'to', time: QueryTime, now: number, shop: ShopCalendar): number {
  if (typeof time === 'number') return time;
  const instant = readDate(time, shop) ?? readRelative(name, time, now, shop);
  if (instant === undefined)
    throw new ExporterError('invalid_range', `"range.${name}" is "${time}": ${FORMS}`);
  return instant;
}

function readDate(text: string, { calendar }: ShopCalendar): number | undefined {
  const parts = DATE.exec(text)?.groups;
  if (!parts) return undefined;
  const [year, month, day, hour, minute, second] = (
    ['year', 'month', 'day', 'hour', 'minute', 'second'] as const
  ).map((part) => Number(parts[part] ?? 0)) as [number, number, number, number, number, number];
  const wall = new Date(Date.UTC(year, month - 1, day));
  const isDate = wall.getUTCMonth() === month - 1 && wall.getUTCDate() === day;
  if (!isDate || year < EARLIEST_YEAR || hour > 23 || minute > 59 || second > 59) return undefined;
  if (parts.zone) return finite(Date.parse(text));
  const start = calendar.instant(year, month, day, hour, minute, second);
  return start + Math.round(Number(parts.fraction ?? 0) * SECOND);
}

function readRelative(
  name: 'from' | 'to',
  text: string,
  now: number,
  shop: ShopCalendar,
): number | undefined {
  const parts = RELATIVE.exec(text)?.groups;
  if (!parts) return undefined;
  const { unit, round } = parts;
  const count = Number(`${parts.sign ?? '+'}${parts.count ?? 0}`);
  const moved = unit === undefined ? now : move(now, count, unit, shop.calendar);
  if (round === undefined) return moved;
  const { from, to } = bucketAround(moved, WIDTH_OF[round as keyof typeof WIDTH_OF], shop);
  return name === 'from' ? from : to;
}

const finite = (time: number): number | undefined => (Number.isFinite(time) ? time : undefined);

/** Steps beyond what calendars can reckon with end at the edge of it. */
function move(time: number, count: number, unit: string, calendar: ZoneCalendar): number {
  const about = time + count * ABOUT[unit as keyof typeof ABOUT];
  if (about < 0 || about > LATEST_TIME) return Math.min(Math.max(about, 0), LATEST_TIME);
  if (unit in FIXED) return time + count * FIXED[unit as keyof typeof FIXED];
  if (unit in DAYS) return shiftDays(time, count * DAYS[unit as keyof typeof DAYS], calendar);
  return shiftMonths(time, count * MONTHS[unit as keyof typeof MONTHS], calendar);
}
