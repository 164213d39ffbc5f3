import { type Resolution, windowEnd, windowStart, type ZoneCalendar } from '@storepulse/contracts';
import type { TimeRange } from './buckets.ts';

/** A run of consecutive windows of one resolution. */
export interface Tile extends TimeRange {
  readonly resolution: Resolution;
}

/** The window of a shop's lifetime. */
export const LIFETIME_TILE: Tile = { resolution: 'all', from: 0, to: 1 };

/** Whether the window of a resolution that begins at `start` is still stored. */
export type IsKept = (resolution: Resolution, start: number) => boolean;

const COARSEST_FIRST = ['1d', '1h', '1m', '10s'] as const;
/** The longest windows that a cover may be made of. */
export type Widest = '1d' | '1h' | '1m';
const FINEST = 10_000;

/**
 * Covers a range with few stored windows, without overlap: days (or `widest`) inside it, finer windows at its edges, exact to
 * ten seconds. Where the fine windows of an edge are no longer kept, the finest window that is kept is taken whole,
 * so the cover may reach beyond the range: compare its ends.
 */
export function tilesOf(
  range: TimeRange,
  calendar: ZoneCalendar,
  isKept: IsKept,
  widest: Widest = '1d',
): Tile[] {
  const resolutions = COARSEST_FIRST.slice(COARSEST_FIRST.indexOf(widest));
  const tiles: Tile[] = [];
  const end = Math.ceil(range.to / FINEST) * FINEST;
  let at = Math.floor(range.from / FINEST) * FINEST;
  while (at < end) {
    const run =
      widest === '1d' ? wholeDaysFrom(at, end, calendar) : wholeRunFrom(at, end, widest, calendar, isKept);
    if (run) {
      append(tiles, run);
      at = run.to;
      continue;
    }
    const window =
      widestFrom(at, end, calendar, isKept, resolutions) ?? finestHolding(at, calendar, isKept, resolutions);
    append(tiles, window);
    at = window.to;
  }
  return tiles;
}

/** All whole days from `at` on, which are kept for ever: a range of decades is covered as fast as one of hours. */
function wholeDaysFrom(at: number, end: number, calendar: ZoneCalendar): Tile | undefined {
  if (calendar.dayStart(at) !== at) return undefined;
  const to = calendar.dayStart(end);
  return to > at ? { resolution: '1d', from: at, to } : undefined;
}

/** All whole hours or minutes from `at` on: what is kept at one time is kept from then on. */
function wholeRunFrom(
  at: number,
  end: number,
  resolution: Exclude<Widest, '1d'>,
  calendar: ZoneCalendar,
  isKept: IsKept,
): Tile | undefined {
  if (windowStart(resolution, at, calendar) !== at || !isKept(resolution, at)) return undefined;
  const to = windowStart(resolution, end, calendar);
  return to > at ? { resolution, from: at, to } : undefined;
}

/**
 * The widest kept window that begins at `at` and ends by `end`. One that straddles midnight is passed over for
 * finer ones, since hours do not tile a day in zones whose offset is no whole hour.
 */
function widestFrom(
  at: number,
  end: number,
  calendar: ZoneCalendar,
  isKept: IsKept,
  resolutions: readonly Tile['resolution'][],
): Tile | undefined {
  const limit = Math.min(end, calendar.dayEnd(at));
  return resolutions
    .map((resolution) => windowAt(resolution, at, calendar))
    .find((window) => window.from === at && window.to <= limit && isKept(window.resolution, at));
}

/** The finest kept window around `at`; later than the first tile, one that begins there, so that none overlap. */
function finestHolding(
  at: number,
  calendar: ZoneCalendar,
  isKept: IsKept,
  resolutions: readonly Tile['resolution'][],
): Tile {
  const kept = resolutions
    .toReversed()
    .map((resolution) => windowAt(resolution, at, calendar))
    .filter((window) => isKept(window.resolution, window.from));
  return kept.find((window) => window.from === at) ?? kept[0] ?? windowAt('1d', at, calendar);
}

function windowAt(resolution: Tile['resolution'], time: number, calendar: ZoneCalendar): Tile {
  const from = windowStart(resolution, time, calendar);
  return { resolution, from, to: windowEnd(resolution, from, calendar) ?? Number.POSITIVE_INFINITY };
}

function append(tiles: Tile[], window: Tile): void {
  const last = tiles.at(-1);
  if (last?.resolution === window.resolution && last.to === window.from)
    tiles[tiles.length - 1] = { ...last, to: window.to };
  else tiles.push(window);
}
