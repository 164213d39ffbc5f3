import {
  type Aggregator,
  aggregators,
  type Catalog,
  type DimensionSpec,
  type KeptField,
  keptFields,
  type MeasureState,
  type SessionState,
  type SourceSpec,
  type StoredMetric,
  type StoreEvent,
  TOTAL_DIMENSION,
} from '@storepulse/contracts';
import type { Generations } from '../store/stored-metrics.ts';
import { type AddRows, compileRows } from './compile-rows.ts';
import type { WindowDelta } from './delta.ts';

/** One metric's place in its group's cells. */
export interface MetricPlan {
  readonly name: string;
  /** Its field in stored partials: the name, or `name@2` and so on once its definition has changed. */
  readonly field: string;
  /** Windows that begin before it (epoch ms) show the generation before. */
  readonly from: number;
  readonly slot: number;
  readonly aggregator: Aggregator<MeasureState>;
}

/** A dimension of a group; index 0 is the total, which has no spec. */
export interface DimensionPlan {
  readonly name: string;
  readonly spec: DimensionSpec | undefined;
}

/** How one metric group is laid out in memory. */
export interface GroupPlan {
  readonly name: string;
  /** All generations of its metrics; of one metric the last is counted, and those before are kept as they are. */
  readonly metrics: readonly MetricPlan[];
  /** By the name of a metric. */
  readonly aggregatorOf: ReadonlyMap<string, Aggregator<MeasureState>>;
  readonly dimensions: readonly DimensionPlan[];
}

/** Adds an event's rows to the window it falls in. */
export type AddEvent = (window: WindowDelta, event: StoreEvent) => void;
/** Adds (1) or takes back (−1) what a visit contributes to the window it began in. */
export type AddSession = (window: WindowDelta, session: SessionState, weight: 1 | -1) => void;

/** The catalogue, made ready for counting. */
export interface Plan {
  /** What happened before it (epoch ms) is not counted, nor any window that begins before it, but for `all`. */
  readonly since: number;
  readonly groups: readonly GroupPlan[];
  readonly groupIndex: ReadonlyMap<string, number>;
  /** By event type; a type without an entry moves no metric. */
  readonly addEvent: ReadonlyMap<string, AddEvent>;
  readonly addSession: AddSession;
  /** Fields that visits keep of their earliest event, beside those of every visit. */
  readonly keptFields: readonly KeptField[];
  /** Whether anything is counted over visits; without, they need not be kept. */
  readonly countsVisits: boolean;
}

/**
 * Compiles a catalogue: for each event type, one function that walks its rows and adds to all cells they touch.
 * @param options.generations of metrics whose definition has changed. @default none has
 * @param options.since @default 0: everything is counted
 */
export function compilePlan(
  catalog: Catalog,
  { generations = new Map(), since = 0 }: { generations?: Generations; since?: number } = {},
): Plan {
  const groups = [...catalog.groups].map(([name, metrics]) => planGroup(name, metrics, catalog, generations));
  const bySource = new Map<SourceSpec, { group: number; metrics: StoredMetric[] }[]>();
  [...catalog.groups.values()].forEach((metrics, group) => {
    for (const metric of metrics) {
      const entries = bySource.get(metric.source) ?? [];
      const entry = entries.find((candidate) => candidate.group === group);
      if (entry) entry.metrics.push(metric);
      else entries.push({ group, metrics: [metric] });
      bySource.set(metric.source, entries);
    }
  });

  const byType = new Map<string, AddRows[]>();
  const forSessions: AddRows[] = [];
  for (const [source, entries] of bySource) {
    for (const { group, metrics } of entries) {
      const add = compileRows(source, group, groups[group]!, metrics, catalog.events);
      if (source.from === 'session') forSessions.push(add);
      else for (const type of source.from) byType.set(type, [...(byType.get(type) ?? []), add]);
    }
  }

  return {
    since,
    groups,
    groupIndex: new Map(groups.map(({ name }, index) => [name, index])),
    addEvent: new Map(
      [...byType].map(([type, adders]) => [
        type,
        (window: WindowDelta, event: StoreEvent) => {
          for (const add of adders) add(window, event, 1);
        },
      ]),
    ),
    keptFields: keptFields([...catalog.groups.values()].flat()),
    countsVisits: forSessions.length > 0,
    addSession: (window, session, weight) => {
      for (const add of forSessions) add(window, session, weight);
    },
  };
}

function planGroup(
  name: string,
  metrics: readonly StoredMetric[],
  catalog: Catalog,
  generations: Generations,
): GroupPlan {
  const names = [...new Set(metrics.flatMap((metric) => metric.dimensions))];
  const all = metrics.flatMap((metric) =>
    visibleGenerations(generations.get(metric.name) ?? [0]).map(({ number, from }) => ({
      name: metric.name,
      field: number === 1 ? metric.name : `${metric.name}@${number}`,
      from,
      aggregator: aggregators[metric.measure],
    })),
  );
  return {
    name,
    metrics: all.map((metric, slot) => ({ ...metric, slot })),
    aggregatorOf: new Map(all.map(({ name, aggregator }) => [name, aggregator])),
    dimensions: [
      { name: TOTAL_DIMENSION, spec: undefined },
      ...names.map((dimension) => ({ name: dimension, spec: catalog.dimensions.get(dimension) })),
    ],
  };
}

/** Generations that some window shows: one that begins at 0 replaces all before it. */
function visibleGenerations(begins: readonly number[]): { number: number; from: number }[] {
  return begins.map((from, index) => ({ number: index + 1, from })).slice(begins.lastIndexOf(0));
}
