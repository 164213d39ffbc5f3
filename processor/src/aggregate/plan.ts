import {
  type Aggregator,
  aggregators,
  type Catalog,
  type DimensionSpec,
  dimensionValue,
  type MeasureKind,
  type MeasureState,
  type MeasureValue,
  type SessionState,
  type SourceSpec,
  type StoredMetric,
  type StoreEvent,
  TOTAL_DIMENSION,
  TOTAL_VALUE,
} from '@storepulse/contracts';
import type { Generations } from '../store/stored-metrics.ts';
import { type Cell, emptyCell, type GroupDelta, isEmpty, type WindowDelta } from './delta.ts';

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
  /** Whether anything is counted over visits; without, they need not be kept. */
  readonly countsVisits: boolean;
}

/** Values of a dimension that are remembered with their place in the domain, to spare the pattern match. */
const DOMAIN_CACHE_SIZE = 50_000;

type Row = unknown;
type Reader = (row: Row, event: unknown) => string | null | undefined;

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
      const add = compileRows(source, group, groups[group]!, metrics);
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

type AddRows = (window: WindowDelta, event: unknown, weight: 1 | -1) => void;

function compileRows(
  source: SourceSpec,
  group: number,
  plan: GroupPlan,
  metrics: readonly StoredMetric[],
): AddRows {
  const slots = metrics.map((metric) => ({
    slot: plan.metrics.findLast(({ name }) => name === metric.name)!.slot,
    measure: metric.measure,
    aggregator: aggregators[metric.measure],
    of: metric.of as ((row: Row, event: unknown) => MeasureValue | null | undefined) | undefined,
  }));
  const dimensions = plan.dimensions.flatMap(({ name, spec }, index) => {
    const used = metrics.flatMap((metric, i) =>
      spec === undefined || metric.dimensions.includes(name) ? [i] : [],
    );
    if (used.length === 0) return [];
    const read = source.dimensions[name] as Reader | undefined;
    return [{ index, used, read: spec && read ? cachedDomain(spec, read) : () => TOTAL_VALUE }];
  });
  const rowsOf = source.rows as ((event: unknown) => readonly Row[]) | undefined;
  const values: (MeasureValue | null | undefined)[] = new Array(slots.length);

  const addRow = (groupDelta: GroupDelta, row: Row, event: unknown, weight: 1 | -1) => {
    let any = false;
    for (let i = 0; i < slots.length; i++) {
      const { of } = slots[i]!;
      const value = of ? of(row, event) : 1;
      values[i] = value;
      any ||= value !== null && value !== undefined;
    }
    if (!any) return;
    for (const { index, used, read } of dimensions) {
      const cell = cellOf(groupDelta[index]!, read(row, event), plan.metrics.length);
      for (const i of used) {
        const value = values[i];
        if (value === null || value === undefined) continue;
        addTo(cell, slots[i]!, value, weight);
      }
    }
  };

  return (window, event, weight) => {
    let groupDelta = window[group];
    if (!groupDelta) {
      groupDelta = plan.dimensions.map(() => new Map());
      window[group] = groupDelta;
    }
    if (!rowsOf) addRow(groupDelta, event, event, weight);
    else for (const row of rowsOf(event)) addRow(groupDelta, row, event, weight);
  };
}

interface Slot {
  readonly slot: number;
  readonly measure: MeasureKind;
  readonly aggregator: Aggregator<MeasureState>;
}

/** Adds a value to its slot of a cell, or takes it back. */
function addTo(cell: Cell, { slot, measure, aggregator }: Slot, value: MeasureValue, weight: 1 | -1): void {
  const state = cell[slot]!;
  const fresh = isEmpty(state);
  // What the aggregators of these do, without the call: an event makes dozens of such additions.
  if (measure === 'count') cell[slot] = (fresh ? 0 : (state as number)) + weight;
  else if (measure === 'sum') cell[slot] = (fresh ? 0 : (state as number)) + weight * (value as number);
  else if (measure === 'min')
    cell[slot] = fresh || (value as number) < (state as number) ? (value as number) : state;
  else if (measure === 'max')
    cell[slot] = fresh || (value as number) > (state as number) ? (value as number) : state;
  else if (weight === 1) cell[slot] = aggregator.add(fresh ? aggregator.zero() : state, value);
  // The catalogue keeps nothing over visits that can't be taken back.
  else cell[slot] = aggregator.remove!(fresh ? aggregator.zero() : state, value);
}

function cellOf(cells: Map<string, Cell>, value: string, slots: number): Cell {
  let cell = cells.get(value);
  if (!cell) {
    cell = emptyCell(slots);
    cells.set(value, cell);
  }
  return cell;
}

function cachedDomain(spec: DimensionSpec, read: Reader): (row: Row, event: unknown) => string {
  const cache = new Map<string, string>();
  return (row, event) => {
    const raw = read(row, event) ?? '';
    let value = cache.get(raw);
    if (value === undefined) {
      value = dimensionValue(spec, raw);
      if (cache.size >= DOMAIN_CACHE_SIZE) cache.clear();
      cache.set(raw, value);
    }
    return value;
  };
}
