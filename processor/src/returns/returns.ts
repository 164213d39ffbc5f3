import type { FactCollection, StoreEvent } from '@storepulse/contracts';
import {
  isUntold,
  type Reversal,
  reversalOf,
  reversedLines,
  spreadDiscount,
  untoldDiscount,
  withDiscounts,
} from '@storepulse/contracts/events/discounts';
import {
  discountsAsSold,
  type GoodsEvent,
  moveGoods,
  type OrderLots,
} from '@storepulse/contracts/events/order-lots';
import type { ClientSession } from 'mongodb';
import type { Fact, FactCollections } from '../aggregate/facts.ts';
import { createPins } from '../aggregate/pins.ts';
import { getOrCreate } from '../get-or-create.ts';
import { through } from '../store/causal-reads.ts';
import { GOODS_FACTS } from './goods-fields.ts';

/** A fact with the worth of what it takes back. */
export interface ValuedFact {
  readonly fact: Fact;
  /** The event as it is counted: each line that it takes back has its discount. */
  readonly event: StoreEvent;
  /** Lines without a discount, of an order that is not known: they count with their full price. */
  readonly asTold: number;
}

/**
 * Values what refunds and order edits take back. A line that tells no discount is worth what the event's amount says;
 * where that is the full price, what the order took off comes off. An order is known when the task has counted it
 * before, so the same log gives the same values.
 */
export interface Returns {
  /** Keeps what is known of these facts' orders until the returned function is called. */
  hold(facts: readonly Fact[]): () => void;
  /** Looks up the orders that these facts can't be valued without. Held, they stay until the facts are valued. */
  load(facts: readonly Fact[]): Promise<void>;
  /** Values a fact. It must have been looked up. */
  value(fact: Fact): ValuedFact;
  /** Notes a fact that counts, as it was valued. */
  note(fact: Fact): void;
  /** What was noted goes with a commit. */
  take(): void;
  /** Forgets what is stored; called when nothing is on its way to the store. */
  trim(): void;
}

/** What one fact says of an order's goods, as `moveGoods` takes it. */
interface Goods {
  readonly event: GoodsEvent;
  readonly discounts: readonly number[] | undefined;
}
/** By fact. */
type OrderGoods = Map<string, Goods>;

/**
 * Builds the returns of one task.
 * @param reads the claim's session for reading. @default none
 */
