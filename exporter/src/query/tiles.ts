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
const FINEST = 10_000;

/**
 * Covers a range with few stored windows, without overlap: days inside it, finer windows at its edges, exact to
 * ten seconds. Where the fine windows of an edge are no longer kept, the finest window that is kept is taken whole,
 * so the cover may reach beyond the range: compare its ends.
 */
export function tilesOf(range: TimeRange, calendar: ZoneCalendar, isKept: IsKept): Tile[] {
  const tiles: Tile[] = [];
  const end = Math.ceil(range.to / FINEST) * FINEST;
  let at = Math.floor(range.from / FINEST) * FINEST;
  while (at < end) {
    const days = wholeDaysFrom(at, end, calendar);
    if (days) {
      append(tiles, days);
      at = days.to;
      continue;
    }
    const window = widestFrom(at, end, calendar, isKept) ?? finestHolding(at, calendar, isKept);
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

/**
 * The widest kept window that begins at `at` and ends by `end`. One that straddles midnight is passed over for
 * finer ones, since hours do not tile a day in zones whose offset is no whole hour.
 */
function widestFrom(at: number, end: number, calendar: ZoneCalendar, isKept: IsKept): Tile | undefined {
  const limit = Math.min(end, calendar.dayEnd(at));
  return COARSEST_FIRST.map((resolution) => windowAt(resolution, at, calendar)).find(
    (window) => window.from === at && window.to <= limit && isKept(window.resolution, at),
  );
}

/** The finest kept window around `at`; later than the first tile, one that begins there, so that none overlap. */
function finestHolding(at: number, calendar: ZoneCalendar, isKept: IsKept): Tile {
  const kept = COARSEST_FIRST.toReversed()
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
