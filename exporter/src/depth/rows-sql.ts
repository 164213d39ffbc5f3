import {
  checkExpression,
  dimensionSql,
  type EventRegistry,
  type Expr,
  type Fields,
  rowsOfSource,
  type SourceSpec,
  type StoredMetric,
  scopeOfEvents,
  toSql,
  VISIT_SCOPE,
} from '@storepulse/contracts';
import type { DepthTable } from './tables.ts';

/** The column of a dimension. */
export const dimensionColumn = (name: string): string => `"d_${name}"`;
/** The column of what a metric adds. */
export const valueColumn = (name: string): string => `"v_${name}"`;
/** Of a `distinct` metric: how many leading bits of the hash are zero, less those that name its register. */
export const rankColumn = (name: string): string => `"r_${name}"`;

/**
 * SQL of a number that tells a shop's customer or order from all others: half of an MD5. Of ten million, two would be taken for one with a
 * chance of three in a million. Null where nobody is told.
 */
export const keySql = (id: string): string =>
  `CASE WHEN ${id} IS NOT NULL THEN md5_number_lower(concat_ws('|', "shop_id", ${id})) END`;
/** The customer of an event. */
export const customerSql = keySql('"customerId"');

/** The fields that rows of a source can read. */
export const fieldsOf = ({ from }: SourceSpec, events: EventRegistry): Fields =>
  from === 'session' ? VISIT_SCOPE.fields : scopeOfEvents(from, events).fields;

/** DuckDB's type of what a metric adds. Ids are hashed before they are kept. */
export function valueType(
  { measure, of = 1 }: StoredMetric,
  source: SourceSpec,
  events: EventRegistry,
): string {
  if (measure === 'count') return 'UTINYINT';
  if (measure === 'distinct') return 'UBIGINT';
  const types = rowsOfSource(source, events).map(({ over, scope }) => checkExpression(over(of), scope).type);
  return types.every((type) => type === 'integer') ? 'BIGINT' : 'DOUBLE';
}

/**
 * A query for the rows of a table in some events or visits: `shop_id`, `instant` (epoch ms), `place`, `file`, a text for each dimension, and
 * for each metric what the row adds, null where it does not count.
 * @param relation has a column for each of `fieldsOf`, and `place`, `file`
 * @param lists the lists that these events have: kinds of rows of other lists have none
 */
export function rowsSql(
  { source, dimensions, metrics, hasCustomer }: DepthTable,
  events: EventRegistry,
  relation: string,
  lists: ReadonlySet<string>,
): string {
  const isVisit = source.from === 'session';
  const kinds = rowsOfSource(source, events).filter(({ each }) => each === undefined || lists.has(each));
  const selects = kinds.map(({ where, each, scope, over }) => {
    const sql = (expr: Expr) => toSql(over(expr), scope);
    const inner = where === undefined ? '' : ` WHERE ${toSql(where, scope)}`;
    const from = `SELECT *${each === undefined ? '' : `, unnest("${each}") AS "row"`} FROM ${relation}${inner}`;
    const texts = dimensions.map(
      ({ spec, told }) => `${dimensionSql(spec, sql(told))!} AS ${dimensionColumn(spec.name)}`,
    );
    const values = metrics.map(({ name, measure, where: counts, of = 1 }) => {
      const value = measure === 'count' ? '1' : sql(of);
      const isTold = measure === 'count' && of !== 1 ? [`${sql(of)} IS NOT NULL`] : [];
      const conditions = [...isTold, ...(counts === undefined ? [] : [sql(counts)])];
      const counted =
        conditions.length === 0 ? value : `CASE WHEN ${conditions.join(' AND ')} THEN ${value} END`;
      return `${counted} AS ${valueColumn(name)}`;
    });
    const head = isVisit
      ? [
          '"shop" AS "shop_id"',
          '"firstTime" AS "instant"',
          '"session_id"',
          '"lastTime" AS "last_instant"',
          '"settled"',
        ]
      : ['"shop_id"', '"eventTime" AS "instant"', ...(hasCustomer ? [`${customerSql} AS "customer"`] : [])];
    return `SELECT ${[...head, '"place"', '"file"', ...texts, ...values].join(', ')} FROM (${from})`;
  });
  return selects.join(' UNION ALL ');
}
