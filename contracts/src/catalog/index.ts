import { createHash } from 'node:crypto';
import { aggregators, type MeasureKind } from '../measures/index.ts';
import * as dimensionSpecs from './dimensions.ts';
import { formatExpression, metricsIn } from './expressions.ts';
import { metrics as metricSpecs } from './metrics/index.ts';
import {
  type DimensionSpec,
  type MetricSpec,
  type PartMetric,
  percentOf,
  type QuantileMetric,
  type StoredMetric,
  type Unit,
} from './model.ts';
import { timeDimensions } from './time-dimensions.ts';

export { dimensionValue } from './dimensions.ts';
export { type Expression, evaluate, formatExpression, metricsIn } from './expressions.ts';
export * from './facts.ts';
export { derived, fact, quantileOf, ratio, stored } from './metrics/declare.ts';
export * from './model.ts';
export * from './session.ts';
export * from './time-dimensions.ts';

/** A checked catalogue: what the parts derive everything from. */
export interface Catalog {
  readonly metrics: ReadonlyMap<string, MetricSpec>;
  readonly dimensions: ReadonlyMap<string, DimensionSpec>;
  /** Stored metrics by group, in declaration order. */
  readonly groups: ReadonlyMap<string, readonly StoredMetric[]>;
  /** A hash per stored metric over what its cells mean; it changes when old cells can't be added to new ones. */
  readonly schemaHashes: ReadonlyMap<string, string>;
  /**
   * The metrics that a metric is computed from, itself when it is stored or over facts: all stored, or all over the
   * same kind of facts.
   */
  partsOf(metric: MetricSpec): readonly PartMetric[];
  /** Dimensions that a metric is kept by: those that all of its parts have. */
  dimensionsOf(metric: MetricSpec): readonly string[];
  /** Dimensions of time that a metric can be split by: all when it is read from windows, none when it is from facts. */
  timeDimensionsOf(metric: MetricSpec): readonly string[];
  /** How the metric is computed from others; undefined for a stored one and one over facts. */
  formulaOf(metric: MetricSpec): string | undefined;
}

/** Thrown for a catalogue that contradicts itself: a mistake in its declarations. */
export class CatalogError extends Error {
  override readonly name = 'CatalogError';
}

const NAME_PATTERN = /^[a-z][a-z0-9_]*$/;

/**
 * Checks declarations and makes them a catalogue.
 * @throws {CatalogError} for a name twice, ill-formed or of a dimension of time, an unknown dimension or metric, parts that are read from
 *   different places, a unit that a measure can't have, a quantile that is none, or a session source with a measure
 *   that can't be taken back.
 */
export function defineCatalog(specs: {
  metrics: readonly MetricSpec[];
  dimensions: readonly DimensionSpec[];
}): Catalog {
  const metrics = byName(specs.metrics, 'metric');
  const dimensions = byName(specs.dimensions, 'dimension');
  for (const name of dimensions.keys())
    if (timeDimensions.has(name))
      throw new CatalogError(`dimension ${name} is one of time, which every window has`);
  const groups = new Map<string, StoredMetric[]>();
  for (const metric of specs.metrics) {
    if (metric.kind === 'fact') checkDimensions(metric, dimensions);
    if (metric.kind !== 'stored') continue;
    checkStored(metric, dimensions);
    groups.set(metric.group, [...(groups.get(metric.group) ?? []), metric]);
  }

  const partsOf = (metric: MetricSpec): PartMetric[] => {
    if (isPart(metric)) return [metric];
    return [...new Set(namesIn(metric))].map((name) => {
      const part = metrics.get(name);
      if (!part || !isPart(part))
        throw new CatalogError(
          `metric ${metric.name} is computed from ${name}, which is itself computed or unknown`,
        );
      return part;
    });
  };
  for (const metric of specs.metrics) {
    const parts = partsOf(metric);
    const [part] = parts;
    if (parts.some((other) => originOf(other) !== originOf(part!)))
      throw new CatalogError(`metric ${metric.name} mixes parts that are read from different places`);
    if (metric.kind === 'quantile') checkQuantile(metric, part!);
  }

  return {
    metrics,
    dimensions,
    groups,
    schemaHashes: new Map([...groups.values()].flat().map((metric) => [metric.name, schemaHash(metric)])),
    partsOf,
    dimensionsOf: (metric) => {
      const [first, ...rest] = partsOf(metric);
      return first!.dimensions.filter((name) => rest.every((part) => part.dimensions.includes(name)));
    },
    timeDimensionsOf: (metric) => (partsOf(metric)[0]!.kind === 'stored' ? [...timeDimensions.keys()] : []),
    formulaOf: (metric) => {
      if (isPart(metric)) return undefined;
      if (metric.kind === 'derived') return formatExpression(metric.expression);
      if (metric.kind === 'quantile') return `${percentOf(metric.quantile)} % quantile of ${metric.of}`;
      return `(${formatExpression(metric.numerator)}) ÷ (${formatExpression(metric.denominator)})`;
    },
  };
}

