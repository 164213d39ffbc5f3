import type { EventRegistry } from '@storepulse/contracts';
import {
  type Aggregator,
  aggregators,
  createGenerator,
  type DimensionSpec,
  dimensionValue,
  type Generator,
  type MeasureState,
  type MeasureValue,
  makeFunction,
  rowsOfSource,
  type SourceRows,
  type SourceSpec,
  type StoredMetric,
  TOTAL_VALUE,
} from '@storepulse/contracts';
import { emptyCell, isEmpty, type WindowDelta } from './delta.ts';
import type { GroupPlan } from './plan.ts';

/** Values of a dimension that are remembered with their place in the domain, to spare the pattern match. */
const DOMAIN_CACHE_SIZE = 50_000;

/** Adds an event's or a visit's rows to a window, or takes them back. */
export type AddRows = (window: WindowDelta, event: unknown, weight: 1 | -1) => void;

/** A dimension of the group, and which of the metrics it is kept for. */
interface Split {
  readonly index: number;
  readonly spec: DimensionSpec | undefined;
  readonly metrics: readonly StoredMetric[];
}

/**
 * Compiles what one source adds to one group: straight-line code that walks its rows and adds to all cells they touch.
 * Nothing in it is looked up by name or kind when an event is counted.
 * @param group the group's place in a window
 * @param metrics those of the group that count this source
 */
export function compileRows(
  source: SourceSpec,
  group: number,
  plan: GroupPlan,
  metrics: readonly StoredMetric[],
  events: EventRegistry,
): AddRows {
  const splits = plan.dimensions.flatMap(({ name, spec }, index): Split[] => {
    const its = metrics.filter((metric) => spec === undefined || metric.dimensions.includes(name));
    return its.length === 0 ? [] : [{ index, spec, metrics: its }];
  });
  const lines = [
    `let cells = window[${group}];`,
    `if (cells === undefined) window[${group}] = cells = newGroup();`,
    ...splits.map(({ index }) => `const cells${index} = cells[${index}];`),
    ...rowsOfSource(source, events).flatMap((kind) => ['{', ...linesOfKind(kind), '}']),
  ];
  const given = {
    ...{
      newGroup: () => plan.dimensions.map(() => new Map()),
      newCell: () => emptyCell(plan.metrics.length),
    },
    ...{ aggregators, changed },
    ...Object.fromEntries(
      splits.flatMap(({ index, spec }) => (spec ? [[`value${index}`, cachedDomain(spec)]] : [])),
    ),
  };
  return makeFunction(['window', 'event', 'weight'], lines, given) as AddRows;

  function linesOfKind(kind: SourceRows): string[] {
    const generator = createGenerator(kind.scope);
    const condition = kind.where === undefined ? undefined : generator.value(kind.where);
    const before = [...generator.lines];
    const rows = createGenerator(kind.scope);
    addRow(rows, kind);
    const list = kind.each && `event[${JSON.stringify(kind.each)}] ?? []`;
    const counted = list ? [`for (const row of ${list}) {`, ...rows.lines, '}'] : rows.lines;
    return condition ? [...before, `if (${condition.code} === true) {`, ...counted, '}'] : [...counted];
  }

  /** Writes what one row adds. */
  function addRow(code: Generator, { over }: SourceRows): void {
    const values = new Map(
      metrics.map((metric) => {
        const of = code.value(over(metric.of ?? 1));
        const where = metric.where === undefined ? undefined : code.value(over(metric.where));
        const counts = [
          ...(of.nullable ? [`${of.code} !== null`] : []),
          ...(where ? [`${where.code} === true`] : []),
        ];
        return [metric, { value: of.code, counts: counts.join(' && ') }];
      }),
    );
    const conditions = [...new Set([...values.values()].map(({ counts }) => counts))];
    // A row that no metric counts must leave no cell.
    const always = conditions.includes('');
    if (!always) code.line(`if (${conditions.map((each) => `(${each})`).join(' || ')}) {`);
    for (const { index, spec, metrics: its } of splits) {
      const told = spec && source.dimensions[spec.name];
      const value = told === undefined ? undefined : code.value(over(told));
      code.line(
        `const at${index} = ${value ? `value${index}(${value.code})` : JSON.stringify(TOTAL_VALUE)};`,
      );
      code.line(`let cell${index} = cells${index}.get(at${index});`);
      code.line(`if (cell${index} === undefined) cells${index}.set(at${index}, (cell${index} = newCell()));`);
      for (const metric of its) {
        const { value: added, counts } = values.get(metric)!;
        const add = addition(metric, `cell${index}[${slotOf(metric)}]`, added);
        code.line(counts ? `if (${counts}) ${add}` : add);
      }
    }
    if (!always) code.line('}');
  }

  function slotOf({ name }: StoredMetric): number {
    return plan.metrics.findLast((metric) => metric.name === name)!.slot;
  }
}

/** Adds a value to its place in a cell, or takes it back. A place is NaN, unlike itself, where nothing was added. */
function addition({ measure }: StoredMetric, place: string, value: string): string {
  const zero = `(${place} === ${place} ? ${place} : 0)`;
  switch (measure) {
    case 'count':
      return `${place} = ${zero} + weight;`;
    case 'sum':
      return `${place} = ${zero} + weight * ${value};`;
    case 'min':
    case 'max':
      return `${place} = ${place} === ${place} ? Math.${measure}(${place}, ${value}) : ${value};`;
    case 'last':
      return `${place} = changed(aggregators.last, ${place}, { time: event.eventTime, id: event.eventId, value: ${value} }, weight);`;
    default:
      return `${place} = changed(aggregators.${measure}, ${place}, ${value}, weight);`;
  }
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

function cachedDomain(spec: DimensionSpec): (told: string | null) => string {
  const cache = new Map<string, string>();
  return (told) => {
    const raw = told ?? '';
    let value = cache.get(raw);
    if (value === undefined) {
      value = dimensionValue(spec, raw);
      if (cache.size >= DOMAIN_CACHE_SIZE) cache.clear();
      cache.set(raw, value);
    }
    return value;
  };
}
