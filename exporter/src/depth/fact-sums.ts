import { type FactMetric, SEGMENT_VALUES, type ZoneCalendar } from '@storepulse/contracts';
import { ExporterError } from '../errors.ts';
import { createFactTable } from '../facts/fact-table.ts';
import { type Cohort, cohortsOf } from '../facts/fold-cohorts.ts';
import type { TimeRange } from '../query/buckets.ts';
import type { Steps } from '../work/pacer.ts';
import type { RunRows } from './aggregate.ts';
import { countSql } from './bounds-sql.ts';
import { FACT_TABLES } from './fact-metrics.ts';
import { factSumsSql, segmentSumsSql } from './fact-sums-sql.ts';
import { type Names, SHOP } from './load/names.ts';
import { withMonths } from './months.ts';
import { type DepthFilter, filtersSql, valueSql } from './select-sql.ts';
import { COHORT, SEGMENT } from './tables.ts';

/** What is asked of the histories of customers and orders. */
export interface FactSumsQuestion {
  readonly shop: string;
  /** In order and without holes. */
  readonly buckets: readonly TimeRange[];
  /** All over the same kind of facts. */
  readonly metrics: readonly FactMetric[];
  /** What rows are told apart by. */
  readonly dimensions: readonly string[];
  readonly filters: readonly DepthFilter[];
  /** The group of a row with these values of the dimensions; undefined leaves it out. */
  readonly groupOf: (values: readonly string[]) => string | undefined;
  readonly calendar: ZoneCalendar;
  /** Wall clock, epoch ms. */
  readonly now: number;
  /** Cells, groups × buckets, that an answer may have. */
  readonly maxCells: number;
}

/** What the histories add up to, as the fold over facts does. */
export interface FactSums {
  /** By group, for each bucket one sum per metric. */
  readonly groups: ReadonlyMap<string, number[][]>;
  /** How many rows that was. */
  readonly rows: number;
}

/** Cohorts that are asked for. */
export interface CohortsQuestion {
  readonly shop: string;
  /** Without holes. */
  readonly months: readonly TimeRange[];
  /** How many of them are first months. */
  readonly rows: number;
  /** Months after the first one. */
  readonly columns: number;
  /** On what is known of the first order. */
  readonly filters: readonly DepthFilter[];
}

type Pace = <T>(steps: Steps<T>) => Promise<T>;

/** Rows between two places to rest. */
const ROWS_PER_STEP = 256;

/**
 * Adds the histories of customers, or orders, up by bucket and group.
 * @throws {ExporterError} `too_many_points` when there are more cells than may be
 */
export async function factSums(
  question: FactSumsQuestion,
  names: Names,
  run: RunRows,
  pace: Pace,
): Promise<FactSums> {
  const { shop, buckets, metrics, dimensions, filters, calendar, now, maxCells } = question;
  const table = FACT_TABLES[metrics[0]!.facts]!;
  const told = metrics.map(({ name }) => table.metrics[name]!);
  const id = names.idOf(SHOP, shop);
  if (id === undefined || buckets.length === 0) return { groups: new Map(), rows: 0 };
  const asked = [...dimensions, ...filters.map(({ dimension }) => dimension)];
  const all = asked.includes(COHORT)
    ? await withMonths(names, { shop, calendar, firstOrder: 'r.first_instant' }, run)
    : names;
  const known: Names = {
    ...all,
    valuesOf: (dimension) => (dimension === SEGMENT ? SEGMENT_VALUES : all.valuesOf(dimension)),
  };
  const isOfSegment = ({ dimension }: DepthFilter) => dimension === SEGMENT;
  const where = filtersSql(
    filters.filter((filter) => !isOfSegment(filter)),
    known,
  );
  const ofSegment = filtersSql(filters.filter(isOfSegment), known, () => 'r.segment');
  if (!where || !ofSegment) return { groups: new Map(), rows: 0 };
  const plain = dimensions.filter((name) => name !== SEGMENT);
  const statement = {
    ...{ table, metrics: told, buckets },
    columns: plain.map((name) => valueSql(name, known)),
    where: [`r.shop = ${id}`, ...where],
  };
  const sql = asked.includes(SEGMENT)
    ? segmentSumsSql(statement, { now, ofSegment })
    : factSumsSql(statement);
  /** Where the statement has the value of each dimension. */
  const places = dimensions.map((name) => `g${name === SEGMENT ? plain.length : plain.indexOf(name)}`);
  // What goes is told beside what comes, and what was before the first bucket beside it.
  const most = 3 * maxCells;
  const found = await run(`${sql} LIMIT ${most + 1}`);
  if (found.length > most) throw tooManyCells(maxCells);
  const sums = createFactTable(buckets.length, metrics.length, maxCells);
  let rows = 0;
  await pace(
    (function* (): Steps<void> {
      for (const [i, row] of found.entries()) {
        if (i % ROWS_PER_STEP === 0) yield;
        rows += row.n as number;
        const values = dimensions.map((name, d) => known.valuesOf(name)[Number(row[places[d]!])]!);
        const group = question.groupOf(values);
        if (group === undefined) continue;
        const bucket = Number(row.bucket);
        const valuesOf = (isToDate: boolean) =>
          told.map(({ kind }, m) => ((kind === 'to-date') === isToDate ? (row[`m${m}`] as number) : 0));
        sums.add(group, Math.max(0, bucket), buckets.length, valuesOf(true));
        if (bucket >= 0) sums.add(group, bucket, bucket + 1, valuesOf(false));
      }
    })(),
  );
  return { groups: await pace(sums.sums()), rows };
}

/** Counts, for each first month, in how many customers ordered in that month and in those after it, as `foldCohorts` does. */
export async function countCohorts(
  { shop, months, rows, columns, filters }: CohortsQuestion,
  names: Names,
  run: RunRows,
): Promise<{ cohorts: Cohort[]; rows: number }> {
  const cohorts = cohortsOf(rows, columns);
  const id = names.idOf(SHOP, shop);
  const where = filtersSql(filters, names);
  if (id === undefined || where === undefined || rows === 0) return { cohorts, rows: 0 };
  const starts = months.map(({ from }) => from);
  // Each month is worked out once, as a small number: told in the condition too, it takes 1.6 times the CPU.
  const monthOf = (time: string) => `CAST(${countSql(time, starts)} AS USMALLINT)`;
  // The first order of a month counts a customer: none need be told from another.
  const found = await run(`
    SELECT first, month, CAST(count(*) AS DOUBLE) AS n FROM (
      SELECT ${monthOf('r.first_instant')} AS first, ${monthOf('r.instant')} AS month,
        CASE WHEN r.previous_order IS NULL THEN 0 ELSE ${monthOf('r.previous_order')} END AS before
      FROM purchases AS r
      WHERE ${[
        ...[`r.shop = ${id}`, 'r.is_order'],
        `r.first_instant >= ${starts[0]} AND r.first_instant < ${months[rows - 1]!.to}`,
        `r.instant < ${months.at(-1)!.to}`,
        ...where,
      ].join(' AND ')}
    ) WHERE before < month AND month <= first + ${columns} GROUP BY first, month`);
  let counted = 0;
  for (const { first, month, n } of found) {
    cohorts[Number(first) - 1]!.ordered[Number(month) - Number(first)] = n as number;
    counted += n as number;
  }
  return { cohorts, rows: counted };
}

const tooManyCells = (most: number) =>
  new ExporterError(
    'too_many_points',
    `the answer would be made of more than ${most} cells: filter more, split by fewer dimensions, or choose a longer interval or a shorter range`,
  );
