import { UNKNOWN_VALUE } from '@storepulse/contracts';
import type { TimeRange } from '../query/buckets.ts';
import type { Keeps } from '../query/filters.ts';
import { type Names, SHOP } from './load/names.ts';
import { dimensionColumn } from './rows-sql.ts';
import { COHORT, type DepthTable, OF_PRODUCTS } from './tables.ts';

/** A filter on the values of a dimension. */
export interface DepthFilter {
  readonly dimension: string;
  readonly keeps: Keeps;
}

/** Which rows are asked for. */
export interface RowSelection {
  readonly shop: string;
  readonly range: TimeRange;
  readonly filters: readonly DepthFilter[];
}

/** Rows of a table, aliased `r`, and what is joined to them for some dimensions. */
export function fromSql(table: DepthTable, dimensions: readonly string[]): string {
  const products = dimensions.some((name) => OF_PRODUCTS.includes(name))
    ? ` LEFT JOIN products AS p ON p.shop = r.shop AND p.sku = r.${dimensionColumn('sku')}`
    : '';
  const customers = dimensions.includes(COHORT) ? ' LEFT JOIN customers AS c ON c.customer = r.customer' : '';
  return `${table.name} AS r${products}${customers}`;
}

/** SQL of the number of a row's value of a dimension. */
export function valueSql(dimension: string, names: Names): string {
  const told = names.sqlOf?.(dimension);
  if (told !== undefined) return told;
  if (!OF_PRODUCTS.includes(dimension)) return `r.${dimensionColumn(dimension)}`;
  return `coalesce(p.${dimension}, ${names.idOf(dimension, UNKNOWN_VALUE) ?? 0})`;
}

/**
 * SQL of the condition that a selection is; undefined: it can't hold of any row. Filters look at the values that there are, so patterns mean
 * what they mean over cells.
 */
export function whereSql({ shop, range, filters }: RowSelection, names: Names): string | undefined {
  const id = names.idOf(SHOP, shop);
  if (id === undefined) return undefined;
  const conditions = ['r.counts', `r.shop = ${id}`];
  if (range.from > 0) conditions.push(`r.instant >= ${range.from}`);
  if (Number.isFinite(range.to)) conditions.push(`r.instant < ${range.to}`);
  const kept = filtersSql(filters, names);
  return kept && [...conditions, ...kept].join(' AND ');
}

/**
 * SQL of the conditions that filters are; undefined: they can't hold of any row.
 * @param columnOf SQL of the number of a row's value. @default valueSql
 */
export function filtersSql(
  filters: readonly DepthFilter[],
  names: Names,
  columnOf: (dimension: string) => string = (dimension) => valueSql(dimension, names),
): string[] | undefined {
  const conditions: string[] = [];
  for (const { dimension, keeps } of filters) {
    const values = names.valuesOf(dimension);
    const kept: number[] = [];
    const left: number[] = [];
    values.forEach((value, at) => {
      (keeps(value) ? kept : left).push(at);
    });
    const column = columnOf(dimension);
    if (left.length === 0) continue;
    if (kept.length === 0) return undefined;
    conditions.push(
      kept.length <= left.length
        ? `${column} IN (${kept.join(', ')})`
        : `${column} NOT IN (${left.join(', ')})`,
    );
  }
  return conditions;
}
