import {
  aggregators,
  type Catalog,
  escapeField,
  type MeasureState,
  type MetricDocument,
  partOf,
  RESOLUTIONS,
  type Resolution,
  type Shop,
  type Stored,
  type StoredMetric,
  TOTAL_DIMENSION,
  TOTAL_VALUE,
  windowEnd,
  windowId,
  windowStart,
  zoneCalendar,
} from '@storepulse/contracts';

/** Something that happened: what it adds to stored metrics (all of its group), under which dimension values. */
export interface Happening {
  /** Event time, epoch ms. */
  readonly time: number;
  /** By stored metric: what is added. */
  readonly adds: Readonly<Record<string, number | string>>;
  /** By dimension; those left out count as `unknown`. */
  readonly dimensions?: Readonly<Record<string, string>>;
}

type Cells = Record<string, Record<string, Record<string, MeasureState>>>;
interface OpenDocument {
  readonly document: Omit<MetricDocument, 'cells'>;
  readonly cells: Cells;
}

/** The documents of `metrics` that these happenings come to, at the given resolutions. */
export function documentsOf(
  catalog: Catalog,
  shop: Pick<Shop, 'shop' | 'timeZone'>,
  happenings: readonly Happening[],
  resolutions: readonly Resolution[] = RESOLUTIONS,
): MetricDocument[] {
  const calendar = zoneCalendar(shop.timeZone);
  const open = new Map<string, OpenDocument>();
  for (const { time, adds, dimensions = {} } of happenings) {
    for (const [name, value] of Object.entries(adds)) {
      const metric = catalog.metrics.get(name) as StoredMetric;
      for (const resolution of resolutions) {
        const start = windowStart(resolution, time, calendar);
        const end = windowEnd(resolution, start, calendar);
        const cellsFor = (dimension: string | undefined) => {
          const spec = dimension === undefined ? undefined : catalog.dimensions.get(dimension);
          const ref = {
            shop: shop.shop as never,
            group: metric.group,
            part: partOf(spec),
            resolution,
            start,
            bucket: 0,
          };
          const _id = windowId(ref);
          const found: OpenDocument = open.get(_id) ?? {
            document: {
              ...ref,
              _id,
              start: new Date(start),
              end: end === null ? null : new Date(end),
              version: 1,
              final: false,
              revision: 0,
              updatedAt: new Date(time),
            },
            cells: {},
          };
          open.set(_id, found);
          return found.cells;
        };
        addTo(cellsFor(undefined), TOTAL_DIMENSION, TOTAL_VALUE, metric, value);
        for (const dimension of metric.dimensions) {
          const cell = dimensions[dimension] ?? 'unknown';
          addTo(cellsFor(dimension), dimension, escapeField(cell), metric, value);
        }
      }
    }
  }
  return [...open.values()].map(({ document, cells }) => ({ ...document, cells: encode(catalog, cells) }));
}

function addTo(
  cells: Cells,
  dimension: string,
  field: string,
  metric: StoredMetric,
  value: number | string,
): void {
  // Without a prototype: a value may be called "constructor".
  const byValue: Cells[string] = cells[dimension] ?? Object.create(null);
  const cell = byValue[field] ?? {};
  const { zero, add } = aggregators[metric.measure];
  cell[metric.name] = add(cell[metric.name] ?? zero(), value);
  byValue[field] = cell;
  cells[dimension] = byValue;
}

function encode(catalog: Catalog, cells: Cells): MetricDocument['cells'] {
  const mapValues = <A, B>(record: Record<string, A>, map: (value: A, key: string) => B): Record<string, B> =>
    Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
  return mapValues(cells, (byValue) =>
    mapValues(byValue, (cell) =>
      mapValues(cell, (state, name): Stored => {
        const { measure } = catalog.metrics.get(name) as StoredMetric;
        return aggregators[measure].encode(state);
      }),
    ),
  );
}
