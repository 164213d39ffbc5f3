import { FACT_DIMENSIONS, type FactRows, type FactSource } from '../facts.ts';
import {
  type DerivedMetric,
  type FactMetric,
  percentOf,
  type QuantileMetric,
  type RatioMetric,
  type StoredMetric,
} from '../model.ts';

/** Declares a metric that is aggregated from rows. */
export const stored = (
  options: Omit<StoredMetric, 'kind' | 'dimensions'> & { dimensions?: readonly string[] },
): StoredMetric => ({ dimensions: Object.keys(options.source.dimensions), ...options, kind: 'stored' });

type FactOptions<Source extends FactSource> = Omit<FactMetric, 'kind' | 'measure' | 'dimensions' | 'of'> & {
  facts: Source;
  of: (row: FactRows[Source]) => number;
};

/** Declares a sum over facts, such as customers with their whole history. */
export const fact = <Source extends FactSource>(options: FactOptions<Source>): FactMetric => ({
  ...options,
  kind: 'fact',
  measure: 'sum',
  dimensions: FACT_DIMENSIONS[options.facts],
});

/** Declares a metric computed from stored ones by sums and differences. */
export const derived = (options: Omit<DerivedMetric, 'kind'>): DerivedMetric => ({
  ...options,
  kind: 'derived',
});

/** Declares a quotient. */
export const ratio = (options: Omit<RatioMetric, 'kind'>): RatioMetric => ({ ...options, kind: 'ratio' });

/** Declares quantiles of a stored distribution: `name_p95` for 0.95, `name_p99_9` for 0.999, and so on. */
export const quantileOf = (distribution: StoredMetric, quantiles: readonly number[]): QuantileMetric[] =>
  quantiles.map((quantile) => {
    const percent = percentOf(quantile);
    return {
      kind: 'quantile',
      name: `${distribution.name}_p${percent.replace('.', '_')}`,
      title: `${distribution.title}, p${percent}`,
      description: `${distribution.description}: ${percent} % lie below, within 1 %`,
      synonyms: [...(quantile === 0.5 ? ['median'] : []), 'percentile', ...(distribution.synonyms ?? [])],
      unit: distribution.unit,
      better: distribution.better,
      of: distribution.name,
      quantile,
    };
  });
