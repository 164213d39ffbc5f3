import { FATES, INPUT_TOPICS, NARROW_PART, type WindowRef } from '@storepulse/contracts';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Misplaced } from '../aggregate/placement.ts';
import type { Tally } from '../aggregate/tally.ts';
import { createLatencyHistogram } from './latency.ts';

/** The processor's own metrics; `docs/reference/prometheus.md` describes them. */
export type Telemetry = ReturnType<typeof createTelemetry>;

/** What a task is like at the moment. */
export interface TaskState {
  /** Records between the positions and the ends last seen. */
  readonly lag: number;
  /** Age of the record counted last while there is lag, ms. */
  readonly lagMs: number;
  /** By shop, epoch ms. */
  readonly watermarks: Readonly<Record<string, number>>;
  /** Kept in memory. */
  readonly windows: number;
  readonly visits: number;
  readonly eventIds: number;
}

/** Shops that have a series of their own; the others, by id, have none. */
const MAX_SHOPS = 100;

/** Values that a shop's dimension may have in one task before the shop is over its budget: of a narrow one … */
const NARROW_BUDGET = 5_000;
/** … and of one that is declared wide, such as SKUs. */
const WIDE_BUDGET = 100_000;

/** Builds them in a registry of their own. */
export function createTelemetry() {
  const registry = new Registry();
  const registers = [registry];
  const counter = (name: string, help: string) =>
    new Counter({ name: `storepulse_processor_${name}`, help, registers });
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `storepulse_processor_${name}`, help, registers });
  const seconds = (name: string, help: string) =>
    new Histogram({
      name: `storepulse_processor_${name}`,
      help,
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });

  const fates = new Counter({
    name: 'storepulse_processor_records_total',
    help: 'Records committed, by fate',
    labelNames: ['fate'],
    registers,
  });
  // Known zeros: without them the first one of a kind is no increase.
  for (const fate of FATES) fates.inc({ fate }, 0);
  const lettersCut = new Counter({
    name: 'storepulse_processor_dead_letters_cut_total',
    help: 'Dead letters that the topic dead-letter did not take whole, by what of them is kept',
    labelNames: ['kept'],
    registers,
  });
  for (const kept of ['beginning', 'nothing'] as const) lettersCut.inc({ kept }, 0);
  const misplaced = new Counter({
    name: 'storepulse_processor_misplaced_records_total',
    help: 'Records on another partition than that of their key, by topic',
    labelNames: ['topic'],
    registers,
  });
  for (const topic of INPUT_TOPICS) misplaced.inc({ topic }, 0);
  const late = counter('late_events_total', 'Events counted although they came after the allowed lateness');
  const asTold = counter(
    'returns_as_told_total',
    'Lines taken back without a discount, of orders that their task has not counted: counted with their full price',
  );
  const erased = counter('erased_customers_total', 'Customers whose erasure was committed');
  const latency = createLatencyHistogram(
    'storepulse_processor_latency_seconds',
    'Time from the record to the commit that counts it',
    registry,
  );
  const partials = counter('partials_written_total', 'Windows of one task written by commits');
  const lag = gauge('lag_records', 'Records not yet read, of owned partitions');
  const lagSeconds = gauge('lag_seconds', 'Age of the record counted last while there is lag');
  const tasks = gauge('tasks', 'Tasks owned and claimed');
  const windows = gauge('windows_in_memory', 'Windows of its tasks that are kept in memory');
  const visits = gauge('visits_in_memory', 'Visits of its tasks that are kept in memory');
  const eventIds = gauge('event_ids_in_memory', 'Event ids of its tasks that are kept in memory');
  const watermarks = new Gauge({
    name: 'storepulse_processor_watermark_timestamp_seconds',
    help: 'Event time that the owned tasks have reached, the least of them',
    labelNames: ['shop'],
    registers,
  });

  const overBudget = new Gauge({
    name: 'storepulse_processor_values_over_budget',
    help: 'About how many values a dimension has in one task, of shops that have more than their budget',
    labelNames: ['shop', 'group', 'dimension'],
    registers,
  });
  const named = new Set<string>();

  return {
    registry,
    claims: counter('claims_total', 'Tasks claimed'),
    retries: counter('transaction_retries_total', 'Transactions tried again after a passing fault'),
    fenced: counter('fenced_total', 'Tasks lost to another owner'),
    conflicts: counter(
      'conflicts_total',
      'Tasks whose memory was dropped since another task had stored what they were about to store',
    ),
    failures: counter('task_failures_total', 'Tasks whose memory was dropped by an unexpected error'),
    /** Counts dead letters of which the topic took the beginning of their value alone, or nothing. */
    noteCutLetters: (kept: 'beginning' | 'nothing', letters: number) => lettersCut.inc({ kept }, letters),
    recordsLost: counter(
      'records_lost_total',
      'Records that were in the log and can not be read any more: figures lack them',
    ),
    recordsCutOff: counter(
      'records_cut_off_total',
      'Counted records that the log does not hold any more: it was cut off, or its topic was made anew',
    ),
    /** Counts records on another partition than that of their key. */
    noteMisplaced: (found: Misplaced) => {
      for (const [topic, records] of found) misplaced.inc({ topic }, records);
    },
    unavailable: gauge(
      'partitions_unavailable',
      'Partitions of its tasks whose leader can not be asked, or that have none',
    ),
    clockAhead: gauge(
      'clock_ahead_seconds',
      'How far the clock of its host is ahead of that of MongoDB’s primary; negative: behind',
    ),
    openWindows: gauge('open_windows', 'Windows that are not final, told by whoever looks after that'),
    merged: counter('windows_merged_total', 'Windows merged and published'),
    mergeSeconds: seconds('merge_seconds', 'Time of merging and publishing up to 500 windows'),
    mergeLag: gauge(
      'merge_lag_notices',
      'Notices of changed windows that are not merged, of owned partitions',
    ),
    furtherWaiting: gauge(
      'further_windows_waiting',
      'Changed further documents of windows that are merged in time that is left, of owned partitions',
    ),
    tooLarge: counter(
      'windows_too_large_total',
      'Windows that the topic metrics did not take for their size',
    ),
    commitsTooLarge: counter(
      'commits_too_large_total',
      'Commits that hit a limit of MongoDB, after which smaller ones were made',
    ),
    badNotices: counter('bad_notices_total', 'Records on metric-changes that name no window'),
    commitSeconds: seconds('commit_seconds', 'Time from gathering a commit to its announcement'),
    /** Names a shop whose dimension, in its lifetime, has grown beyond the budget. */
    noteSpread: ({ shop, group, part }: WindowRef, dimension: string, values: number) => {
      if (values <= (part === NARROW_PART ? NARROW_BUDGET : WIDE_BUDGET)) return;
      const series = `${shop}|${group}|${dimension}`;
      if (named.size >= MAX_SHOPS && !named.has(series)) return;
      named.add(series);
      overBudget.set({ shop, group, dimension }, values);
    },
    /** Counts what a commit has counted and how many windows it wrote; `now` in epoch ms. */
    noteCommit: (tally: Tally, written: number, now: number) => {
      for (const [fate, n] of Object.entries(tally.fates)) fates.inc({ fate }, n);
      late.inc(tally.late);
      asTold.inc(tally.asTold);
      erased.inc([...tally.people.values()].filter(({ erasedAt }) => erasedAt !== undefined).length);
      latency.observe(tally.sentAt, now);
      partials.inc(written);
    },
    /** Shows the tasks as they are. */
    noteTasks: (states: readonly TaskState[]) => {
      const sum = (of: (state: TaskState) => number) => states.reduce((total, state) => total + of(state), 0);
      tasks.set(states.length);
      lag.set(sum((state) => state.lag));
      lagSeconds.set(Math.max(0, ...states.map((state) => state.lagMs)) / 1_000);
      windows.set(sum((state) => state.windows));
      visits.set(sum((state) => state.visits));
      eventIds.set(sum((state) => state.eventIds));
      watermarks.reset();
      for (const [shop, reached] of leastWatermarks(states)) watermarks.set({ shop }, reached / 1_000);
    },
  };
}

function leastWatermarks(states: readonly TaskState[]): (readonly [string, number])[] {
  const least = new Map<string, number>();
  for (const [shop, reached] of states.flatMap((state) => Object.entries(state.watermarks)))
    least.set(shop, Math.min(least.get(shop) ?? reached, reached));
  return [...least].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, MAX_SHOPS);
}
