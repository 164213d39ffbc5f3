import { runAtOnce } from '../work/pacer.ts';
import { type PlanContext, planQuery } from './plan.ts';
import { LIFETIME_TILE, type Tile } from './tiles.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Windows to look for values in, by how long the range is: some hundred at most. */
const WIDTHS = [
  { width: '1m', upTo: 6 * HOUR },
  { width: '1h', upTo: 7 * DAY },
  { width: '1d', upTo: 100 * DAY },
] as const;

/**
 * The windows in which a dimension's values are looked up: whole ones, so values from the edges of the range are among
 * them. The shop's whole history without a range, and for one that is too long to look through.
 * @throws {ExporterError} `invalid_range`
 */
export function valueWindows(
  range: PlanContext['range'] | undefined,
  context: Omit<PlanContext, 'range' | 'maxDataPoints'>,
): readonly Tile[] {
  const width = range && WIDTHS.find(({ upTo }) => range.to - range.from <= upTo)?.width;
  if (!range || !width) return [LIFETIME_TILE];
  const query = { refId: '', shop: '', metric: '', interval: width };
  // Some hundred buckets at most: they are made at once.
  const whole = { ...context, range, maxDataPoints: Number.POSITIVE_INFINITY };
  return runAtOnce(planQuery(query, whole)).tiles;
}
