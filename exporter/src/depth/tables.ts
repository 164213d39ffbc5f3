import {
  type Catalog,
  type DimensionSpec,
  depthDimensions,
  type Expr,
  type MetricSpec,
  ownFields,
  type SourceSpec,
  type StoredMetric,
} from '@storepulse/contracts';

/** A dimension of a source's rows. */
export interface TableDimension {
  readonly spec: DimensionSpec;
  /** Where a row tells it. */
  readonly told: Expr;
}

/** The rows of one source of the catalogue: one table, with a column for each dimension and for what each metric adds. */
export interface DepthTable {
  /** Its name in the database. */
  readonly name: string;
  readonly source: SourceSpec;
  readonly dimensions: readonly TableDimension[];
  /** What is counted over its rows, each with a column of its own. */
  readonly metrics: readonly StoredMetric[];
}

/** What of a catalogue can be answered in any combination. */
export interface DepthTables {
  readonly tables: readonly DepthTable[];
  /** The table that a stored metric is counted over; undefined: it can't be told from the lake. */
  tableOf(metric: string): DepthTable | undefined;
  /** All dimensions that the rows of a table tell. */
  dimensionsOfTable(table: DepthTable): readonly string[];
  /**
   * The dimensions that a metric can be split and filtered by, together: those that the rows of all of its parts tell, and those that
   * follow from them. None when a part can't be told from the lake.
   */
  dimensionsOf(metric: MetricSpec): readonly string[];
}

/** Products tell it of rows that have a `sku`. */
const OF_PRODUCTS = [...depthDimensions.keys()];

/**
 * The tables of a catalogue. Left out is what the lake does not tell: fields that events have beside their schemas, and the latest
 * value of something (`last`), which cells keep by every product already.
 */
export function depthTables(catalog: Catalog): DepthTables {
  const stored = [...catalog.metrics.values()].filter(
    (metric): metric is StoredMetric => metric.kind === 'stored' && isTold(metric),
  );
  const bySource = Map.groupBy(stored, ({ source }) => source);
  const tables = [...bySource].map(
    ([source, metrics], i): DepthTable => ({
      name: `rows_${i}_${source.name}`,
      source,
      dimensions: dimensionsOfSource(catalog, source, metrics),
      metrics,
    }),
  );
  const tableOf = new Map(tables.flatMap((table) => table.metrics.map(({ name }) => [name, table] as const)));
  const namesOf = new Map(
    tables.map((table) => {
      const own = table.dimensions.map(({ spec }) => spec.name);
      return [table, own.includes('sku') ? [...own, ...OF_PRODUCTS] : own] as const;
    }),
  );
  return {
    tables,
    tableOf: (metric) => tableOf.get(metric),
    dimensionsOfTable: (table) => namesOf.get(table)!,
    dimensionsOf: (metric) => {
      const parts = catalog.partsOf(metric).map(({ name }) => tableOf.get(name));
      const [first, ...rest] = parts.map((table) => (table ? namesOf.get(table)! : []));
      return first!.filter((name) => rest.every((others) => others.includes(name)));
    },
  };
}

function isTold({ measure, of = 1, where = true }: StoredMetric): boolean {
  return measure !== 'last' && [of, where].every((expr) => ownFields(expr).length === 0);
}

function dimensionsOfSource(
  catalog: Catalog,
  source: SourceSpec,
  metrics: readonly StoredMetric[],
): TableDimension[] {
  const told = new Map(Object.entries(source.dimensions));
  // Dimensions that a catalogue file has added are told where their own metric says.
  for (const metric of metrics)
    for (const name of catalog.dimensionsOf(metric)) {
      const [part] = catalog.partsBy(metric, name);
      if (!told.has(name) && part?.kind === 'stored') told.set(name, part.source.dimensions[name]!);
    }
  return [...told].flatMap(([name, expr]) => {
    const spec = catalog.dimensions.get(name);
    const isKnown = spec && ('values' in spec.domain || spec.domain.longest !== undefined);
    return isKnown && ownFields(expr).length === 0 ? [{ spec, told: expr }] : [];
  });
}
