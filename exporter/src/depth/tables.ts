import {
  type Catalog,
  type DepthDimension,
  type DimensionSpec,
  depthDimensions,
  type EventRegistry,
  type EventType,
  type Expr,
  FACT_DIMENSIONS,
  type FactMetric,
  type MetricSpec,
  ownFields,
  type SourceSpec,
  type StoredMetric,
  scopeOfEvents,
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
  /** Whether its rows tell a customer, and so the month of the first order. */
  readonly hasCustomer: boolean;
}

/** What the histories of customers and orders are told by. */
export interface FactDimensions {
  /** Of an order, an edit or a refund; a customer has those of the first order. */
  readonly goods: readonly TableDimension[];
  /** Of an attempt to pay. */
  readonly payments: readonly TableDimension[];
}

/** What of a catalogue can be answered in any combination. */
export interface DepthTables {
  readonly tables: readonly DepthTable[];
  readonly facts: FactDimensions;
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
export const OF_PRODUCTS: readonly string[] = toldBy('product');
/** The month of the first order: rows that tell a customer have it. */
export const COHORT = 'cohort';
/** Where a customer stands at a window’s end. */
export const SEGMENT = 'segment';

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
      hasCustomer: tellsCustomer(source, catalog.events),
    }),
  );
  const tableOf = new Map(tables.flatMap((table) => table.metrics.map(({ name }) => [name, table] as const)));
  const namesOf = new Map(
    tables.map((table) => {
      const own = table.dimensions.map(({ spec }) => spec.name);
      const ofProduct = own.includes('sku') ? OF_PRODUCTS : [];
      return [table, [...own, ...ofProduct, ...(table.hasCustomer ? [COHORT] : [])]] as const;
    }),
  );
  // A customer has the dimensions of the first order.
  const facts: FactDimensions = {
    goods: tableOf.get('orders')?.dimensions ?? [],
    payments: tableOf.get('payment_attempts')?.dimensions ?? [],
  };
  const nameOf = ({ spec }: TableDimension) => spec.name;
  const namesOfFacts = ({ facts: source }: FactMetric): readonly string[] => {
    if (source === 'customers') return [...facts.goods.map(nameOf), COHORT, SEGMENT];
    if (source === 'paid_orders') return facts.payments.map(nameOf);
    return source === 'kept_goods' ? FACT_DIMENSIONS.kept_goods : [];
  };
  return {
    tables,
    facts,
    tableOf: (metric) => tableOf.get(metric),
    dimensionsOfTable: (table) => namesOf.get(table)!,
    dimensionsOf: (metric) => {
      const [first, ...rest] = catalog.partsOf(metric).map((part) => {
        if (part.kind === 'fact') return namesOfFacts(part);
        const table = tableOf.get(part.name);
        return table ? namesOf.get(table)! : [];
      });
      return first!.filter((name) => rest.every((others) => others.includes(name)));
    },
  };
}

function toldBy(kind: DepthDimension['toldBy']): string[] {
  return [...depthDimensions.values()].filter((spec) => spec.toldBy === kind).map(({ name }) => name);
}

/** Whether rows of a source are of orders and what becomes of them, and so of a customer. */
function tellsCustomer({ from }: SourceSpec, events: EventRegistry): boolean {
  if (from === 'session') return false;
  const isOfOrders = from.every((type) => events.get(type as EventType)?.topic === 'transactions');
  return isOfOrders && 'customerId' in scopeOfEvents(from, events).fields;
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
  // What the order itself tells, and no window is kept by: a catalogue file may have a dimension of that name.
  if (source.from !== 'session')
    for (const name of toldBy('order').filter((each) => !catalog.dimensions.has(each)))
      if (source.from.every((type) => name in scopeOfEvents([type as EventType], catalog.events).fields))
        told.set(name, { field: name });
  return [...told].flatMap(([name, expr]) => {
    const spec = catalog.dimensions.get(name) ?? depthDimensions.get(name);
    const isKnown = spec && ('values' in spec.domain || spec.domain.longest !== undefined);
    return isKnown && ownFields(expr).length === 0 ? [{ spec, told: expr }] : [];
  });
}
