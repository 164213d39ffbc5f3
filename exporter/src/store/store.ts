import type { AnnotationDocument, ExchangeRatePosted, Shop, StoredCell } from '@storepulse/contracts';
import type {
  CancelledOrder,
  EditFact,
  GoodsEdit,
  GoodsOrder,
  GoodsRefund,
  OrderFact,
  PaymentFact,
  ProductFact,
  RefundFact,
} from '../facts/rows.ts';
import type { KeptSource } from '../facts/snapshots.ts';
import type { CountedEvents, EventSelection, EventSteps, PlacedEvent } from '../live/event-selection.ts';
import type { FollowOptions, LiveChange, LiveSelection } from '../live/selection.ts';
import type { StoredWindow } from '../query/fold.ts';
import type { TaskProgress } from '../query/freshness.ts';
import type { MergeProgress } from '../query/merging.ts';
import type { Tile } from '../query/tiles.ts';
import type { VisitSelection } from '../visits/visit-row.ts';
import type { ReadOptions } from './read-options.ts';
import type { FoundRecords, RecordSelection, SearchSelection } from './records.ts';

/** Which windows to read. */
export interface WindowSelection {
  readonly shop: string;
  readonly groups: readonly string[];
  /** The parts of a window that may hold the cells: see `partsOf`. */
  readonly parts: readonly string[];
  /** The dimension whose cells are wanted, or `total`. */
  readonly dimension: string;
  readonly tiles: readonly Tile[];
}

/** Totals of which shops, and over which windows. */
export interface TotalsSelection {
  readonly shops: readonly string[];
  readonly group: string;
  readonly tile: Tile;
}

/** An annotation whose begin is known. */
export type Annotation = Required<Omit<AnnotationDocument, 'end'>> & Pick<AnnotationDocument, 'end'>;

/** Which exchange rate to read: of a shop's currency, in another one. */
export interface AskedRate {
  readonly shop: string;
  /** ISO 4217 code. */
  readonly toCurrency: string;
  /** Such as `2026-01-31`. */
  readonly day: string;
}

/** What one unit of a shop's currency is worth on a day. */
export type ExchangeRate = Pick<ExchangeRatePosted, 'day' | 'toCurrency' | 'rate' | 'source'>;

/** Which annotations to read: those of a shop that touch a time, epoch ms, and have all of these tags. */
export interface AnnotationSelection {
  readonly shop: string;
  readonly from: number;
  readonly to: number;
  readonly tags: readonly string[];
}

/** The windows of an hour that were corrected after they were final. */
export interface RevisedHour {
  /** Begin of the hour, UTC, epoch ms. */
  readonly start: number;
  /** How many windows of up to an hour, over all metric groups. */
  readonly windows: number;
  /** Metric groups, by name. */
  readonly groups: readonly string[];
  /** The latest correction, epoch ms. */
  readonly updatedAt: number;
}

/** The total of one window of one shop. */
export interface ShopTotal {
  readonly shop: string;
  readonly cell: StoredCell;
}

/** A document of the lifetime of one shop and metric group: the total and narrow dimensions, or more of one of these. */
export interface LifetimeWindow {
  readonly shop: string;
  readonly group: string;
  /** Dimension (or `total`) → its cells. */
  readonly cells: Readonly<Record<string, StoredWindow['cells']>>;
  /** Dimensions whose further documents were too many to be read: of these `cells` holds nothing. */
  readonly leftOut?: readonly string[];
}

/** The facts that metrics are computed over, and their goods. */
export interface FactReads {
  /** Orders of identified customers of a shop, by customer and time. */
  orders(shop: string, options?: ReadOptions): AsyncIterable<OrderFact>;
  /** Changes of orders of identified customers of a shop, by customer and time. */
  edits(shop: string, options?: ReadOptions): AsyncIterable<EditFact>;
  /** Refunds of identified customers of a shop, by customer and time. */
  refunds(shop: string, options?: ReadOptions): AsyncIterable<RefundFact>;
  /** Orders of a shop that were called off, in no order. */
  cancelledOrders(shop: string, options?: ReadOptions): AsyncIterable<CancelledOrder>;
  /** What all orders of a shop were sold for, in no order. */
  goodsOfOrders(shop: string, options?: ReadOptions): AsyncIterable<GoodsOrder>;
  /** What all changes of orders of a shop put on and took off, in no order. */
  goodsOfEdits(shop: string, options?: ReadOptions): AsyncIterable<GoodsEdit>;
  /** What all refunds of a shop gave back, in no order. */
  goodsOfRefunds(shop: string, options?: ReadOptions): AsyncIterable<GoodsRefund>;
  /** Attempts to pay in a shop, by order and time. */
  payments(shop: string, options?: ReadOptions): AsyncIterable<PaymentFact>;
  products(shop: string, options?: ReadOptions): AsyncIterable<ProductFact>;
  /** Facts of a kind that a shop has, counted up to `most`. */
  factCount(shop: string, source: KeptSource, most: number, options?: ReadOptions): Promise<number>;
}

/** How the warehouse is doing, by its run log. Nothing is told where it has never run. */
export interface WarehouseProgress {
  /** When the last run that succeeded began. */
  readonly succeededAt?: Date;
  /** Whether the latest run that has ended has failed. */
  readonly isFailing?: boolean;
  /** The latest comparison with the stream that came to its end. */
  readonly reconciled?: { readonly at: Date; readonly differences: number };
}

