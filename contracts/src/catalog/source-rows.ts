import { type EventRegistry, eventRegistry } from '../events/index.ts';
import {
  type Expr,
  type ExprValue,
  elementScope,
  evaluateExpression,
  inlineRow,
  ownFields,
  type Scope,
  scopeOfEvents,
  VISIT_SCOPE,
} from '../expressions/index.ts';
import type { SourceSpec, StoredMetric } from './model.ts';
import type { KeptField } from './session.ts';

/** One kind of rows of a source, with its computed fields put in their place. */
export interface SourceRows {
  /** Only events where it is true have these rows. @default all */
  readonly where?: Expr;
  /** The list of the event whose elements they are. @default the event itself is the one row */
  readonly each?: string;
  /** What expressions over these rows can read. */
  readonly scope: Scope;
  /** An expression of a metric or dimension, as it reads these rows. */
  readonly over: (expr: Expr) => Expr;
}

/**
 * The kinds of rows that a source has.
 * @throws {ExpressionError} when it takes rows of a list that its events do not have
 */
export function rowsOfSource(
  source: SourceSpec,
  events: EventRegistry = eventRegistry,
): readonly SourceRows[] {
  const scope = source.from === 'session' ? VISIT_SCOPE : scopeOfEvents(source.from, events);
  return (source.rows ?? [{}]).map(({ where, each, fields }) => {
    const rows = each === undefined ? scope : elementScope(each, scope);
    return {
      ...(where === undefined ? {} : { where }),
      ...(each === undefined ? {} : { each }),
      // A row of computed fields alone reads nothing but them.
      scope: fields && !each ? { ...rows, row: {} } : rows,
      over: (expr) => (fields ? inlineRow(expr, fields) : expr),
    };
  });
}

/** A row that a metric counts. */
export interface CountedRow {
  /** What it adds; 1 to a count without a value. */
  readonly value: Exclude<ExprValue, null>;
  /** What it tells of a dimension, not yet matched with the domain. */
  readonly tells: (dimension: string) => string | null;
}

/**
 * The rows of an event or visit that a metric counts, as the definitions read. The processor runs code that is compiled from
 * them instead.
 */
export function* countedRows(
  { source, where = true, of = 1 }: StoredMetric,
  event: unknown,
  events: EventRegistry = eventRegistry,
): Generator<CountedRow> {
  for (const kind of rowsOfSource(source, events)) {
    if (kind.where !== undefined && evaluateExpression(kind.where, { event }) !== true) continue;
    const rows = kind.each === undefined ? [undefined] : (event as Record<string, unknown[]>)[kind.each];
    for (const row of rows ?? []) {
      const read = (expr: Expr) => evaluateExpression(kind.over(expr), { event, row });
      const value = read(of);
      if (value === null || read(where) !== true) continue;
      yield {
        value,
        tells: (name) => {
          const told = source.dimensions[name];
          return told === undefined ? null : (read(told) as string | null);
        },
      };
    }
  }
}

/**
 * Fields of events that visits must keep, since something counted over them reads these: all that are given a type of their
 * own, of the visit's earliest event.
 */
export function keptFields(metrics: readonly StoredMetric[]): KeptField[] {
  const read = metrics
    .filter(({ source }) => source.from === 'session')
    .flatMap(({ source, where, of, dimensions }) => [
      ...[where, of].filter((expr) => expr !== undefined),
      ...dimensions.map((name) => source.dimensions[name]!),
    ])
    .flatMap(ownFields);
  const byPath = new Map(read.map(({ field, type }) => [field, { path: field.split('.'), type }]));
  return [...byPath].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, kept]) => kept);
}
