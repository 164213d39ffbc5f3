import { anyName } from '../dimensions.ts';
import { add, type Expression, metric as metricRef, subtract } from '../expressions.ts';
import type { AddedDimension, DimensionSpec, MetricSpec } from '../model.ts';
import { type CatalogFile, type FileMetric, SOURCES, type SumOfMetrics } from './schema.ts';

/** Declarations as `defineCatalog` takes them. */
export interface Declarations {
  readonly metrics: readonly MetricSpec[];
  readonly dimensions: readonly DimensionSpec[];
  readonly added: readonly AddedDimension[];
}

/** The declarations of a file behind those of the product. */
export function withFile(
  builtIn: Declarations,
  { metrics = [], dimensions = [] }: CatalogFile,
): Declarations {
  const all = [...builtIn.metrics, ...metrics.map(declared)];
  return {
    metrics: all,
    dimensions: builtIn.dimensions,
    added: [
      ...builtIn.added,
      ...dimensions.map(
        ({ from, metrics: names, values, longest = 80, ...about }): AddedDimension => ({
          dimension: {
            ...plain(about),
            ...(about.wide ? { wide: true as const } : {}),
            domain: values ? { values } : anyName(longest),
          },
          of: from,
          metrics: names.flatMap((name) => storedIn(name, all)),
        }),
      ),
    ],
  };
}

/** The stored metrics that a metric is computed from; itself when it is none that is computed. */
function storedIn(name: string, metrics: readonly MetricSpec[]): string[] {
  const found = metrics.find((each) => each.name === name);
  switch (found?.kind) {
    case 'derived':
      return namesIn(found.expression);
    case 'ratio':
      return [...namesIn(found.numerator), ...namesIn(found.denominator)];
    case 'quantile':
      return [found.of];
    default:
      return [name];
  }
}

const namesIn = (expression: Expression): string[] =>
  expression.op === 'metric'
    ? [expression.name]
    : [...namesIn(expression.left), ...namesIn(expression.right)];

/** What is left out stays so, rather than being undefined. */
function plain({
  name,
  title,
  description,
  synonyms,
}: Pick<DimensionSpec, 'name' | 'title' | 'description'> & { synonyms?: readonly string[] | undefined }) {
  return { name, title, description, ...(synonyms ? { synonyms } : {}) };
}

function declared(metric: FileMetric): MetricSpec {
  const { unit, better, area } = metric;
  const base = { ...plain(metric), unit, better, ...(area ? { area } : {}) };
  if ('formula' in metric) return { ...base, kind: 'derived', expression: sumOf(metric.formula) };
  if ('numerator' in metric)
    return {
      ...base,
      kind: 'ratio',
      numerator: sumOf(metric.numerator),
      denominator: sumOf(metric.denominator),
    };
  if ('quantileOf' in metric)
    return { ...base, kind: 'quantile', of: metric.quantileOf, quantile: metric.share };
  const source = SOURCES.get(metric.source)!;
  const { measure, where, of, signed, dimensions = Object.keys(source.dimensions) } = metric;
  return {
    ...base,
    kind: 'stored',
    // Those of one source share documents, and never those of the product.
    group: `own_${metric.source}`,
    ...{ source, measure, dimensions },
    ...(where === undefined ? {} : { where }),
    ...(of === undefined ? {} : { of }),
    ...(signed === undefined ? {} : { signed }),
    // Whoever changes the file need not think of a revision.
    meaning: JSON.stringify([where ?? null, of ?? null]),
  };
}

function sumOf(sum: SumOfMetrics): Expression {
  if (typeof sum === 'string') return metricRef(sum);
  const [first, ...rest] = ('add' in sum ? sum.add : sum.subtract).map(sumOf);
  return 'add' in sum ? add(first!, ...rest) : subtract(first!, ...rest);
}
