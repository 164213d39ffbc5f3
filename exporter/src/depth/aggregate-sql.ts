import { DISTINCT_EXACT_LIMIT, DISTINCT_REGISTER_BITS, type StoredMetric } from '@storepulse/contracts';
import { rankColumn, valueColumn } from './rows-sql.ts';

/** Columns that groups are told by: bucket, slot of time, and the dimensions `g0` …. */
export interface Keys {
  readonly names: readonly string[];
  /** As `expression AS name`. */
  readonly selected: readonly string[];
}

/** What a query adds up: rows, grouped. */
export interface Aggregation {
  /** `WITH …` of what `from` reads, without the word; undefined: nothing. */
  readonly with: string | undefined;
  /** Behind FROM, with its condition. */
  readonly from: string;
  readonly keys: Keys;
}

const withSql = (parts: readonly (string | undefined)[]): string => {
  const told = parts.filter((part) => part !== undefined);
  return told.length === 0 ? '' : `WITH ${told.join(', ')} `;
};

const PLAIN: Partial<Record<StoredMetric['measure'], string>> = {
  count: 'count',
  sum: 'sum',
  min: 'min',
  max: 'max',
};

/** Whether a measure is one number of each group. */
export const isPlain = ({ measure }: StoredMetric): boolean => PLAIN[measure] !== undefined;

/** The plain measures of some metrics, as `m0` …, and how many rows there are, as `n`. */
export function plainSql(
  metrics: readonly StoredMetric[],
  { with: before, from, keys }: Aggregation,
): string {
  const values = metrics.map((metric, i) => {
    const sum = `${PLAIN[metric.measure]}(r.${valueColumn(metric.name)})`;
    return `CAST(${sum} AS DOUBLE) AS m${i}`;
  });
  const selected = [...keys.selected, 'CAST(count(*) AS DOUBLE) AS n', ...values];
  return `${withSql([before])}SELECT ${selected.join(', ')} FROM ${from} GROUP BY ALL`;
}

/** Ids of a `distinct` metric: `hashes` where they are few, else `ranks`: 64 × register + the greatest rank. */
export function distinctSql(metric: StoredMetric, { with: before, from, keys }: Aggregation): string {
  const column = `r.${valueColumn(metric.name)}`;
  const names = keys.names.join(', ');
  const all = `ids AS (SELECT ${keys.selected.join(', ')}, ${column} AS h, any_value(r.${rankColumn(metric.name)}) AS k FROM ${from} AND ${column} IS NOT NULL GROUP BY ALL)`;
  const exact = `few AS (SELECT ${names}, count(*) AS n, CASE WHEN count(*) <= ${DISTINCT_EXACT_LIMIT} THEN list(h) END AS hashes FROM ids GROUP BY ALL)`;
  const many = `registers AS (SELECT ${names}, h >> ${64 - DISTINCT_REGISTER_BITS} AS register, max(k) AS k FROM ids GROUP BY ALL), many AS (SELECT ${names}, list(register::INTEGER * 64 + k::INTEGER) AS ranks FROM registers GROUP BY ALL)`;
  return `${withSql([before, all, exact, many])}SELECT ${keys.names.map((name) => `few.${name}`).join(', ')}, few.hashes, CASE WHEN few.hashes IS NULL THEN many.ranks END AS ranks FROM few JOIN many USING (${names})`;
}

/** Values of a `distribution` metric: each `value` and how often it is there, as `n`. */
export function distributionSql(metric: StoredMetric, { with: before, from, keys }: Aggregation): string {
  const column = `r.${valueColumn(metric.name)}`;
  return `${withSql([before])}SELECT ${[...keys.selected, `CAST(${column} AS DOUBLE) AS value`, 'CAST(count(*) AS DOUBLE) AS n'].join(', ')} FROM ${from} AND ${column} IS NOT NULL GROUP BY ALL`;
}
