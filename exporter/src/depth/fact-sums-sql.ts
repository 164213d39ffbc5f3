import { SEGMENT_AGES, SEGMENT_VALUES, segmentOf } from '@storepulse/contracts';
import type { TimeRange } from '../query/buckets.ts';
import { countSql } from './bounds-sql.ts';
import type { FactSql, FactTable } from './fact-metrics.ts';

/** A statement to make. */
export interface FactStatement {
  readonly table: FactTable;
  readonly metrics: readonly FactSql[];
  /** In order and without holes. */
  readonly buckets: readonly TimeRange[];
  /** SQL of the number of a row's value, by dimension that groups or filters go by, without `segment`. */
  readonly columns: readonly string[];
  /** Conditions on rows. */
  readonly where: readonly string[];
}

/**
 * SQL that adds facts up: `bucket` (−1: before the first), `n` rows, `g0` … and `m0` …, what each metric adds in the bucket; what is told to
 * date adds up from bucket to bucket.
 */
export function factSumsSql({ table, metrics, buckets, columns, where }: FactStatement): string {
  const starts = buckets.map(({ from }) => from);
  const bucketOf = (time: string) => `${countSql(time, starts)} - 1`;
  // The first order of a bucket counts a customer.
  const counts = `r.is_order AND (r.previous_order IS NULL OR ${countSql('r.previous_order', starts)} < ${countSql('r.instant', starts)})`;
  // Only what is told to date needs what was before the first bucket.
  const isToDate = metrics.some(({ kind }) => kind === 'to-date');
  const within = isToDate ? endsBefore(buckets) : [`r.instant >= ${starts[0]}`, ...endsBefore(buckets)];
  const adds = (metric: FactSql): string => {
    if (metric.kind !== 'ordering') return `sum(${metric.adds})`;
    const isOf = {
      all: '',
      new: ' AND r.previous_order IS NULL',
      returning: ' AND r.previous_order IS NOT NULL',
    };
    return `count(*) FILTER (${counts}${isOf[metric.of]})`;
  };
  return `SELECT ${[
    `${bucketOf('r.instant')} AS bucket`,
    ...columns.map((column, i) => `${column} AS g${i}`),
    'CAST(count(*) AS DOUBLE) AS n',
    ...metrics.map((metric, i) => `CAST(${adds(metric)} AS DOUBLE) AS m${i}`),
  ].join(', ')} FROM ${table.from} WHERE ${[...where, ...within].join(' AND ')} GROUP BY ALL`;
}

/**
 * The same split by `segment`, as the column behind those of `columns`. A customer's segment changes with every order and with time: what
 * an order, edit or refund leaves a customer as is cut where the segment changes, and told as what comes and what goes.
 * @param now wall clock, epoch ms: what goes on is judged at it
 * @param ofSegment conditions on `segment`
 */
export function segmentSumsSql(
  { table, metrics, buckets, columns, where }: FactStatement,
  { now, ofSegment }: { now: number; ofSegment: readonly string[] },
): string {
  const ends = buckets.map(({ to }) => to).filter(Number.isFinite);
  const judged = buckets.map(({ to }) => Math.min(to, now));
  const begin = buckets[0]!.from;
  const keys = columns.map((_, i) => `g${i}`);
  /** The bucket that an instant is in, where it is not before the first one. */
  const isIn = (time: string) => `(${time} >= ${begin} AND ${countSql(time, ends)} = i0)`;
  const states = `states AS (SELECT ${[
    ...columns.map((column, i) => `${column} AS g${i}`),
    'r.nth',
    'r.net_sales',
    'r.last_order',
    'r.first_instant',
    `${countSql('r.instant', ends)} AS i0`,
    `CASE WHEN r.next_instant IS NULL THEN ${buckets.length} ELSE ${countSql('r.next_instant', ends)} END AS i3`,
    ...SEGMENT_AGES.map((age, i) => `${countSql(`(r.last_order + ${age})`, judged)} AS e${i + 1}`),
  ].join(', ')} FROM ${table.from} WHERE ${[
    ...where,
    ...endsBefore(buckets),
    ...ends.slice(0, 1).map((first) => `(r.next_instant IS NULL OR r.next_instant >= ${first})`),
  ].join(' AND ')})`;
  const cut = `cut AS (SELECT *, least(greatest(e1, i0), i3) AS i1, least(greatest(e2, i0), i3) AS i2,
    ${isIn('last_order')} AS ordered, ${isIn('first_instant')} AS is_new FROM states WHERE i0 < i3)`;
  const pieces = [0, 1, 2].map(
    (recency) =>
      `SELECT *, i${recency} AS a, i${recency + 1} AS b, ${segmentSql(recency)} AS segment FROM cut WHERE i${recency} < i${recency + 1}`,
  );
  const kept = `pieces AS MATERIALIZED (SELECT * FROM (${pieces.join(' UNION ALL ')}) AS r${ofSegment.length === 0 ? '' : ` WHERE ${ofSegment.join(' AND ')}`})`;
  const group = [...keys, `segment AS g${keys.length}`];
  const side = (bucket: 'a' | 'b') => {
    const values = metrics.map((metric, i) => {
      const isOf = { all: '', new: ' AND is_new', returning: ' AND NOT is_new' };
      const told =
        metric.kind === 'ordering'
          ? bucket === 'a'
            ? `count(*) FILTER (a = i0 AND ordered${isOf[metric.of]})`
            : '0'
          : `${bucket === 'a' ? '' : '-'}sum(${metric.kind === 'to-date' ? metric.holds : metric.adds})`;
      return `CAST(${told} AS DOUBLE) AS m${i}`;
    });
    const n = `CAST(${bucket === 'a' ? 'count(*)' : '0'} AS DOUBLE) AS n`;
    const until = bucket === 'a' ? '' : ` WHERE b < ${buckets.length}`;
    return `SELECT ${[`${bucket} AS bucket`, ...group, n, ...values].join(', ')} FROM pieces AS r${until} GROUP BY ALL`;
  };
  return `WITH ${[states, cut, kept].join(', ')} SELECT * FROM (${side('a')} UNION ALL ${side('b')})`;
}

const endsBefore = (buckets: readonly TimeRange[]): string[] => {
  const { to } = buckets.at(-1)!;
  return Number.isFinite(to) ? [`r.instant < ${to}`] : [];
};

/** The number of the segment after so many orders, `nth`, and at one of three ages of the last one. */
function segmentSql(recency: number): string {
  const age = [0, ...SEGMENT_AGES][recency]! + (recency === 0 ? 0 : 1);
  const numberOf = (orders: number) => SEGMENT_VALUES.indexOf(segmentOf(orders, 0, age));
  return `CASE WHEN nth = 1 THEN ${numberOf(1)} WHEN nth < ${FREQUENT} THEN ${numberOf(2)} ELSE ${numberOf(FREQUENT)} END`;
}

/** Orders of a customer from which on the segment is that of the most frequent ones. */
const FREQUENT = 5;
