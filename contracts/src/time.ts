import type { EpochMs } from './ids.ts';

/** The lengths of window that are stored. `all` is a shop's lifetime: one window without an end. */
export const RESOLUTIONS = ['10s', '1m', '1h', '1d', 'all'] as const;
/** One of the stored lengths of window. */
export type Resolution = (typeof RESOLUTIONS)[number];

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Days begin on quarters of an hour in every zone since 1972. */
const QUARTER = 15 * MINUTE;
/** No zone has ever set its clocks twice within so long. */
const BLOCK = 6 * HOUR;
const MOST_CALENDARS = 1_000;
/** Bounds what a calendar remembers; what is forgotten is computed anew. */
const MOST_REMEMBERED = 100_000;

/** The earliest event time that is believed; anything before is a clock error. */
export const EARLIEST_EVENT_TIME = Date.UTC(2000, 0, 1) as EpochMs;

/** The calendar of one IANA time zone. */
export interface ZoneCalendar {
  readonly timeZone: string;
  /** The first instant of the local day that `time` falls in. */
  dayStart(time: number): number;
  /** The first instant of the next local day: 23, 24 or 25 hours after the day's start. */
  dayEnd(time: number): number;
  /** The instant of a local wall-clock time; in a spring gap the instant after it, in an autumn overlap the first. */
  instant(year: number, month: number, day: number, hour?: number, minute?: number, second?: number): number;
  /** The local date of an instant, month 1 to 12, weekday 0 (Sunday) to 6. */
  localDate(time: number): { year: number; month: number; day: number; weekday: number };
  /** What the zone's clocks show at an instant. */
  localTime(time: number): { hour: number; minute: number; second: number; ms: number };
}

/** Zone data does not change while a process runs, so that each zone has one calendar. */
const calendars = new Map<string, ZoneCalendar>();

/**
 * The calendar of an IANA zone, from the platform's zone data. Offsets are remembered per quarter of a day, and day
 * starts per quarter of an hour.
 * @throws {RangeError} for an unknown zone.
 */
export function zoneCalendar(timeZone: string): ZoneCalendar {
  let calendar = calendars.get(timeZone);
  if (calendar === undefined) {
    calendar = createCalendar(timeZone);
    // Names come in any case: there are more of them than zones.
    if (calendars.size > MOST_CALENDARS) calendars.clear();
    calendars.set(timeZone, calendar);
  }
  return calendar;
}

function createCalendar(timeZone: string): ZoneCalendar {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const dayStarts = new Map<number, number>();
  const offsets = new Map<number, number>();

  /** What the clocks show at an instant, less the instant: ms, asked of the platform, which takes microseconds. */
  const offsetAt = (time: number): number => {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(time)) part[type] = Number(value);
    const shown = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!);
    return shown - Math.floor(time / 1_000) * 1_000;
  };
  const offsetAtBlock = (block: number): number => {
    let offset = offsets.get(block);
    if (offset === undefined) {
      offset = offsetAt(block * BLOCK);
      if (offsets.size > MOST_REMEMBERED) offsets.clear();
      offsets.set(block, offset);
    }
    return offset;
  };
  const localMs = (time: number): number => {
    const block = Math.floor(time / BLOCK);
    const before = offsetAtBlock(block);
    return time + (before === offsetAtBlock(block + 1) ? before : offsetAt(time));
  };
  const localDay = (time: number) => Math.floor(localMs(time) / DAY);

  const findDayStart = (time: number): number => {
    const day = localDay(time);
    let before = Math.floor(time / QUARTER) - (26 * HOUR) / QUARTER;
    let within = Math.floor(time / QUARTER);
    while (within - before > 1) {
      const middle = Math.floor((before + within) / 2);
      if (localDay(middle * QUARTER) < day) before = middle;
      else within = middle;
    }
    return firstPart(day, within * QUARTER);
  };
  /** St. John's once set its clocks back at 00:01: such a day begins, is gone for an hour, and comes again. */
  const firstPart = (day: number, start: number): number => {
    const earlier = start - 2 * HOUR;
    if (localMs(start) - localMs(earlier) >= 2 * HOUR) return start;
    for (let minute = earlier; minute < start; minute += MINUTE) if (localDay(minute) === day) return minute;
    return start;
  };

  const dayStart = (time: number): number => {
    const quarter = Math.floor(time / QUARTER);
    let start = dayStarts.get(quarter);
    if (start === undefined) {
      start = findDayStart(time);
      if (localDay(quarter * QUARTER) !== localDay((quarter + 1) * QUARTER - 1)) return start;
      if (dayStarts.size > MOST_REMEMBERED) dayStarts.clear();
      dayStarts.set(quarter, start);
    }
    return start;
  };

  return {
    timeZone,
    dayStart,
    // No local day is longer than 25 h, and none shorter than 23 h: 26 h on, it is always the next one.
    dayEnd: (time) => dayStart(dayStart(time) + 26 * HOUR),
    instant: (year, month, day, hour = 0, minute = 0, second = 0) => {
      const wall = Date.UTC(year, month - 1, day, hour, minute, second);
      const offsetBefore = localMs(wall - DAY) - (wall - DAY);
      const guess = wall - offsetBefore;
      if (localMs(guess) === wall) return guess;
      const offsetAfter = localMs(wall + DAY) - (wall + DAY);
      const second_ = wall - offsetAfter;
      return localMs(second_) === wall ? second_ : guess;
    },
    localDate: (time) => {
      const local = new Date(localMs(time));
      return {
        year: local.getUTCFullYear(),
        month: local.getUTCMonth() + 1,
        day: local.getUTCDate(),
        weekday: local.getUTCDay(),
      };
    },
    localTime: (time) => {
      const local = new Date(localMs(time));
      return {
        hour: local.getUTCHours(),
        minute: local.getUTCMinutes(),
        second: local.getUTCSeconds(),
        ms: local.getUTCMilliseconds(),
      };
    },
  };
}

const FIXED: Readonly<Record<'10s' | '1m' | '1h', number>> = { '10s': 10_000, '1m': MINUTE, '1h': HOUR };

/** The first instant of the window of `resolution` that holds `time`; 0 for `all`. */
export function windowStart(resolution: Resolution, time: number, calendar: ZoneCalendar): EpochMs {
  if (resolution === 'all') return 0 as EpochMs;
  if (resolution === '1d') return calendar.dayStart(time) as EpochMs;
  const length = FIXED[resolution];
  return (Math.floor(time / length) * length) as EpochMs;
}

/** The instant after the last of the window that begins at `start`; null for `all`, which has no end. */
export function windowEnd(resolution: Resolution, start: number, calendar: ZoneCalendar): EpochMs | null {
  if (resolution === 'all') return null;
  if (resolution === '1d') return calendar.dayEnd(start) as EpochMs;
  return (start + FIXED[resolution]) as EpochMs;
}
