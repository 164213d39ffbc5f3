import { INTERVALS, type Interval } from '../intervals.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Lengths of the units of a duration; a month as the shortest that there is. */
const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: SECOND,
  m: MINUTE,
  h: HOUR,
  d: DAY,
  w: 7 * DAY,
  M: 28 * DAY,
  y: 365 * DAY,
};

/** Widths that buckets come in, ascending. */
const WIDTHS = INTERVALS.filter((interval) => interval !== 'auto' && interval !== 'all');

/** An interval that the exporter has. */
export interface ReadInterval {
  interval: Interval;
  /** True when the text named another length, which there are no buckets of. */
  isWidened: boolean;
}

/**
 * Reads an interval, or a duration such as Grafana's `$__interval` gives (`30s`, `2h`, or a bare number of
 * milliseconds): the next wider bucket that there is. Undefined for any other text.
 */
export function readInterval(text: string): ReadInterval | undefined {
  const known = INTERVALS.find((interval) => interval === text);
  if (known) {
    return { interval: known, isWidened: false };
  }
  const length = durationOf(text);
  if (length === undefined) {
    return undefined;
  }
  const interval = WIDTHS.find((width) => durationOf(width)! >= length) ?? '1y';
  return { interval, isWidened: durationOf(interval) !== length };
}

function durationOf(text: string): number | undefined {
  const [, number, unit = 'ms'] = /^(\d+)(ms|s|m|h|d|w|M|y)?$/.exec(text) ?? [];
  return number === undefined || Number(number) === 0 ? undefined : Number(number) * UNITS[unit]!;
}
