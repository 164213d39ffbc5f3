import { createHash } from 'node:crypto';
import { type EventRegistry, eventRegistry } from '../events/index.ts';
import { CatalogError } from './catalog-error.ts';
import { checkDimensions, checkSource, checkStored } from './check-stored.ts';
import * as dimensionSpecs from './dimensions.ts';
import { formatExpression, metricsIn } from './expressions.ts';
import { formatStored } from './format-stored.ts';
import { metrics as metricSpecs } from './metrics/index.ts';
import {
  type AddedDimension,
  type DimensionSpec,
  type MetricSpec,
  type PartMetric,
  percentOf,
  type QuantileMetric,
  type StoredMetric,
} from './model.ts';
import { splitMetrics } from './split-metrics.ts';
import { timeDimensions } from './time-dimensions.ts';

export { CatalogError } from './catalog-error.ts';
export { type DepthDimension, depthDimensions } from './depth-dimensions.ts';
export { dimensionValue } from './dimensions.ts';
export { type Expression, evaluate, formatExpression, metricsIn } from './expressions.ts';
export * from './facts.ts';
export { dimensionSql, metricSql } from './metric-sql.ts';
export { derived, fact, quantileOf, ratio, stored } from './metrics/declare.ts';
export * from './model.ts';
export * from './session.ts';
export * from './source-rows.ts';
export * from './time-dimensions.ts';

/** A checked catalogue: what the parts derive everything from. */
export interface Catalog {
  readonly metrics: ReadonlyMap<string, MetricSpec>;
  readonly dimensions: ReadonlyMap<string, DimensionSpec>;
  /** Stored metrics by group, in declaration order. */
  readonly groups: ReadonlyMap<string, readonly StoredMetric[]>;
  /** A hash per stored metric over what its cells mean; it changes when old cells can't be added to new ones. */
  readonly schemaHashes: ReadonlyMap<string, string>;
  /** The events that its sources read. */
  readonly events: EventRegistry;
  /**
   * The metrics that a metric is computed from, itself when it is stored or over facts: all stored, or all over the
   * same kind of facts.
   */
  partsOf(metric: MetricSpec): readonly PartMetric[];
  /** The same as they are read for a dimension: where it is an added one, their cells lie in groups of its own. */
  partsBy(metric: MetricSpec, dimension: string | undefined): readonly PartMetric[];
  /** Dimensions that a metric is kept by: those that all of its parts have. */
  dimensionsOf(metric: MetricSpec): readonly string[];
  /** Dimensions of time that a metric can be split by: all when it is read from windows, none when it is from facts. */
  timeDimensionsOf(metric: MetricSpec): readonly string[];
  /** What the metric counts, or how it is computed from others; undefined for one over facts. */
  formulaOf(metric: MetricSpec): string | undefined;
}

const NAME_PATTERN = /^[a-z][a-z0-9_]*$/;

/**
 * Checks declarations and makes them a catalogue.
 * @param specs.added dimensions that metrics have beside those that they were stored with. @default none
 * @param specs.events what the sources' events look like. @default those of the product
 * @throws {CatalogError} for an expression that means nothing, a name twice, ill-formed or of a dimension of time, an unknown dimension or metric, parts that are read from
 *   different places, a unit that a measure can't have, a quantile that is none, or a session source with a measure
 *   that can't be taken back.
 */
export function defineCatalog(specs: {
  metrics: readonly MetricSpec[];
  dimensions: readonly DimensionSpec[];
  added?: readonly AddedDimension[];
  events?: EventRegistry;
}): Catalog {
  const { events = eventRegistry, added = [] } = specs;
  const metrics = byName(specs.metrics, 'metric');
  const dimensions = byName([...specs.dimensions, ...added.map((each) => each.dimension)], 'dimension');
  for (const name of dimensions.keys())
    if (timeDimensions.has(name))
      throw new CatalogError(`dimension ${name} is one of time, which every window has`);
  const groups = new Map<string, StoredMetric[]>();
  const splits = splitMetrics(added, metrics);
  for (const metric of [...specs.metrics, ...splits.all]) {
    if (metric.kind === 'fact') checkDimensions(metric, dimensions);
    if (metric.kind !== 'stored') continue;
    checkStored(metric, dimensions, events);
    groups.set(metric.group, [...(groups.get(metric.group) ?? []), metric]);
  }

  for (const source of new Set([...groups.values()].flat().map((metric) => metric.source)))
    checkSource(source, events);

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
    events,
    schemaHashes: new Map([...groups.values()].flat().map((metric) => [metric.name, schemaHash(metric)])),
    partsOf,
    partsBy: (metric, dimension) => partsOf(metric).map((part) => splits.partBy(part, dimension)),
    dimensionsOf: (metric) => {
      const [first, ...rest] = partsOf(metric).map(splits.dimensionsOf);
      return first!.filter((name) => rest.every((others) => others.includes(name)));
    },
    timeDimensionsOf: (metric) => (partsOf(metric)[0]!.kind === 'stored' ? [...timeDimensions.keys()] : []),
    formulaOf: (metric) => {
      if (metric.kind === 'fact') return undefined;
      if (metric.kind === 'stored') return formatStored(metric);
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

function checkQuantile({ name, quantile, unit }: QuantileMetric, part: PartMetric): void {
  if (part.measure !== 'distribution')
    throw new CatalogError(`metric ${name} is a quantile of ${part.name}, which is no distribution`);
  if (!(quantile >= 0 && quantile <= 1))
    throw new CatalogError(`metric ${name}: a quantile is a share from 0 to 1, not ${quantile}`);
  if (unit !== part.unit)
    throw new CatalogError(`metric ${name} has the unit ${unit}, and ${part.name} has ${part.unit}`);
}

/** The built-in metrics state no `meaning`: their hashes are those that are stored since before there were expressions. */
function schemaHash({
  name,
  group,
  measure,
  source,
  dimensions,
  revision = 1,
  meaning,
}: StoredMetric): string {
  const parts = [name, group, measure, source.name, [...dimensions].sort(), revision];
  const all = meaning === undefined ? parts : [...parts, meaning];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 16);
}

/** What the product itself declares. */
export const productDeclarations = {
  metrics: metricSpecs,
  dimensions: Object.values(dimensionSpecs).filter((spec): spec is DimensionSpec => typeof spec === 'object'),
  added: [] as readonly AddedDimension[],
};

/** The catalogue of the product. */
export const catalog: Catalog = defineCatalog(productDeclarations);
