import type { Expr } from '../expressions/index.ts';
import { CatalogError } from './catalog-error.ts';
import type { AddedDimension, MetricSpec, PartMetric, SourceSpec, StoredMetric } from './model.ts';

/** Stored metrics by added dimensions. */
export interface Splits {
  /** One for each metric and dimension, with a name, a group and so a beginning of its own. */
  readonly all: readonly StoredMetric[];
  /** What is read of a part for a dimension: under its own name, from where it is kept by the dimension. */
  partBy(part: PartMetric, dimension: string | undefined): PartMetric;
  /** All dimensions that a part is kept by. */
  dimensionsOf(part: PartMetric): readonly string[];
}

/** The name of a metric by an added dimension; its group is named the same way. */
const nameBy = (name: string, dimension: string): string => `${name}_by_${dimension}`;

/** @throws {CatalogError} for a metric that is not stored, has the dimension already, or whose rows do not tell it */
export function splitMetrics(
  added: readonly AddedDimension[],
  metrics: ReadonlyMap<string, MetricSpec>,
): Splits {
  const all: StoredMetric[] = [];
  const kept = new Map<string, Map<string, StoredMetric>>();
  for (const { dimension, of, metrics: names } of added) {
    const sources = new Map<SourceSpec, SourceSpec>();
    for (const name of new Set(names)) {
      const split = splitOf(name, dimension.name);
      const told = of[split.source.name]!;
      const source = sources.get(split.source) ?? {
        ...split.source,
        dimensions: { ...split.source.dimensions, [dimension.name]: told },
      };
      sources.set(split.source, source);
      const by: StoredMetric = {
        ...split,
        name: nameBy(name, dimension.name),
        group: nameBy(split.group, dimension.name),
        dimensions: [dimension.name],
        source,
        meaning: meaningOf(split, told, dimension),
      };
      if (metrics.has(by.name))
        throw new CatalogError(`the name of metric ${by.name} is taken by dimension ${dimension.name}`);
      all.push(by);
      kept.set(name, (kept.get(name) ?? new Map()).set(dimension.name, by));
    }

    function splitOf(name: string, by: string): StoredMetric {
      const metric = metrics.get(name);
      if (metric?.kind !== 'stored')
        throw new CatalogError(
          `dimension ${by} is to split ${name}, which is ${metric ? 'not a stored metric' : 'no metric'}`,
        );
      if (by in metric.source.dimensions)
        throw new CatalogError(`metric ${name} has the dimension ${by} already`);
      if (!Object.hasOwn(of, metric.source.name))
        throw new CatalogError(
          `dimension ${by} is to split ${name}, which counts rows of ${metric.source.name}: say where these tell it`,
        );
      return metric;
    }
  }
  return {
    all,
    partBy: (part, dimension) => {
      const by = dimension === undefined ? undefined : kept.get(part.name)?.get(dimension);
      return by ? { ...by, name: part.name, field: by.name } : part;
    },
    dimensionsOf: (part) => [...part.dimensions, ...(kept.get(part.name)?.keys() ?? [])],
  };
}

/** What cells by the dimension mean beside what the metric's own do. */
function meaningOf({ meaning }: StoredMetric, told: Expr, { domain }: AddedDimension['dimension']): string {
  const form = 'values' in domain ? domain.values : (domain.longest ?? domain.pattern.source);
  return JSON.stringify([meaning ?? null, told, form]);
}
