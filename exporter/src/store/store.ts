import type { Shop, StoredCell } from '@storepulse/contracts';
import type { EditFact, OrderFact, PaymentFact, ProductFact, RefundFact } from '../facts/rows.ts';
import type { StoredWindow } from '../query/fold.ts';
import type { TaskProgress } from '../query/freshness.ts';
import type { MergeProgress } from '../query/merging.ts';
import type { Tile } from '../query/tiles.ts';

/** Which windows to read. */
export interface WindowSelection {
  readonly shop: string;
  readonly groups: readonly string[];
  /** `narrow`, or a wide dimension: the documents that hold the cells. */
  readonly part: string;
  /** The dimension whose cells are wanted, or `total`. */
  readonly dimension: string;
  readonly tiles: readonly Tile[];
}

/** A stored window with what tells how much of it has been merged. */
export interface ReadWindow extends StoredWindow {
  /** Its window id. */
  readonly id: string;
  /** The sum of the `seq` of the partials that it was merged from. */
  readonly version: number;
  readonly final: boolean;
}

/** Totals of which shops, and over which windows. */
export interface TotalsSelection {
  readonly shops: readonly string[];
  readonly group: string;
  readonly tile: Tile;
}

/** The total of one window of one shop. */
export interface ShopTotal {
  readonly shop: string;
  readonly cell: StoredCell;
}

/** The lifetime window of one shop and metric group, with the total and all narrow dimensions. */
export interface LifetimeWindow {
  readonly shop: string;
  readonly group: string;
  /** Dimension (or `total`) → its cells. */
  readonly cells: Readonly<Record<string, StoredWindow['cells']>>;
}

/** What the exporter reads. Nothing here writes. Every method throws an `ExporterError` when the store fails. */
export interface MetricStore {
  /** All shops, by id. */
  shops(): Promise<readonly Shop[]>;
  /** @throws {ExporterError} `too_many_windows` when more than `limit` match. */
  windows(selection: WindowSelection, limit: number): Promise<readonly ReadWindow[]>;
  /** By window id, the sum of the `seq` of all partials: what `version` is once they have been merged. */
  counted(selection: Omit<WindowSelection, 'dimension'>): Promise<ReadonlyMap<string, number>>;
  /** Start of a shop's first day with any of the groups; null when there is none. */
  firstDay(shop: string, groups: readonly string[]): Promise<number | null>;
  /** The totals of a group's windows that begin in a range, of several shops. */
  totals(selection: TotalsSelection): Promise<readonly ShopTotal[]>;
  lifetimes(shops: readonly string[], groups: readonly string[]): Promise<readonly LifetimeWindow[]>;
  /** Orders of identified customers of a shop, by customer and time. */
  orders(shop: string): AsyncIterable<OrderFact>;
  /** Changes of orders of identified customers of a shop, by customer and time. */
  edits(shop: string): AsyncIterable<EditFact>;
  /** Refunds of identified customers of a shop, by customer and time. */
  refunds(shop: string): AsyncIterable<RefundFact>;
  /** Attempts to pay in a shop, by order and time. */
  payments(shop: string): AsyncIterable<PaymentFact>;
  products(shop: string): AsyncIterable<ProductFact>;
  /** Progress of all tasks. */
  progress(): Promise<readonly TaskProgress[]>;
  /** Progress of merging, by partition. */
  merging(): Promise<readonly MergeProgress[]>;
  /** All values that a dimension had in these windows of a shop, in no order. */
  dimensionValues(selection: WindowSelection): Promise<readonly string[]>;
  /** Version of the stored layout; null when nothing has been stored yet. */
  layoutVersion(): Promise<number | null>;
  close(): Promise<void>;
}
