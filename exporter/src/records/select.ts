import {
  personalFieldsOf,
  type RecordFilter,
  type RecordSort,
  type RecordSpec,
  type Shop,
  type ZoneCalendar,
} from '@storepulse/contracts';
import { ExporterError } from '../errors.ts';
import { readListRange } from '../query/read-time.ts';
import type { RecordCondition, RecordSelection } from '../store/records.ts';
import { readCursor } from './cursor.ts';

/** The parameters of a request for records, as their schema lets them through. */
export interface RecordQuery extends Readonly<Record<string, unknown>> {
  readonly shop: string;
  readonly from?: string | number;
  readonly to?: string | number;
  readonly sort?: string;
  readonly cursor?: string;
}

/** What a request is read with. */
export interface SelectContext {
  readonly shop: Shop;
  readonly calendar: ZoneCalendar;
  /** Wall clock, epoch ms. */
  readonly now: number;
  /** Whether the caller may see personal fields. */
  readonly seesPersonal: boolean;
}

/**
 * Reads which records a request asks for.
 * @throws {ExporterError} `invalid_range`; `invalid_request` for a cursor of another order; `forbidden` for a filter on a
 *   field that the caller may not see: an answer would tell of it
 */
export function selectRecords(spec: RecordSpec, query: RecordQuery, context: SelectContext): RecordSelection {
  const sort = sortOf(spec, query.sort);
  const { shop } = context.shop;
  return {
    ...{ kind: spec.kind, shop, sort },
    conditions: [...timeConditions(spec, query, context), ...filterConditions(spec, query, context)],
    ...(query.cursor === undefined ? {} : { after: readCursor(query.cursor, { shop, sort: sort.name }) }),
  };
}

/** The order that is asked for, or the kind's first. */
function sortOf({ sorts }: RecordSpec, name: string | undefined): RecordSort {
  return sorts.find((sort) => sort.name === name) ?? sorts[0]!;
}

function timeConditions(
  { time }: RecordSpec,
  { from, to }: RecordQuery,
  { shop, calendar, now }: SelectContext,
): RecordCondition[] {
  if (time === undefined || (from === undefined && to === undefined)) return [];
  const range = readListRange({ from, to }, now, { calendar, weekStart: shop.weekStart });
  return [
    ...(from === undefined ? [] : [{ field: time, atLeast: range.from }]),
    ...(to === undefined ? [] : [{ field: time, below: range.to }]),
  ];
}

function filterConditions(
  spec: RecordSpec,
  query: RecordQuery,
  { shop, seesPersonal }: SelectContext,
): RecordCondition[] {
  const personal = new Set(personalFieldsOf(spec));
  return Object.entries(spec.filters).flatMap(([name, filter]) => {
    const asked = query[name];
    if (asked === undefined) return [];
    if (personal.has(name) && !seesPersonal)
      throw new ExporterError(
        'forbidden',
        `"${name}" is personal: to filter by it, the key needs the scope read:personal`,
      );
    return [conditionOf(filter, asked, shop)];
  });
}

function conditionOf(
  { field, operator, isMoney }: RecordFilter,
  asked: unknown,
  shop: Shop,
): RecordCondition {
  if (operator === 'in') {
    const values = asked as readonly (string | number)[];
    return { field, in: field === '_id' ? values.map((value) => `${shop.shop}|${value}`) : values };
  }
  const bound = isMoney ? Math.round((asked as number) * 10 ** shop.scale) : (asked as number);
  return operator === 'atLeast' ? { field, atLeast: bound } : { field, atMost: bound };
}
