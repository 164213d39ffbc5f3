import { type Resolution, type TimeDimension, windowStart, type ZoneCalendar } from '@storepulse/contracts';
import { ExporterError } from '../errors.ts';
import type { TimeRange } from './buckets.ts';
import type { Notice } from './plan.ts';
import type { IsKept, Tile } from './tiles.ts';

const FINEST_FIRST = ['10s', '1m', '1h', '1d'] as const;
type Windowed = Exclude<Resolution, 'all'>;

/** Minutes that hours are put together from at most: those of a week, and of the rest of its last day. */
const MOST_MINUTES = 8 * 24 * 60;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** No zone has moved its clocks by a part of an hour, and back, within so long. */
const SAMPLE = 7 * 24 * HOUR;

/** Where and of what windows are read. */
interface WindowContext {
  readonly range: TimeRange;
  readonly calendar: ZoneCalendar;
  readonly isKept: IsKept;
}

/**
 * The longest windows, up to `wanted`, that lie within one hour or weekday of the shop each. Where the zone's hours begin
 * within those of UTC that is a minute, while there are few enough of them and they are kept; else an hour.
 * @throws {ExporterError} `invalid_request` when hours are no longer kept
 */
export function resolutionFor(
  ofTime: readonly TimeDimension[],
  wanted: Windowed,
  { range, calendar, isKept }: WindowContext,
): Windowed {
  const resolution = finest([wanted, ...ofTime.map((dimension) => dimension.resolution)]);
  if (ofTime.length === 0 || resolution !== '1h') return resolution;
  const keptAt = (of: Windowed) => isKept(of, windowStart(of, range.from, calendar));
  if (!keptAt('1h'))
    throw new ExporterError(
      'invalid_request',
      `hours are no longer kept at ${new Date(range.from).toISOString()}: split by ${ofTime.map(({ name }) => name).join(' and ')} in a range that begins later`,
    );
  if (hasWholeHours(range, calendar)) return '1h';
  return keptAt('1m') && (range.to - range.from) / MINUTE <= MOST_MINUTES ? '1m' : '1h';
}

/** What is told of windows that reach beyond the hour or the day that they begin in. */
export function describeStraddling(
  ofTime: readonly TimeDimension[],
  tiles: readonly Tile[],
  calendar: ZoneCalendar,
): Notice[] {
  const hours = tiles.filter(({ resolution }) => resolution === '1h');
  const isByHour = ofTime.some(({ resolution }) => resolution === '1h');
  const straddles = (tile: Tile) =>
    !hasWholeHours(tile, calendar) && (isByHour || calendar.dayEnd(tile.from) < tile.to);
  if (ofTime.length === 0 || !hours.some(straddles)) return [];
  const text =
    `Hours of ${calendar.timeZone} begin within the hours that are stored, and each of those counts where it begins. ` +
    'Of the last 14 days, ranges up to a week are exact.';
  return [{ severity: 'warning', text }];
}

function hasWholeHours({ from, to }: TimeRange, calendar: ZoneCalendar): boolean {
  for (let hour = Math.floor(from / HOUR) * HOUR; hour < to; hour += SAMPLE)
    if (calendar.localTime(hour).minute !== 0) return false;
  return calendar.localTime(Math.floor(to / HOUR) * HOUR).minute === 0;
}

function finest(resolutions: readonly Windowed[]): Windowed {
  return FINEST_FIRST.find((resolution) => resolutions.includes(resolution))!;
}
