import type { FactMetric, FactSource } from '@storepulse/contracts';

/** What SQL adds up for a metric over facts. Held against the catalogue’s definitions by `tests/depth/customers.test.ts`. */
export type FactSql =
  /** Of each row in its own bucket. */
  | { readonly kind: 'rows'; readonly adds: string }
  /** Of customers with an order in the bucket. */
  | { readonly kind: 'ordering'; readonly of: 'all' | 'new' | 'returning' }
  /** Of all customers up to the bucket’s end. */
  | {
      readonly kind: 'to-date';
      /** What an order, edit or refund adds to it. */
      readonly adds: string;
      /** What it is of a customer after an order, edit or refund. */
      readonly holds: string;
    };

/** Where the rows of a kind of fact are, and what its metrics add up. Kinds that are missing are not told by the lake. */
export interface FactTable {
  readonly from: string;
  readonly metrics: Readonly<Record<string, FactSql>>;
}

/** The kinds of facts that the lake tells. */
export const FACT_TABLES: Readonly<Partial<Record<FactSource, FactTable>>> = {
  customers: {
    from: 'purchases AS r',
    metrics: {
      customers_to_date: {
        kind: 'to-date',
        adds: 'CASE WHEN r.is_order AND r.nth = 1 THEN 1 ELSE 0 END',
        holds: '1',
      },
      repeat_customers: {
        kind: 'to-date',
        adds: 'CASE WHEN r.is_order AND r.nth = 2 THEN 1 ELSE 0 END',
        holds: 'CASE WHEN r.nth >= 2 THEN 1 ELSE 0 END',
      },
      customer_net_sales: { kind: 'to-date', adds: 'r.amount', holds: 'r.net_sales' },
      ordering_customers: { kind: 'ordering', of: 'all' },
      new_customers: { kind: 'ordering', of: 'new' },
      returning_customers: { kind: 'ordering', of: 'returning' },
    },
  },
  kept_goods: {
    from: '(SELECT * FROM goods_events WHERE counts AND (order_key IS NULL OR order_key NOT IN (SELECT order_key FROM cancelled_orders WHERE counts))) AS r',
    metrics: { net_sales_without_cancelled: { kind: 'rows', adds: 'r.amount' } },
  },
  paid_orders: {
    from: 'paid_orders AS r',
    metrics: {
      payment_orders: { kind: 'rows', adds: '1' },
      failed_payment_orders: { kind: 'rows', adds: 'CASE WHEN r.paid THEN 0 ELSE 1 END' },
    },
  },
};

/** Whether the lake tells all of some metrics over facts. */
export const areTold = (metrics: readonly FactMetric[]): boolean =>
  metrics.every(({ facts, name }) => FACT_TABLES[facts]?.metrics[name] !== undefined);
