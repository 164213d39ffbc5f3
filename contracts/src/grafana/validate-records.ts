import { checkCount, checkFilters, checkLength, checkShop, UnusableQueryError } from './checks.ts';
import { namesOfKind, RECORD_KINDS, type RecordKind } from './record-kinds.ts';
import type { StorepulseFilter, StorepulseQuery } from './stored-query.ts';

/** The greatest numbers of records that a list (ten pages of the exporter) and a search may ask for. */
export const MOST_RECORDS = 5_000;
/** How many a list asks for that does not say it. */
export const DEFAULT_RECORDS = 500;
export const MOST_FOUND = 20;

const LONGEST_SEARCH = 100;

/** What is asked of the exporter's lists of records, but for the range. */
export interface AskedRecords {
  type: 'records';
  shop: string;
  kind: RecordKind;
  /** Finds records by the begin of an id or a name, or by words. Then there are no filters and no order. */
  search?: string;
  filters: StorepulseFilter[];
  sort?: string;
  limit: number;
}

/** The exporter's form of a query of records. @throws {UnusableQueryError} */
export function validateRecords(query: StorepulseQuery, defaultShop: string | undefined): AskedRecords {
  const kind = checkKind(query.records ?? 'orders');
  const search = query.search?.trim()
    ? checkLength('Search', query.search.trim(), LONGEST_SEARCH)
    : undefined;
  const most = search === undefined ? MOST_RECORDS : MOST_FOUND;
  const filters = checkFilters(query.filters).map((filter) => checkFilter(filter, kind));
  if (search !== undefined && (filters.length > 0 || query.sort)) {
    throw new UnusableQueryError(
      'A search takes no filters and no order: what fits best comes first. Remove them, or the search.',
    );
  }
  return {
    ...{ type: 'records', shop: checkShop(query.shop ?? defaultShop), kind, filters },
    ...(search === undefined ? {} : { search }),
    ...(query.sort ? { sort: checkSort(query.sort, kind) } : {}),
    limit: checkCount('First', query.limit, most) ?? Math.min(most, DEFAULT_RECORDS),
  };
}

function checkKind(text: string): RecordKind {
  const kind = RECORD_KINDS.find((each) => each === text);
  if (!kind) {
    throw new UnusableQueryError(`There are no records "${text}". Choose one of ${RECORD_KINDS.join(', ')}.`);
  }
  return kind;
}

function checkFilter(filter: StorepulseFilter, kind: RecordKind): StorepulseFilter {
  const { filters } = namesOfKind(kind)!;
  if (!filters.includes(filter.dimension)) {
    throw new UnusableQueryError(
      `The ${kind} can’t be filtered by ${filter.dimension}. Choose one of ${filters.join(', ')}.`,
    );
  }
  if (filter.operator !== 'in') {
    throw new UnusableQueryError(
      `The ${kind} can’t be filtered by what they are not. Choose "is one of" for ${filter.dimension}.`,
    );
  }
  return filter;
}

function checkSort(sort: string, kind: RecordKind): string {
  const { sorts } = namesOfKind(kind)!;
  if (!sorts.includes(sort)) {
    throw new UnusableQueryError(`The ${kind} have no order "${sort}". Choose one of ${sorts.join(', ')}.`);
  }
  return sort;
}
