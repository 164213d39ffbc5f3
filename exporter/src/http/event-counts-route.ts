import { EventCounts, EventCountsQuery, MOST_STEPS } from '@storepulse/contracts';
import { eventSources } from '../live/event-selection.ts';
import { readListRange } from '../query/read-time.ts';
import { clientGone } from './client-gone.ts';
import { findShop } from './find-shop.ts';
import { Problem } from './problems.ts';
import type { RecordsDeps } from './records-routes.ts';
import type { App } from './type-provider.ts';

/** Events of one kind that a request counts at most, the latest: a second of the database's time. */
const MOST_COUNTED = 200_000;
/** Beside queries it is one of the large: it reads up to so many documents, and hands none of them on. */
const COUNTS_COST = 10_000;
/** Steps when the request does not say how many. */
const DEFAULT_STEPS = 100;

/** `GET /api/v1/events/counts`: how many events are kept, by type and step of time. */
export function eventCountsRoute(app: App, { store, answering, calendarOf, now }: RecordsDeps): void {
  const { allowances, admission } = answering;
  app.get(
    '/api/v1/events/counts',
    {
      config: { access: 'read' },
      schema: {
        summary: 'Count the events of a shop that are kept, by type and step of time',
        description:
          'With the filters of `GET /api/v1/events`. Steps have one length, and begin at multiples of it. Of very many events the ' +
          'latest are counted: `completeFrom` tells from when on.',
        tags: ['records'],
        querystring: EventCountsQuery,
        response: { 200: EventCounts, default: Problem },
      },
    },
    async (request, reply) => {
      const { query } = request;
      const allowance = allowances.begin(clientGone(reply));
      try {
        const shop = await findShop(store, request.caller, query.shop);
        const place = { calendar: calendarOf(shop.timeZone), weekStart: shop.weekStart };
        const range = readListRange(query, now(), place);
        const stepMs = stepOf(range.to - range.from, query.steps ?? DEFAULT_STEPS);
        const begin = Math.floor(range.from / stepMs) * stepMs;
        const length = Math.ceil((range.to - begin) / stepMs);
        const selection = { sources: eventSources(shop.shop, query), direction: -1 as const, ...range };
        const found = await admission.admit(COUNTS_COST, allowance.signal, () =>
          store.eventCounts(
            selection,
            { begin, stepMs, most: MOST_COUNTED },
            { signal: allowance.signal, timeoutMs: allowance.leftMs() },
          ),
        );
        const counts: Record<string, number[]> = {};
        for (const { type, step, count } of found.counts) {
          counts[type] ??= new Array<number>(length).fill(0);
          counts[type][step]! += count;
        }
        return {
          shop: shop.shop,
          begin,
          stepMs,
          counts,
          completeFrom: Math.max(range.from, found.completeFrom),
        };
      } finally {
        allowance.end();
      }
    },
  );
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Lengths of steps that people count in, ms; beyond the last one its multiples. */
const LENGTHS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12, 24].map((n) => n * HOUR),
];

/** The shortest step of which a span has few enough: one less than asked for, since a step may begin before the range. */
function stepOf(spanMs: number, steps: number): number {
  const least = spanMs / Math.max(1, Math.min(steps, MOST_STEPS) - 1);
  const day = 24 * HOUR;
  return LENGTHS.find((length) => length >= least) ?? Math.ceil(least / day) * day;
}
