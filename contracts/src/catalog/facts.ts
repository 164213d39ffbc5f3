import type { EpochMs } from '../ids.ts';

/** One customer as a window sees them. Only orders and refunds that carry the customer's id are told of. */
export interface CustomerInWindow {
  /** Orders placed before the window began. */
  readonly ordersBefore: number;
  /** Orders placed in the window. */
  readonly ordersIn: number;
  /** Gross sales − discounts − returns up to the window's end, in minor units. */
  readonly netSales: number;
}

/** An order, a change of one or a refund, where the order has not been called off. */
export interface KeptGoods {
  /** What it adds to the net sales, in minor units: negative for what is taken back. */
  readonly goods: number;
}

/** One order that somebody tried to pay, in the window of the first attempt. */
export interface PaidOrder {
  /** Whether any attempt succeeded, whenever that was. */
  readonly authorized: boolean;
}

/** One product as its record tells now. */
export interface StockedProduct {
  /** Pieces left; null when the source knows none. */
  readonly stock: number | null;
}

/** What a shop aims at, as its record tells now. */
export interface AimedSales {
  /** Net sales aimed at in a window, in minor units: of a part of a day its share. */
  readonly netSales: number;
}

/** What the rows of each kind of fact look like. */
export interface FactRows {
  readonly aims: AimedSales;
  readonly customers: CustomerInWindow;
  readonly kept_goods: KeptGoods;
  readonly paid_orders: PaidOrder;
  readonly products: StockedProduct;
}
/** A kind of fact that metrics are computed over. */
export type FactSource = keyof FactRows;

/**
 * Dimensions of each kind of fact. Every row has one value of each, so that groups add up to the total: a customer
 * has those of their first order (but `segment`, which is of the window's end), an order those of its first attempt
 * to pay, and goods those of the event that moves them.
 */
export const FACT_DIMENSIONS: Readonly<Record<FactSource, readonly string[]>> = {
  aims: [],
  customers: ['country', 'device', 'channel', 'payment_method', 'cohort', 'segment'],
  kept_goods: ['country', 'device', 'channel'],
  paid_orders: ['country', 'device', 'channel', 'payment_method'],
  products: ['category'],
};

const DAY = 86_400_000;
/** Time since the last order after which a customer is in the next group of segments, in ascending order. */
export const SEGMENT_AGES: readonly number[] = [90 * DAY, 365 * DAY];

/** By recency: one order, two to four, five and more. */
const SEGMENTS = [
  ['new', 'loyal', 'champion'],
  ['one_time', 'at_risk', 'at_risk'],
  ['lost', 'lost', 'lost'],
] as const;
/** Where a customer stands by recency and frequency. */
export type Segment = (typeof SEGMENTS)[number][number];
/** All segments, the best first. */
export const SEGMENT_VALUES: readonly Segment[] = ['champion', 'loyal', 'new', 'at_risk', 'one_time', 'lost'];

/**
 * The segment of a customer, by recency and frequency; what the segments spend is a metric split by them.
 * Ordered within 90 days: `new` (one order), `loyal` (two to four), `champion` (five and more); within a year:
 * `one_time` (one order), `at_risk` (more); longer ago: `lost`.
 */
export function segmentOf(orders: number, lastOrder: EpochMs | number, at: EpochMs | number): Segment {
  const recency = SEGMENT_AGES.filter((age) => at - lastOrder > age).length;
  const frequency = orders === 1 ? 0 : orders < 5 ? 1 : 2;
  return SEGMENTS[recency]![frequency]!;
}
