import {
  type Aggregator,
  aggregators,
  type DimensionSpec,
  dimensionValue,
  type MeasureKind,
  type MeasureState,
  type MeasureValue,
  type SourceSpec,
  type StoredMetric,
  TOTAL_VALUE,
} from '@storepulse/contracts';
import { type Cell, emptyCell, type GroupDelta, isEmpty, type WindowDelta } from './delta.ts';
import type { GroupPlan } from './plan.ts';

/** Values of a dimension that are remembered with their place in the domain, to spare the pattern match. */
const DOMAIN_CACHE_SIZE = 50_000;

type Row = unknown;
type Reader = (row: Row, event: unknown) => string | null | undefined;

/** Adds an event's or a visit's rows to a window, or takes them back. */
export type AddRows = (window: WindowDelta, event: unknown, weight: 1 | -1) => void;

/**
 * Compiles what one source adds to one group: a function that walks its rows and adds to all cells they touch.
 * @param group the group's place in a window
 * @param metrics those of the group that count this source
 */
export function compileRows(
  source: SourceSpec,
  group: number,
  plan: GroupPlan,
  metrics: readonly StoredMetric[],
): AddRows {
  const slots = metrics.map((metric) => ({
    slot: plan.metrics.findLast(({ name }) => name === metric.name)!.slot,
    measure: metric.measure,
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
}

const { count, sum, min, max } = aggregators;

/** Adds a value to its slot of a cell, or takes it back. */
function addTo(cell: Cell, { slot, measure }: Slot, value: MeasureValue, weight: 1 | -1): void {
  const state = cell[slot]!;
  // Each by its name: an event makes dozens of such additions, and a call that is always the same one costs nothing.
  if (measure === 'count') cell[slot] = changed(count, state, value, weight);
  else if (measure === 'sum') cell[slot] = changed(sum, state, value, weight);
  else if (measure === 'min') cell[slot] = changed(min, state, value, weight);
  else if (measure === 'max') cell[slot] = changed(max, state, value, weight);
  else cell[slot] = changed(aggregators[measure], state, value, weight);
}

function changed(
  aggregator: Aggregator<MeasureState>,
  state: MeasureState,
  value: MeasureValue,
  weight: 1 | -1,
): MeasureState {
  const before = isEmpty(state) ? aggregator.zero() : state;
  // The catalogue keeps nothing over visits that can't be taken back.
  return weight === 1 ? aggregator.add(before, value) : aggregator.remove!(before, value);
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