function isPart(metric: MetricSpec): metric is PartMetric {
  return metric.kind === 'stored' || metric.kind === 'fact';
}

/** What is read for a part: the stored windows, or a kind of facts. */
const originOf = (part: PartMetric): string => (part.kind === 'fact' ? part.facts : 'windows');

function namesIn(metric: Exclude<MetricSpec, PartMetric>): string[] {
  switch (metric.kind) {
    case 'derived':
      return metricsIn(metric.expression);
    case 'ratio':
      return [...metricsIn(metric.numerator), ...metricsIn(metric.denominator)];
    case 'quantile':
      return [metric.of];
  }
}

function byName<T extends { name: string }>(items: readonly T[], what: string): Map<string, T> {
  const map = new Map<string, T>();
  for (const item of items) {
    if (!NAME_PATTERN.test(item.name))
      throw new CatalogError(
        `${what} name "${item.name}" is not made of lower-case letters, digits and underscores`,
      );
    if (map.has(item.name)) throw new CatalogError(`${what} ${item.name} is declared twice`);
    map.set(item.name, item);
  }
  return map;
}

function checkDimensions(metric: PartMetric, dimensions: ReadonlyMap<string, DimensionSpec>): void {
  for (const name of metric.dimensions) {
    if (!dimensions.has(name))
      throw new CatalogError(`metric ${metric.name} names the unknown dimension ${name}`);
  }
}

function checkStored(metric: StoredMetric, dimensions: ReadonlyMap<string, DimensionSpec>): void {
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
  if (metric.measure !== 'count' && !metric.of)
    throw new CatalogError(`metric ${metric.name}: ${metric.measure} needs "of"`);
  checkUnit(metric);
}

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

function checkQuantile({ name, quantile, unit }: QuantileMetric, part: PartMetric): void {
  if (part.measure !== 'distribution')
    throw new CatalogError(`metric ${name} is a quantile of ${part.name}, which is no distribution`);
  if (!(quantile >= 0 && quantile <= 1))
    throw new CatalogError(`metric ${name}: a quantile is a share from 0 to 1, not ${quantile}`);
  if (unit !== part.unit)
    throw new CatalogError(`metric ${name} has the unit ${unit}, and ${part.name} has ${part.unit}`);
}

function schemaHash({ name, group, measure, source, dimensions, revision = 1 }: StoredMetric): string {
  const meaning = [name, group, measure, source.name, [...dimensions].sort(), revision];
  return createHash('sha256').update(JSON.stringify(meaning)).digest('hex').slice(0, 16);
}

/** The catalogue of the product. */
export const catalog: Catalog = defineCatalog({
  metrics: metricSpecs,
  dimensions: Object.values(dimensionSpecs).filter((spec): spec is DimensionSpec => typeof spec === 'object'),
});
