import {
  catalog,
  dimensionValue,
  evaluate,
  type MetricSpec,
  type Shop,
  type StoreEvent,
} from '@storepulse/contracts';
import { byTexts, factsOf } from './lives.ts';

type Goods = NonNullable<ReturnType<typeof factsOf>['goods']>;
type Order = ReturnType<typeof factsOf>['orders'][number];

/** One customer, or order, as a row that has all dimensions. */
interface Row {
  readonly tells: (dimension: string, to: number) => string;
  readonly of: (part: string, from: number, to: number) => number;
}

/** Answers about customers by going over everything that each has done. */
export interface ByHand {
  /** A metric's value by group in a span; a group is its values joined by `|`. */
  table(
    metric: MetricSpec,
    groupBy: readonly string[],
    span: { from: number; to: number },
    keeps: (tells: (dimension: string) => string) => boolean,
  ): Map<string, number | null>;
}

const DAY = 86_400_000;

/** @param events each counted once @param now wall clock, epoch ms */
export function customersByHand(shop: Shop, events: readonly StoreEvent[], now: number): ByHand {
  const facts = factsOf(events);
  const rows = {
    customers: customerRows(shop, facts, now),
    kept_goods: goodsRows(facts.goods as Goods),
    paid_orders: paymentRows(facts.payments),
  };
  return {
    table: (metric, groupBy, { from, to }, keeps) => {
      const parts = catalog.partsOf(metric);
      const source = (parts[0] as { facts: keyof typeof rows }).facts;
      const sums = new Map<string, Map<string, number>>();
      for (const { tells, of } of rows[source]) {
        const told = (dimension: string) => tells(dimension, to);
        if (!keeps(told)) continue;
        const group = groupBy.map(told).join('|');
        const own = sums.get(group) ?? new Map<string, number>();
        for (const { name } of parts) own.set(name, (own.get(name) ?? 0) + of(name, from, to));
        sums.set(group, own);
      }
      return new Map(
        [...sums].map(([group, own]) => {
          const read = (name: string) => own.get(name)!;
          if (metric.kind !== 'ratio') return [group, read(metric.name)] as const;
          const denominator = evaluate(metric.denominator, read);
          return [group, denominator > 0 ? evaluate(metric.numerator, read) / denominator : null] as const;
        }),
      );
    },
  };
}

const FIELDS = {
  country: 'country',
  device: 'device',
  channel: 'channel',
  payment_method: 'paymentMethod',
} as const;
const tellOf = (told: object, dimension: string) =>
  dimensionValue(
    catalog.dimensions.get(dimension)!,
    (told as Partial<Record<string, string | null>>)[FIELDS[dimension as keyof typeof FIELDS]],
  );

function customerRows(
  shop: Shop,
  { orders, edits, refunds }: ReturnType<typeof factsOf>,
  now: number,
): Row[] {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: shop.timeZone,
    year: 'numeric',
    month: '2-digit',
  });
  return [...Map.groupBy(orders, ({ customerId }) => customerId)].map(([customer, own]): Row => {
    const sorted = own.toSorted(
      (a, b) =>
        a.eventTime - b.eventTime || a.subtotal - b.subtotal || a.discount - b.discount || byTexts(a, b),
    );
    const first = sorted[0] as Order;
    const before = (time: number) => sorted.filter(({ eventTime }) => eventTime < time);
    const changes = [
      ...edits
        .filter(({ customerId }) => customerId === customer)
        .map((edit) => ({
          at: edit.eventTime,
          adds: edit.total - edit.shipping - edit.tax + (edit.discountAsSold ?? 0),
        })),
      ...refunds
        .filter(({ customerId }) => customerId === customer)
        .map((refund) => ({
          at: refund.eventTime,
          adds: -(refund.amount - (refund.shipping ?? 0) - (refund.tax ?? 0) - (refund.discountAsSold ?? 0)),
        })),
    ];
    const segment = (to: number): string => {
      const until = before(to);
      if (until.length === 0) return 'nobody';
      const age = Math.min(to, now) - until.at(-1)!.eventTime;
      const often = until.length === 1 ? 'once' : until.length < 5 ? 'some' : 'many';
      if (age <= 90 * DAY) return { once: 'new', some: 'loyal', many: 'champion' }[often];
      if (age <= 365 * DAY) return often === 'once' ? 'one_time' : 'at_risk';
      return 'lost';
    };
    const definitions: Record<string, (from: number, to: number) => number> = {
      customers_to_date: (_from, to) => (before(to).length > 0 ? 1 : 0),
      ordering_customers: (from, to) => (before(to).length > before(from).length ? 1 : 0),
      new_customers: (from, to) => (first.eventTime >= from && first.eventTime < to ? 1 : 0),
      returning_customers: (from, to) =>
        before(from).length > 0 && before(to).length > before(from).length ? 1 : 0,
      repeat_customers: (_from, to) => (before(to).length >= 2 ? 1 : 0),
      customer_net_sales: (_from, to) => {
        if (before(to).length === 0) return 0;
        const sold = before(to).reduce((sum, { subtotal, discount }) => sum + subtotal - discount, 0);
        return changes.filter(({ at }) => at < to).reduce((sum, { adds }) => sum + adds, sold);
      },
    };
    return {
      tells: (dimension, to) => {
        if (dimension === 'segment') return segment(to);
        if (dimension === 'cohort') return format.format(first.eventTime).slice(0, 7);
        return tellOf(first, dimension);
      },
      of: (part, from, to) => definitions[part]!(from, to),
    };
  });
}

const isIn = (time: number, from: number, to: number) => time >= from && time < to;

function goodsRows({ cancelled = [], orders = [], edits = [], refunds = [] }: Goods): Row[] {
  const off = new Set(cancelled.map(({ orderId }) => orderId));
  const kept = [
    ...(orders as unknown as (Order & { orderId: string })[]).map((order) => ({
      ...order,
      goods: order.subtotal - order.discount,
    })),
    ...edits.map((edit) => ({
      ...edit,
      goods: edit.total - edit.shipping - edit.tax + (edit.discountAsSold ?? 0),
    })),
    ...refunds.map((refund) => ({
      ...refund,
      goods: -(refund.amount - (refund.shipping ?? 0) - (refund.tax ?? 0) - (refund.discountAsSold ?? 0)),
    })),
  ].filter(({ orderId }) => orderId === null || !off.has(orderId));
  return kept.map((fact) => ({
    tells: (dimension) => tellOf(fact, dimension),
    of: (_part, from, to) => (isIn(fact.eventTime, from, to) ? fact.goods : 0),
  }));
}

function paymentRows(payments: ReturnType<typeof factsOf>['payments']): Row[] {
  return [...Map.groupBy(payments, ({ orderId }) => orderId).values()].map((attempts): Row => {
    const told = attempts.map((attempt) => ({ ...attempt, paymentMethod: attempt.method }));
    const [first] = told.sort(
      (a, b) => a.eventTime - b.eventTime || (a.type < b.type ? -1 : a.type > b.type ? 1 : byTexts(a, b)),
    ) as [(typeof told)[number]];
    const isPaid = attempts.some(({ type }) => type === 'payment_authorized');
    return {
      tells: (dimension) => tellOf(first, dimension),
      of: (part, from, to) =>
        isIn(first.eventTime, from, to) && (part === 'payment_orders' || !isPaid) ? 1 : 0,
    };
  });
}
