import type { StoredMetric, ZoneCalendar } from '@storepulse/contracts';
import { LAKE_TYPES } from '@storepulse/lake';
import type { RunRows } from './aggregate.ts';
import { placedSql } from './events-sql.ts';
import type { Names } from './load/names.ts';
import { valueColumn } from './rows-sql.ts';
import { fromSql, type RowSelection, valueSql, whereSql } from './select-sql.ts';
import type { DepthTables } from './tables.ts';

/** Where a page ends: the last event's time and place. */
export interface FactsPlace {
  readonly instant: number;
  readonly place: bigint;
}

/** Which rows behind a figure are asked for. */
export interface FactsQuestion extends RowSelection {
  readonly metric: StoredMetric;
  /** Of the shop: months of first orders are its. */
  readonly calendar: ZoneCalendar;
  /** Events, or visits, of the page. */
  readonly limit: number;
  /** The page begins after it. @default at the first */
  readonly after?: FactsPlace | undefined;
}

/** One row that counts. */
export interface FactRow {
  readonly time: number;
  readonly type: string;
  readonly eventId: string | null;
  readonly id: string | null;
  readonly orderId: string | null;
  readonly adds: number | null;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** A page of them, and what all pages make. */
export interface FactsPage {
  readonly facts: readonly FactRow[];
  /** Present when there are more. */
  readonly next?: FactsPlace;
  readonly total: { readonly facts: number; readonly value: number | null };
}

/** What a figure is, of all its rows. */
const TOTALS: Readonly<Record<StoredMetric['measure'], (column: string) => string>> = {
  count: (column) => `count(${column})`,
  sum: (column) => `sum(${column})`,
  min: (column) => `min(${column})`,
  max: (column) => `max(${column})`,
  distinct: (column) => `count(DISTINCT ${column})`,
  distribution: () => 'NULL',
  last: () => 'NULL',
};

/**
 * Reads a page of the rows that a metric counts, whole events each, in the order of time; what events tell beside is looked up in
 * the files of the lake.
 */
export async function readFacts(
  { metric, limit, after, ...selection }: FactsQuestion,
  { tables, names, fileOf }: { tables: DepthTables; names: Names; fileOf: FileOf },
  run: RunRows,
): Promise<FactsPage> {
  const table = tables.tableOf(metric.name)!;
  const where = whereSql(selection, names);
  if (where === undefined)
    return { facts: [], total: { facts: 0, value: metric.measure === 'count' ? 0 : null } };
  const column = `r.${valueColumn(metric.name)}`;
  const dimensions = tables.dimensionsOfTable(table);
  const from = `${fromSql(table, dimensions)} WHERE ${where} AND ${column} IS NOT NULL`;
  const [sum] = await run(
    `SELECT CAST(count(*) AS DOUBLE) AS n, CAST(${TOTALS[metric.measure](column)} AS DOUBLE) AS value FROM ${from}`,
  );
  const later = after
    ? ` AND (r.instant > ${after.instant} OR (r.instant = ${after.instant} AND r.place > ${after.place}))`
    : '';
  const wanted = await run(
    `SELECT DISTINCT r.instant, r.place FROM ${from}${later} ORDER BY 1, 2 LIMIT ${limit + 1}`,
  );
  const total = { facts: sum!.n as number, value: sum!.value as number | null };
  const last = wanted[Math.min(limit, wanted.length) - 1];
  if (!last) return { facts: [], total };
  const end = { instant: Number(last.instant), place: last.place as bigint };
  const values = dimensions.map((name, i) => `${valueSql(name, names)} AS d${i}`);
  const adds = metric.measure === 'distinct' ? 'NULL' : `CAST(${column} AS DOUBLE)`;
  const found = await run(
    `SELECT ${['r.instant', 'r.place', 'r.file', `${adds} AS adds`, ...values].join(', ')} FROM ${from}${later}
     AND (r.instant < ${end.instant} OR (r.instant = ${end.instant} AND r.place <= ${end.place})) ORDER BY r.instant, r.place, r.rowid`,
  );
  const events = await lookUp(found, fileOf, run);
  const facts = found.map((row): FactRow => {
    const event = events.get(String(row.place));
    const told = dimensions.map((name, i) => [name, names.valuesOf(name)[Number(row[`d${i}`])]!] as const);
    return {
      time: Number(row.instant),
      type: table.source.from === 'session' ? 'visit' : String(event?.event_type),
      eventId: textOf(event?.event_id),
      id: textOf(event?.identity),
      orderId: textOf(event?.order_id),
      adds: row.adds as number | null,
      dimensions: Object.fromEntries(told),
    };
  });
  return { facts, total, ...(wanted.length > limit ? { next: end } : {}) };
}

type FileOf = (id: number) => { readonly type: string; readonly place: string } | undefined;

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** What the lake tells of events, by place. */
async function lookUp(
  rows: readonly Record<string, unknown>[],
  fileOf: FileOf,
  run: RunRows,
): Promise<Map<string, Record<string, unknown>>> {
  const found = new Map<string, Record<string, unknown>>();
  const placed = rows.flatMap((row) => {
    const file = fileOf(Number(row.file));
    return file ? [{ ...file, id: Number(row.file), at: String(row.place) }] : [];
  });
  for (const [type, own] of Map.groupBy(placed, (row) => row.type)) {
    const lakeType = LAKE_TYPES.get(type)!;
    const hasOrder = lakeType.columns.some(({ name }) => name === 'order_id');
    const files = new Map(own.map((row) => [row.place, row.id]));
    const places = [...new Set(own.map(({ at }) => at))];
    const told = await run(
      `SELECT "place", event_type, event_id, "identity", ${hasOrder ? 'order_id' : 'NULL'} AS order_id
       FROM (${placedSql(lakeType, files)}) WHERE "place" IN (${places.join(', ')})`,
    );
    for (const row of told) found.set(String(row.place), row);
  }
  return found;
}
