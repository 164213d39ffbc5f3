import {
  EARLIEST_EVENT_TIME,
  type EpochMs,
  type Interval,
  type MetricQuery,
  type Resolution,
  type Shop,
  type TimeDimension,
  windowExpiry,
  type ZoneCalendar,
} from '@storepulse/contracts';
import { ExporterError } from '../errors.ts';
import type { Steps } from '../work/pacer.ts';
import { bucketsOf, type TimeRange } from './buckets.ts';
import { chooseWidth, keptWidth, NOMINAL_LENGTH, RESOLUTION_OF, type Width } from './intervals.ts';
import { type IsKept, LIFETIME_TILE, type Tile, tilesOf, type Widest } from './tiles.ts';
import { describeStraddling, resolutionFor } from './time-windows.ts';

/** More buckets than a screen has dots for. */
const MAX_BUCKETS = 11_000;
/** Longest range of a table: beyond it no day could be told from the next. */
const MAX_TABLE_LENGTH = MAX_BUCKETS * NOMINAL_LENGTH['1d'];

/** A remark about an answer. */
export interface Notice {
  readonly severity: 'info' | 'warning' | 'error';
  readonly text: string;
}

/** Which windows to read, and which buckets they are added up in. */
export interface Plan {
  /** Windows to read. */
  readonly tiles: readonly Tile[];
  /** Buckets of the answer in order; one over everything for a table and for the lifetime. */
  readonly buckets: readonly TimeRange[];
  /** Width of the buckets; `range` for a table. */
  readonly interval: Exclude<Interval, 'auto'> | 'range';
  readonly notices: readonly Notice[];
}

/** What a plan depends on beside the query. */
export interface PlanContext {
  readonly range: TimeRange;
  readonly maxDataPoints: number;
  readonly shop: Pick<Shop, 'weekStart' | 'retention'>;
  readonly calendar: ZoneCalendar;
  /** Wall clock, epoch ms. */
  readonly now: number;
}

/**
 * Plans a query's reading.
 *
 * A time series answers the whole buckets that overlap the range, so a bar always means its whole window; none
 * begins after now. A table answers the range itself, exact to ten seconds. Where finer windows have expired,
 * coarser ones stand in, with a notice. Of a range only what events can be in is looked at: the years from 2000 until
 * now.
 * @param ofTime hours and weekdays that windows must tell apart
 * @throws {ExporterError} `invalid_range`, `too_many_points`, `invalid_request` for hours that are not told apart
 */
export function* planQuery(
  query: MetricQuery,
  context: PlanContext,
  ofTime: readonly TimeDimension[] = [],
): Steps<Plan> {
  const interval = query.interval ?? 'auto';
  if (interval === 'all') {
    if (ofTime.length > 0)
      throw new ExporterError(
        'invalid_request',
        `the lifetime of a shop is one window: ask for a range instead of the "interval" "all" to tell ${ofTime.map(({ name }) => name).join(' and ')}`,
      );
    return {
      tiles: [LIFETIME_TILE],
      buckets: [{ from: 0, to: Number.POSITIVE_INFINITY }],
      interval,
      notices: [],
    };
  }
  if (context.range.from >= context.range.to)
    throw new ExporterError('invalid_range', '"range.from" must be before "range.to" (epoch ms)');
  return query.format === 'table' ? planTable(context, ofTime) : yield* planSeries(interval, context, ofTime);
}

function* planSeries(
  interval: Exclude<Interval, 'all'>,
  context: PlanContext,
  ofTime: readonly TimeDimension[],
): Steps<Plan> {
  const range = possible(context);
  const wanted = chooseWidth(interval, Math.max(0, range.to - range.from), context.maxDataPoints);
  const isKept = keeper(context);
  const width = keptWidth(wanted, (resolution) => isKept(resolution, range.from));
  checkCount(range, width);
  const buckets = yield* bucketsOf(range, width, {
    calendar: context.calendar,
    weekStart: context.shop.weekStart,
  });
  const [first, last] = [buckets[0], buckets.at(-1)];
  const { calendar } = context;
  const tilesIn = (whole: TimeRange): Tile[] => {
    const resolution = resolutionFor(ofTime, RESOLUTION_OF[width], { range: whole, calendar, isKept });
    return [{ resolution, ...whole }];
  };
  const tiles = first && last ? tilesIn({ from: first.from, to: last.to }) : [];
  return {
    tiles,
    buckets,
    interval: width,
    notices: [
      ...(width === wanted ? [] : [coarserNotice(wanted, width)]),
      ...describeStraddling(ofTime, tiles, calendar),
    ],
  };
}

/** The part of a range that events can be in. Empty where it ends before it begins. */
export function possible({ range, now }: Pick<PlanContext, 'range' | 'now'>): TimeRange {
  return { from: Math.max(range.from, EARLIEST_EVENT_TIME), to: Math.min(range.to, now) };
}

function planTable(context: PlanContext, ofTime: readonly TimeDimension[]): Plan {
  const { range, calendar, now } = context;
  const { from } = possible(context);
  if (Math.min(range.to, now) - from > MAX_TABLE_LENGTH)
    throw new ExporterError(
      'too_many_points',
      `a range is at most ${MAX_BUCKETS} days long: choose a shorter one`,
    );
  // Nothing lies after now, so the windows that are still filling may be taken whole.
  const to = range.to >= now ? calendar.dayEnd(now) : range.to;
  const isKept = keeper(context);
  const whole = { from, to };
  const tilesIn = (): Tile[] => {
    const widest = resolutionFor(ofTime, '1d', { range: whole, calendar, isKept }) as Widest;
    return tilesOf(whole, calendar, isKept, widest);
  };
  const tiles = from >= now || from >= to ? [] : tilesIn();
  return {
    tiles,
    buckets: [range],
    interval: 'range',
    notices: [...reachNotices(whole, tiles), ...describeStraddling(ofTime, tiles, calendar)],
  };
}

function keeper({ shop, calendar, now }: PlanContext): IsKept {
  return (resolution: Resolution, start: number) => {
    const expiry = windowExpiry({ resolution, start: start as EpochMs }, shop.retention, calendar);
    return expiry === null || expiry > now;
  };
}

function checkCount(range: TimeRange, width: Width): void {
  const count = Math.ceil((range.to - range.from) / NOMINAL_LENGTH[width]) + 1;
  if (count <= MAX_BUCKETS) return;
  throw new ExporterError(
    'too_many_points',
    `${count} buckets of ${width} are more than ${MAX_BUCKETS}: choose a longer interval, "auto", or a shorter range`,
  );
}

function coarserNotice(wanted: Width, width: Width): Notice {
  return {
    severity: 'warning',
    text: `Windows of ${RESOLUTION_OF[wanted]} are no longer kept for the start of this range: answered by ${width} instead of ${wanted}.`,
  };
}

function reachNotices({ from, to }: TimeRange, tiles: readonly Tile[]): Notice[] {
  const first = tiles[0];
  const last = tiles.at(-1);
  if (!first || !last) return [];
  const slack = NOMINAL_LENGTH['10s'];
  if (from - first.from < slack && last.to - to < slack) return [];
  const span = `${new Date(first.from).toISOString()} to ${new Date(last.to).toISOString()}`;
  return [
    {
      severity: 'warning',
      text: `Finer windows are no longer kept at the edges of this range: the answer counts ${span}.`,
    },
  ];
}
