import type { Catalog, Resolution, StoredMetric } from '@storepulse/contracts';
import type { Tally } from '../../ledger/book.ts';
import type { ShownCells } from '../figures.ts';
import type { LocalDate } from '../window-keys.ts';

/** A place where figures are shown. */
export type SurfaceName = 'MongoDB' | 'topic metrics' | 'query API' | '/metrics';

/** A shop as far as its figures are read. */
export interface ShopOfFigures {
  readonly shop: string;
  /** Decimals of its money. */
  readonly scale: number;
  readonly dateOf: LocalDate;
}

/** Which windows are asked for: those that begin in `from` to before `to`, epoch ms. */
export interface Span {
  readonly resolution: Resolution;
  readonly from: number;
  readonly to: number;
}

/** What must be in a window, by `cellKey`. */
export type ExpectedCells = Map<string, Tally>;

/** Somewhere that shows figures of windows. */
export interface Surface {
  readonly name: SurfaceName;
  /** Whether it tells windows of a resolution at all. */
  tells(resolution: Resolution): boolean;
  /** Whether it is cheap to look where nothing must be, and so is looked at there too. */
  readonly tellsGaps: boolean;
  /** Whether it tells a metric by a dimension (or `total`). */
  shows(metric: StoredMetric, dimension: string): boolean;
  /** The cells of windows by their names. Windows that are not asked for may be among them. */
  read(shop: ShopOfFigures, span: Span): Promise<ReadonlyMap<string, ShownCells>>;
  /** A number of the ledger in the unit that is shown: money in currency units rather than minor ones, for example. */
  toShown(metric: StoredMetric, value: number, shop: ShopOfFigures): number;
  /** Whether the beginning of a window is too near to the present to be shown. @default never */
  isAhead?(start: number): boolean;
  /** What must be, where it shows fewer cells than there are: such as the rest under `other`. @default all */
  summarise?(expected: ExpectedCells, shown: ShownCells): ExpectedCells;
}

/** The stored metrics of a catalogue by name. */
export function storedMetrics(catalog: Catalog): ReadonlyMap<string, StoredMetric> {
  return new Map(
    [...catalog.metrics.values()].flatMap((metric) =>
      metric.kind === 'stored' ? [[metric.name, metric] as const] : [],
    ),
  );
}