export function createReturns(task: string, collectionOf: FactCollections, reads?: ClientSession): Returns {
  const pins = createPins();
  /** What the store has, by order. */
  const stored = new Map<string, OrderGoods>();
  /** Facts that may not be stored yet, by order. */
  const recent = new Map<string, OrderGoods>();
  /** Orders with facts since the last commit began. */
  let pending = new Set<string>();

  const forget = (from: Map<string, OrderGoods>) => {
    for (const order of from.keys()) if (!pending.has(order) && !pins.has(order)) from.delete(order);
  };
  /** Adds what a collection tells of these orders. */
  const find = async (orders: Map<string, OrderGoods>, collection: FactCollection, filter: object) => {
    const { type, fields } = GOODS_FACTS.get(collection)!;
    const projection = Object.fromEntries([...fields, 'discountsAsSold'].map((field) => [field, 1]));
    const found = collectionOf(collection).find({ task, ...filter }, { projection, ...through(reads) });
    for await (const document of found) {
      // A rebuild that an earlier release has begun keeps keys alone.
      if (collection === 'orders' && document.lines === undefined) continue;
      const order = collection === 'orders' ? document._id : `${document.shop}|${document.orderId}`;
      orders.get(order)?.set(`${collection}|${document._id}`, {
        event: { ...document, type } as unknown as GoodsEvent,
        discounts: document.discountsAsSold as number[] | undefined,
      });
    }
  };
  /** What is left of an order's goods; undefined when it is not known. */
  const lotsOf = (order: string): OrderLots | undefined => {
    const goods: OrderGoods = new Map([...(stored.get(order) ?? []), ...(recent.get(order) ?? [])]);
    if (!goods.has(`orders|${order}`)) return undefined;
    const lots: OrderLots = new Map();
    for (const { event, discounts } of goods.values()) moveGoods(lots, event, discounts);
    return lots;
  };

  return {
    hold: (facts) => pins.hold(ordersAskedFor(facts)),
    load: async (facts) => {
      const asked = [...ordersAskedFor(facts)].filter((order) => !stored.has(order));
      if (asked.length === 0) return;
      const orders = new Map(asked.map((order) => [order, new Map() as OrderGoods]));
      const byShop = Map.groupBy(asked, shopOf);
      await Promise.all([
        find(orders, 'orders', { _id: { $in: asked } }),
        ...[...byShop].flatMap(([shop, own]) => {
          const filter = { shop, orderId: { $in: own.map((order) => order.slice(shop.length + 1)) } };
          return [find(orders, 'order-edits', filter), find(orders, 'refunds', filter)];
        }),
      ]);
      for (const [order, goods] of orders) if (!stored.has(order)) stored.set(order, goods);
    },
    value: (fact) => {
      const asItIs = { fact, event: fact.event, asTold: 0 };
      const reversal = reversalOf(fact.event);
      if (!reversal || !reversedLines(reversal).some(isUntold)) return asItIs;
      const lines = reversedLines(reversal);
      const untold = untoldDiscount(reversal);
      if (untold > 0) return { ...asItIs, event: withDiscounts(reversal, spreadDiscount(lines, untold)) };
      const order = orderOf(fact);
      if (order === undefined) return asItIs;
      const lots = lotsOf(order);
      if (!lots) return { ...asItIs, asTold: lines.filter(isUntold).length };
      const discounts = discountsAsSold(lots, reversal);
      const discountAsSold = sumWhere(discounts, (i) => isUntold(lines[i]!));
      if (discountAsSold === 0) return asItIs;
      return {
        fact: { ...fact, asSold: { discountsAsSold: discounts, discountAsSold } },
        event: withDiscounts(reversal, discounts),
        asTold: 0,
      };
    },
    note: (fact) => {
      const order = GOODS_FACTS.has(fact.collection) ? orderOf(fact) : undefined;
      if (order === undefined) return;
      const goods = { event: fact.event as GoodsEvent, discounts: fact.asSold?.discountsAsSold };
      getOrCreate(recent, order, () => new Map() as OrderGoods).set(`${fact.collection}|${fact.id}`, goods);
      pending.add(order);
    },
    take: () => {
      pending = new Set();
    },
    trim: () => {
      forget(stored);
      forget(recent);
    },
  };
}

/** The orders without which these facts can't be valued. */
function ordersAskedFor(facts: readonly Fact[]): Set<string> {
  const orders = new Set<string>();
  for (const fact of facts) {
    const reversal = reversalOf(fact.event);
    const order = reversal && needsOrder(reversal) ? orderOf(fact) : undefined;
    if (order !== undefined) orders.add(order);
  }
  return orders;
}

/** Whether an event's amounts tell no discount, while some of its lines leave it open. */
const needsOrder = (reversal: Reversal) =>
  reversedLines(reversal).some(isUntold) && untoldDiscount(reversal) === 0;

/** `shop|orderId` of the order that a fact is of, if it names one. */
function orderOf({ event }: Fact): string | undefined {
  const { orderId } = event as { orderId?: string | null };
  return orderId === null || orderId === undefined ? undefined : `${event.shop}|${orderId}`;
}

const shopOf = (order: string) => order.slice(0, order.indexOf('|'));

function sumWhere(numbers: readonly number[], isWanted: (index: number) => boolean): number {
  return numbers.reduce((sum, number, i) => (isWanted(i) ? sum + number : sum), 0);
}
