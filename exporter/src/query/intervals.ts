import type { Interval, Resolution } from '@storepulse/contracts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Widths that time can be cut into, ascending: each is made of whole windows of a stored resolution. */
export const WIDTHS = ['10s', '1m', '5m', '15m', '1h', '6h', '1d', '1w', '1M', '3M', '1y'] as const;
/** Width of a bucket of a time series. */
export type Width = (typeof WIDTHS)[number];

/** The length of each width; of a month, a quarter and a year the shortest, so that a count of buckets is never too low. */
export const NOMINAL_LENGTH: Readonly<Record<Width, number>> = {
  '10s': 10 * SECOND,
  '1m': MINUTE,
  '5m': 5 * MINUTE,
  '15m': 15 * MINUTE,
  '1h': HOUR,
  '6h': 6 * HOUR,
  '1d': DAY,
  '1w': 7 * DAY,
  '1M': 28 * DAY,
  '3M': 90 * DAY,
  '1y': 365 * DAY,
};

/** How many months a width has; they are counted from January. */
export const MONTHS_OF: Partial<Record<Width, number>> = { '1M': 1, '3M': 3, '1y': 12 };

/** The coarsest stored resolution that a bucket of each width is made of. */
export const RESOLUTION_OF: Readonly<Record<Width, Exclude<Resolution, 'all'>>> = {
  '10s': '10s',
  '1m': '1m',
  '5m': '1m',
  '15m': '1m',
  '1h': '1h',
  '6h': '1h',
  '1d': '1d',
  '1w': '1d',
  '1M': '1d',
  '3M': '1d',
  '1y': '1d',
};

/** The widest that is chosen for a query that leaves it to us; quarters and years are asked for by name. */
const WIDEST_AUTO: Width = '1M';

/** The width that a query asks for; `auto` is the finest that cuts `length` ms into at most `maxDataPoints`. */
export function chooseWidth(
  interval: Exclude<Interval, 'all'>,
  length: number,
  maxDataPoints: number,
): Width {
  if (interval !== 'auto') return interval;
  const fits = (width: Width) => length / NOMINAL_LENGTH[width] <= maxDataPoints;
  return WIDTHS.find((width) => fits(width) || width === WIDEST_AUTO)!;
}

/** `width`, or the next coarser one whose windows are still kept. */
export function keptWidth(width: Width, isKept: (resolution: Resolution) => boolean): Width {
  return WIDTHS.slice(WIDTHS.indexOf(width)).find((wider) => isKept(RESOLUTION_OF[wider])) ?? '1y';
}
