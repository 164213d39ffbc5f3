import {
  addTimes,
  aggregators,
  type DistributionState,
  distinctOf,
  type MeasureState,
  type StoredMetric,
  type ZoneCalendar,
} from '@storepulse/contracts';
import { ExporterError } from '../errors.ts';
import type { TimeRange } from '../query/buckets.ts';
import { type Row, zeroStates } from '../query/fold.ts';
import { isOfTime, type Split } from '../query/split.ts';
import type { Steps } from '../work/pacer.ts';
import { type Aggregation, distinctSql, distributionSql, isPlain, plainSql } from './aggregate-sql.ts';
import type { Names } from './load/names.ts';
import { type DepthFilter, fromSql, valueSql, whereSql } from './select-sql.ts';
import { slotsOf } from './slots.ts';
import type { DepthTables } from './tables.ts';

/** What is asked of the rows. */
export interface DepthQuestion {
  readonly shop: string;
  readonly range: TimeRange;
  readonly buckets: readonly TimeRange[];
  readonly metrics: readonly StoredMetric[];
  readonly split: Split;
  readonly filters: readonly DepthFilter[];
  readonly calendar: ZoneCalendar;
  /** Cells, groups × buckets, that an answer may have. */
  readonly maxCells: number;
}

/** What the rows add up to. */
export interface DepthSums {
  /** By group, a row of buckets with the states of the metrics. */
  readonly groups: ReadonlyMap<string, Row>;
  /** How many rows that was. */
  readonly rows: number;
}

/** One statement of SQL for each table that the metrics are counted over, and one for each sketch. */
interface Statement {
  readonly sql: string;
  readonly take: (row: Readonly<Record<string, unknown>>, states: MeasureState[]) => number;
}

/** Runs a query with at most so many rows; one more tells that there are more. */
export type RunRows = (sql: string) => Promise<Record<string, unknown>[]>;

/** Rows between two places to rest. */
const ROWS_PER_STEP = 256;

/**
 * Adds rows up by bucket and group.
 * @throws {ExporterError} `too_many_points` when there are more cells than may be
 */
export async function aggregate(
  question: DepthQuestion,
  { tables, names }: { tables: DepthTables; names: Names },
  run: RunRows,
  pace: <T>(steps: Steps<T>) => Promise<T>,
): Promise<DepthSums> {
  const { buckets, metrics, split, maxCells } = question;
  const slots = await pace(slotsOf(buckets, question.range, split, question.calendar));
  const named = split.dimensions.filter((dimension) => !isOfTime(dimension)).map(({ name }) => name);
  const groups = new Map<string, (MeasureState[] | undefined)[]>();
  let rows = 0;
  const statesAt = (row: Readonly<Record<string, unknown>>): MeasureState[] | undefined => {
    const bucket = Number(row.bucket);
    const values = named.map((name, i) => names.valuesOf(name)[Number(row[`g${i}`])]!);
    const group = split.groupOfAll(values, slots.times[Number(row.moment)]!);
    const ofGroup = groups.get(group) ?? buckets.map(() => undefined);
    groups.set(group, ofGroup);
    ofGroup[bucket] ??= zeroStates(metrics);
    return ofGroup[bucket];
  };
  function* takeAll(statement: Statement, found: readonly Record<string, unknown>[]): Steps<void> {
    let taken = 0;
    for (const row of found) {
      const states = statesAt(row);
      if (states) rows += statement.take(row, states);
      if (++taken % ROWS_PER_STEP === 0) yield;
    }
  }
  const statements = statementsOf(question, { tables, names }, named, slots);
  for (const statement of statements) {
    const found = await run(`${statement.sql} LIMIT ${maxCells + 1}`);
    if (found.length > maxCells) throw tooManyCells(maxCells);
    await pace(takeAll(statement, found));
  }
  return { groups, rows };
}

function statementsOf(
  { shop, range, metrics, filters }: DepthQuestion,
  { tables, names }: { tables: DepthTables; names: Names },
  named: readonly string[],
  slots: { with: string | undefined; join: string; bucket: string; time: string },
): Statement[] {
  const where = whereSql({ shop, range, filters }, names);
  if (where === undefined) return [];
  const keys = {
    names: ['bucket', 'moment', ...named.map((_, i) => `g${i}`)],
    selected: [
      `${slots.bucket} AS bucket`,
      `${slots.time} AS moment`,
      ...named.map((name, i) => `${valueSql(name, names)} AS g${i}`),
    ],
  };
  const asked = [...new Set([...named, ...filters.map(({ dimension }) => dimension)])];
  const byTable = Map.groupBy(metrics, ({ name }) => tables.tableOf(name)!);
  return [...byTable].flatMap(([table, own]): Statement[] => {
    const aggregation: Aggregation = {
      with: slots.with,
      from: `${fromSql(table, asked)}${slots.join} WHERE ${where}`,
      keys,
    };
    const at = (metric: StoredMetric) => metrics.indexOf(metric);
    const plain = own.filter(isPlain);
    const sketches = own.filter((metric) => !isPlain(metric));
    return [
      ...(plain.length === 0 ? [] : [plainStatement(plain, plain.map(at), aggregation)]),
      ...sketches.map((metric) =>
        metric.measure === 'distinct'
          ? distinctStatement(metric, at(metric), aggregation)
          : distributionStatement(metric, at(metric), aggregation),
      ),
    ];
  });
}

function plainStatement(
  metrics: readonly StoredMetric[],
  places: readonly number[],
  aggregation: Aggregation,
): Statement {
  return {
    sql: plainSql(metrics, aggregation),
    take: (row, states) => {
      metrics.forEach(({ measure }, i) => {
        const value = row[`m${i}`];
        if (value !== null) states[places[i]!] = aggregators[measure].decode(value as number);
      });
      return row.n as number;
    },
  };
}

function distinctStatement(metric: StoredMetric, place: number, aggregation: Aggregation): Statement {
  return {
    sql: distinctSql(metric, aggregation),
    take: ({ hashes, ranks }, states) => {
      const few = (hashes as { items: bigint[] } | null)?.items;
      const many = (ranks as { items: number[] } | null)?.items ?? [];
      states[place] = distinctOf(
        few,
        many.map((packed) => [packed >> 6, packed & 63] as const),
      );
      return few?.length ?? many.length;
    },
  };
}

function distributionStatement(metric: StoredMetric, place: number, aggregation: Aggregation): Statement {
  return {
    sql: distributionSql(metric, aggregation),
    take: ({ value, n }, states) => {
      states[place] = addTimes(states[place] as DistributionState, value as number, n as number);
      return n as number;
    },
  };
}

const tooManyCells = (most: number) =>
  new ExporterError(
    'too_many_points',
    `the answer would be made of more than ${most} cells: filter more, split by fewer dimensions, or choose a longer interval or a shorter range`,
  );
