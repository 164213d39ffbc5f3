import { checkCount, checkFilters, checkShop, UnusableQueryError } from './checks.ts';
import { EVENT_FIELDS } from './event-fields.ts';
import type { StorepulseFilter, StorepulseQuery } from './stored-query.ts';

/** The greatest number of events that a query may ask for: ten pages of the exporter. */
export const MOST_EVENTS = 5_000;
/** How many a query asks for that does not say it. */
export const DEFAULT_EVENTS = 500;

/** What is asked of the exporter's list of events, but for the range. */
export interface AskedEvents {
  type: 'events';
  shop: string;
  filters: StorepulseFilter[];
  /** The latest events to show. */
  limit: number;
}

/** The exporter's form of a query of events. @throws {UnusableQueryError} */
export function validateEvents(query: StorepulseQuery, defaultShop: string | undefined): AskedEvents {
  return {
    type: 'events',
    shop: checkShop(query.shop ?? defaultShop),
    filters: checkFilters(query.filters).map(checkField),
    limit: checkCount('First', query.limit, MOST_EVENTS) ?? DEFAULT_EVENTS,
  };
}

function checkField(filter: StorepulseFilter): StorepulseFilter {
  if (!EVENT_FIELDS[filter.dimension]) {
    throw new UnusableQueryError(
      `Events can’t be filtered by ${filter.dimension}. Choose one of ${Object.keys(EVENT_FIELDS).join(', ')}.`,
    );
  }
  return filter;
}