/** What the exporter reads. Nothing here writes. Every method throws an `ExporterError` when the store fails. */
export interface MetricStore extends FactReads {
  /** All shops, by id. */
  shops(): Promise<readonly Shop[]>;
  /**
   * The documents of `metrics` in BSON, in batches and in no order, with `_id`, `start`, `version`, `final` and the
   * cells of the dimension at least.
   * @throws {ExporterError} `too_many_windows` when more than `limit` match
   */
  windows(selection: WindowSelection, limit: number, options?: ReadOptions): AsyncIterable<readonly Buffer[]>;
  /** Those of some windows, by window id. */
  windowsOf(
    ids: readonly string[],
    selection: Pick<WindowSelection, 'parts' | 'dimension'>,
    options?: ReadOptions,
  ): AsyncIterable<readonly Buffer[]>;
  /** Ids of the stored windows. @throws {ExporterError} `too_many_windows` when more than `limit` match */
  windowIds(selection: Omit<WindowSelection, 'dimension'>, limit: number): Promise<readonly string[]>;
  /**
   * By window id, the sum of the `seq` of all partials: what `version` is once they have been merged.
   * @throws {ExporterError} `too_many_windows` when there are more partials than can be added up
   */
  counted(
    selection: Omit<WindowSelection, 'dimension'>,
    options?: ReadOptions,
  ): Promise<ReadonlyMap<string, number>>;
  /** Start of a shop's first day with any of the groups; null when there is none. */
  firstDay(shop: string, groups: readonly string[]): Promise<number | null>;
  /** The totals of a group's windows that begin in a range, of several shops. */
  totals(selection: TotalsSelection): Promise<readonly ShopTotal[]>;
  /** The total and the narrow dimensions; a value may be in several documents, whose cells add up. */
  lifetimes(shops: readonly string[], groups: readonly string[]): Promise<readonly LifetimeWindow[]>;
  /** Those that began last, up to `limit`, in the order of time. */
  annotations(selection: AnnotationSelection, limit: number): Promise<readonly Annotation[]>;
  /** The rate that a shop has told last for a day and another currency; null: none. */
  exchangeRate(asked: AskedRate, options?: ReadOptions): Promise<ExchangeRate | null>;
  /** The days up to `limit` that a shop has told a rate of a currency for: the last ones first. */
  daysWithRate(
    asked: Omit<AskedRate, 'day'>,
    limit: number,
    options?: ReadOptions,
  ): Promise<readonly string[]>;
  /** By SKU, what products of a shop are called; those that are not known are missing. */
  productNames(
    shop: string,
    skus: readonly string[],
    options?: ReadOptions,
  ): Promise<ReadonlyMap<string, string>>;
  /** Hours that begin in a range, and were corrected by late events: the last ones, up to `limit`, in the order of time. */
  revisions(
    selection: Pick<AnnotationSelection, 'shop' | 'from' | 'to'>,
    limit: number,
  ): Promise<readonly RevisedHour[]>;
  /** Up to `limit` records of a selection, in its order, in BSON. */
  records(selection: RecordSelection, limit: number, options?: ReadOptions): AsyncIterable<readonly Buffer[]>;
  /** Records of a kind that begin with a text, or have some words. */
  search(selection: SearchSelection, options?: ReadOptions): Promise<FoundRecords>;
  /** How many visits a selection has, counted up to `most`. */
  visitCount(selection: VisitSelection, most: number, options?: ReadOptions): Promise<number>;
  /** Visits (`VisitRow`) in no order, in BSON. */
  visits(selection: VisitSelection, options?: ReadOptions): AsyncIterable<readonly Buffer[]>;
  /** How many kept events a selection has, of each collection the latest `most`. */
  eventCounts(selection: EventSelection, steps: EventSteps, options?: ReadOptions): Promise<CountedEvents>;
  /** Kept events of a selection, in its order. */
  events(selection: EventSelection, options?: ReadOptions): AsyncIterable<PlacedEvent>;
  /**
   * What is stored of a selection, and then what happens, until the signal is aborted.
   * @throws {ExporterError} `history_lost` when it can't go on at a place; `too_many_windows` when more is stored than can be told
   */
  follow(selection: LiveSelection, options: FollowOptions): AsyncIterable<LiveChange>;
  /** From when on stored metrics are counted, epoch ms, by name; those without an entry: from the log's beginning. */
  countedSince(): Promise<ReadonlyMap<string, number>>;
  /** Progress of all tasks. */
  progress(): Promise<readonly TaskProgress[]>;
  /** How the warehouse's runs and reconciliations went last. */
  warehouse(): Promise<WarehouseProgress>;
  /** Progress of merging, by partition. */
  merging(): Promise<readonly MergeProgress[]>;
  /** Those of some values that a dimension has ever had in these groups of a shop. */
  knownValues(
    selection: Omit<WindowSelection, 'tiles'>,
    values: readonly string[],
    options?: ReadOptions,
  ): Promise<ReadonlySet<string>>;
  /** All values that a dimension had in these windows of a shop, in no order. */
  dimensionValues(selection: WindowSelection): Promise<readonly string[]>;
  /** Version of the stored layout; null when nothing has been stored yet. */
  layoutVersion(): Promise<number | null>;
  close(): Promise<void>;
}
