import type { EventRegistry } from '../events/index.ts';
import {
  checkExpression,
  type Expr,
  ExpressionError,
  type ExprType,
  type Scope,
} from '../expressions/index.ts';
import { aggregators, type MeasureKind } from '../measures/index.ts';
import { CatalogError } from './catalog-error.ts';
import type { DimensionSpec, PartMetric, SourceSpec, StoredMetric, Unit } from './model.ts';
import { rowsOfSource } from './source-rows.ts';

/** Refuses dimensions that there are none of. @throws {CatalogError} */
export function checkDimensions(metric: PartMetric, dimensions: ReadonlyMap<string, DimensionSpec>): void {
  for (const name of metric.dimensions) {
    if (!dimensions.has(name))
      throw new CatalogError(`metric ${metric.name} names the unknown dimension ${name}`);
  }
}

/** Refuses a stored metric that contradicts itself or its source. @throws {CatalogError} */
export function checkStored(
  metric: StoredMetric,
  dimensions: ReadonlyMap<string, DimensionSpec>,
  events: EventRegistry,
): void {
  checkDimensions(metric, dimensions);
  for (const name of metric.dimensions) {
    if (!(name in metric.source.dimensions))
      throw new CatalogError(
        `metric ${metric.name}: rows of ${metric.source.name} have no dimension ${name}`,
      );
  }
  if (metric.source.from === 'session' && !aggregators[metric.measure].remove) {
    throw new CatalogError(
      `metric ${metric.name}: visits move between windows, and a value can't be taken back from ${metric.measure}`,
    );
  }
  if (metric.measure !== 'count' && metric.of === undefined)
    throw new CatalogError(`metric ${metric.name}: ${metric.measure} needs "of"`);
  checkUnit(metric);
  checkCounted(metric, events);
}

/** Refuses a source whose rows or dimensions can't be read from its events. @throws {CatalogError} */
export function checkSource(source: SourceSpec, events: EventRegistry): void {
  const at = ['source', source.name];
  const kinds = attempt([...at, 'rows'], () => rowsOfSource(source, events));
  for (const { where, scope, over } of kinds) {
    if (where !== undefined) expect(where, scope, ['boolean'], [...at, 'rows', 'where']);
    for (const [name, told] of Object.entries(source.dimensions))
      expect(over(told), scope, ['text', 'null'], [...at, 'dimensions', name]);
  }
}

const NUMBERS = ['integer', 'number', 'null'];
/** What each measure takes; sums are exact, so they take whole numbers. */
const TAKES: Readonly<Record<MeasureKind, readonly string[]>> = {
  count: [...NUMBERS, 'text', 'boolean'],
  sum: ['integer', 'null'],
  min: NUMBERS,
  max: NUMBERS,
  distinct: ['text', 'integer', 'null'],
  distribution: NUMBERS,
  last: NUMBERS,
};

function checkCounted({ name, source, measure, where, of }: StoredMetric, events: EventRegistry): void {
  for (const { scope, over } of attempt(['source', source.name, 'rows'], () =>
    rowsOfSource(source, events),
  )) {
    if (where !== undefined) expect(over(where), scope, ['boolean'], ['metric', name, 'where']);
    if (of !== undefined) expect(over(of), scope, TAKES[measure], ['metric', name, 'of']);
  }
}

function expect(expr: Expr, scope: Scope, types: readonly string[], at: readonly string[]): void {
  const { type } = attempt<ExprType>(at, () => checkExpression(expr, scope));
  if (types.includes(type)) return;
  const wanted = types.filter((each) => each !== 'null').join(' or ');
  throw new CatalogError(`${told(at)}: must be ${wanted}, not ${type}`, at);
}

function attempt<T>(at: readonly string[], check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const place = [...at, ...(error.path ? error.path.split('/') : [])];
    throw new CatalogError(`${told(place)}: ${error.message}`, place);
  }
}

/** `metric express_orders: of/add/0` */
const told = ([kind, name, ...within]: readonly string[]): string => `${kind} ${name}: ${within.join('/')}`;

/** Units that a measure can have; a measure without an entry can have any. */
const UNITS_OF: Partial<Record<MeasureKind, readonly Unit[]>> = {
  count: ['count'],
  distinct: ['count'],
  // Shares are not added up: declare the ratio of two sums.
  sum: ['money', 'count', 'milliseconds'],
};

function checkUnit({ name, measure, unit, signed }: StoredMetric): void {
  const allowed = UNITS_OF[measure];
  if (allowed && !allowed.includes(unit))
    throw new CatalogError(
      `metric ${name}: the unit of a ${measure} is ${allowed.join(', ')}, not ${unit}; declare a quotient with ratio()`,
    );
  if (measure === 'distribution' && signed)
    throw new CatalogError(`metric ${name}: a distribution takes no negative numbers, so it can't be signed`);
}
