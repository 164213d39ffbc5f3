import { createHash } from 'node:crypto';
import {
  type Area,
  type Catalog,
  cellName,
  depthDimensions,
  type MeasureKind,
  type MetricSpec,
  TOTAL_DIMENSION,
  timeDimensions,
} from '@storepulse/contracts';
import type { DepthTables } from '../depth/tables.ts';

/** A metric as `GET /api/v1/catalog` tells it. */
export interface DescribedMetric
  extends Pick<MetricSpec, 'name' | 'title' | 'description' | 'unit' | 'kind' | 'better'> {
  readonly synonyms: string[];
  readonly area?: Area;
  readonly measure?: MeasureKind;
  readonly dimensions: string[];
  readonly together?: string[];
  readonly expression?: string;
}

/** A dimension as `GET /api/v1/catalog` tells it. */
export interface DescribedDimension {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly synonyms: string[];
  /** True: told by the time of a window, so that it goes together with any other dimension. */
  readonly ofTime: boolean;
}

/** The catalogue as clients read it. */
export interface DescribedCatalog {
  /** Changes whenever anything in it does. */
  readonly version: string;
  readonly metrics: DescribedMetric[];
  readonly dimensions: DescribedDimension[];
}

/**
 * From when on a metric is counted, by dimension and as `total`; undefined: all of it from the log's beginning. One that is
 * computed from others is known since all of them are.
 * @param since by stored metric, epoch ms
 */
export function countedSinceOf(
  catalog: Catalog,
  name: string,
  since: ReadonlyMap<string, number>,
): Record<string, number> | undefined {
  const metric = catalog.metrics.get(name)!;
  const begins = [undefined, ...catalog.dimensionsOf(metric)].flatMap((dimension) => {
    const all = catalog.partsBy(metric, dimension).flatMap((part) => since.get(cellName(part)) ?? []);
    return all.length === 0 ? [] : [[dimension ?? TOTAL_DIMENSION, Math.max(...all)] as const];
  });
  return begins.length === 0 ? undefined : Object.fromEntries(begins);
}

/**
 * What clients are told about a catalogue, and the version that tells one such description from another.
 * @param depth what the lake's rows answer. @default there are none
 */
export function describeCatalog(
  catalog: Catalog,
  depth?: Pick<DepthTables, 'dimensionsOf'>,
): DescribedCatalog {
  const metrics = [...catalog.metrics.values()].map((metric): DescribedMetric => {
    const { name, title, description, unit, kind, better, synonyms = [], area } = metric;
    const expression = catalog.formulaOf(metric);
    const inRows = depth?.dimensionsOf(metric) ?? [];
    const together = inRows.length > 0 ? [...inRows, ...catalog.timeDimensionsOf(metric)] : [];
    return {
      ...{ name, title, description, unit, kind, better, synonyms: [...synonyms] },
      ...(area === undefined ? {} : { area }),
      ...(metric.kind === 'stored' ? { measure: metric.measure } : {}),
      dimensions: [...catalog.dimensionsOf(metric), ...catalog.timeDimensionsOf(metric)],
      ...(together.length > 0 ? { together } : {}),
      ...(expression === undefined ? {} : { expression }),
    };
  });
  const ofRows = depth
    ? [...depthDimensions.values()].filter(({ name }) => !catalog.dimensions.has(name))
    : [];
  const dimensions = [...catalog.dimensions.values(), ...timeDimensions.values(), ...ofRows].map(
    ({ name, title, description, synonyms = [] }) => ({
      ...{ name, title, description, synonyms: [...synonyms], ofTime: timeDimensions.has(name) },
    }),
  );
  const version = createHash('sha256')
    .update(JSON.stringify([metrics, dimensions]))
    .digest('hex')
    .slice(0, 12);
  return { version, metrics, dimensions };
}
