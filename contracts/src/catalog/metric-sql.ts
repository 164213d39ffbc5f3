import { type EventRegistry, eventRegistry } from '../events/index.ts';
import { sqlName, sqlText, toSql } from '../expressions/index.ts';
import { type DimensionSpec, OTHER_VALUE, type StoredMetric, UNKNOWN_VALUE } from './model.ts';
import { rowsOfSource } from './source-rows.ts';

/**
 * What JavaScript takes for white space, which no name consists of alone. RE2 has a class for ASCII only, so each is listed.
 */
const WHITE =
  '\\t\\n\\v\\f\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}';

/** A dimension's value in SQL of DuckDB, as `dimensionValue` gives it; undefined: the domain has no form in SQL. */
export function dimensionSql({ domain }: DimensionSpec, told: string): string | undefined {
  const known =
    'values' in domain
      ? `${told} IN (${domain.values.map(sqlText).join(', ')})`
      : domain.longest !== undefined &&
        `length(${told}) <= ${domain.longest} AND NOT regexp_matches(${told}, '\\p{Cc}') AND regexp_matches(${told}, '[^${WHITE}]')`;
  if (!known) return undefined;
  return `CASE WHEN ${told} IS NULL OR ${told} = '' THEN ${sqlText(UNKNOWN_VALUE)} WHEN ${known} THEN ${told} ELSE ${sqlText(OTHER_VALUE)} END`;
}

/**
 * A query of DuckDB for the rows that a metric counts: `shop`, `time` (epoch ms), a column for each dimension that is asked
 * for, and `value`. What the stream counts of the same events is these values, added up as the measure says.
 * @param options.table the events, or visits, with a column for each field; `type` tells events apart. Lists are lists of
 * structs, and `steps` of a visit is a struct of lists. @default `events`, or `visits`
 * @param options.dimensions by which it is split. @default none
 */
export function metricSql(
  { source, where, of = 1 }: StoredMetric,
  {
    table = source.from === 'session' ? 'visits' : 'events',
    dimensions = [],
    events = eventRegistry,
  }: { table?: string; dimensions?: readonly DimensionSpec[]; events?: EventRegistry } = {},
): string {
  const isVisit = source.from === 'session';
  const types = isVisit ? [] : [`"type" IN (${(source.from as readonly string[]).map(sqlText).join(', ')})`];
  const kinds = rowsOfSource(source, events).map(({ where: kindWhere, each, scope, over }) => {
    const inner = [...types, ...(kindWhere === undefined ? [] : [toSql(kindWhere, scope)])];
    const from = `SELECT *${each === undefined ? '' : `, unnest(${sqlName(each)}) AS "row"`} FROM ${table}${whereSql(inner)}`;
    const split = dimensions.map((spec) => {
      const told = source.dimensions[spec.name];
      const value = told === undefined ? 'NULL' : toSql(over(told), scope);
      return `${dimensionSql(spec, value) ?? value} AS ${sqlName(spec.name)}`;
    });
    const value = toSql(over(of), scope);
    const counted = [`${value} IS NOT NULL`, ...(where === undefined ? [] : [toSql(over(where), scope)])];
    const time = sqlName(isVisit ? 'firstTime' : 'eventTime');
    const columns = ['"shop"', `${time} AS "time"`, ...split, `${value} AS "value"`];
    return `SELECT ${columns.join(', ')} FROM (${from})${whereSql(counted)}`;
  });
  return kinds.join('\nUNION ALL\n');
}

const whereSql = (conditions: readonly string[]): string =>
  conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
