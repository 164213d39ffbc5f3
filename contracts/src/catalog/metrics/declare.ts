import type { MeasureValue } from '../../measures/index.ts';
import { FACT_DIMENSIONS, type FactRows, type FactSource } from '../facts.ts';
import {
  type DerivedMetric,
  type FactMetric,
  percentOf,
  type QuantileMetric,
  type RatioMetric,
  type SourceSpec,
  type StoredMetric,
} from '../model.ts';

type StoredOptions<Event, Row> = Omit<StoredMetric, 'kind' | 'source' | 'of' | 'dimensions'> & {
  source: SourceSpec<Event, Row>;
  of?: (row: Row, event: Event) => MeasureValue | null | undefined;
  dimensions?: readonly string[];
};

/** Declares a metric that is aggregated from rows. */
export function stored<Event, Row>(options: StoredOptions<Event, Row>): StoredMetric {
  return {
    dimensions: Object.keys(options.source.dimensions),
    ...options,
    kind: 'stored',
  } as unknown as StoredMetric;
}

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
