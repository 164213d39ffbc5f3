import type { AnyQuery, Catalog, QueryResult, Shop, ZoneCalendar } from '@storepulse/contracts';
import { ExporterError } from '../errors.ts';
import type { Allowance } from '../work/allowance.ts';
import type { AnswerDeps } from './answer.ts';
import type { TimeRange } from './buckets.ts';
import { knownUntil } from './known.ts';
import type { Notice } from './plan.ts';
import { readRange } from './read-time.ts';
import { describeUnknownValues } from './remarks.ts';
import type { RequestState } from './request-state.ts';
import type { RowFilters } from './row-filters.ts';

/** Where and when a query over rows (visits, customers) is answered. */
export interface RowsContext {
  readonly shop: Shop;
  readonly calendar: ZoneCalendar;
  readonly range: TimeRange;
  /** Wall clock, epoch ms. */
  readonly now: number;
  /** Everything before it has been counted, epoch ms. */
  readonly until: number;
  readonly state: RequestState;
  readonly allowance: Allowance;
}

/** Makes the context of a query of one shop. @throws {ExporterError} `invalid_range` */
export function rowsContext(
  query: Pick<AnyQuery, 'range'>,
  {
    shop,
    state,
    now,
    allowance,
    range,
  }: Pick<RowsContext, 'shop' | 'state' | 'now' | 'allowance'> & {
    range: NonNullable<AnyQuery['range']>;
  },
  { calendarOf }: Pick<AnswerDeps, 'calendarOf'>,
): RowsContext {
  const calendar = calendarOf(shop.timeZone);
  const asked = readRange(query.range ?? range, now, { calendar, weekStart: shop.weekStart });
  if (asked.from >= asked.to)
    throw new ExporterError('invalid_range', '"range.from" must be before "range.to" (epoch ms)');
  const until = knownUntil(state.freshness.get(shop.shop), now);
  return { shop, calendar, range: asked, now, until, state, allowance };
}

/** Names the values of filters that the shop has never had. */
export async function describeUnmet(
  filters: RowFilters,
  { shop, allowance }: RowsContext,
  deps: Pick<AnswerDeps, 'store'> & { catalog: Catalog },
): Promise<Notice[]> {
  const query = { shop: shop.shop };
  const remarks = filters
    .unmet()
    .map(({ dimension, values }) =>
      describeUnknownValues({ query, parts: [], dimension, unmet: () => [...values] }, deps, allowance),
    );
  return (await Promise.all(remarks)).flat();
}

/** What an answer over rows says of itself; `lake`: they are of the lake, which reaches so far. */
export type RowsMeta = Pick<
  QueryResult['meta'],
  'resolution' | 'interval' | 'documents' | 'readMs' | 'readAt' | 'notices' | 'lake'
>;

/** What every answer over rows says about itself. */
export function rowsMeta({ shop, state }: RowsContext, meta: RowsMeta): QueryResult['meta'] {
  return {
    ...meta,
    ...(meta.lake ? { source: 'lake' as const } : {}),
    timeZone: shop.timeZone,
    freshness: state.freshness.get(shop.shop) ?? null,
  };
}
