import {
  type CancelledOrder,
  type Circumstances,
  editedGoods,
  type GoodsEdit,
  type GoodsOrder,
  type GoodsRefund,
  refundedGoods,
  soldGoods,
  type VisitCircumstances,
} from './rows.ts';

/** What a fact adds to the net sales of orders that have not been called off. */
export interface KeptGoodsFact {
  readonly time: number;
  /** Minor units; negative for what is taken back. */
  readonly goods: number;
  readonly first: Circumstances;
}

/**
 * Goods of all orders, their edits and refunds, but for those of cancelled orders. Orders are very many and told without their
 * ids, which no index holds beside the rest: so a cancelled one is told a second time, with what takes it away.
 */
export async function* keepGoods(facts: {
  cancelled: AsyncIterable<CancelledOrder>;
  orders: AsyncIterable<GoodsOrder>;
  edits: AsyncIterable<GoodsEdit>;
  refunds: AsyncIterable<GoodsRefund>;
}): AsyncGenerator<KeptGoodsFact> {
  const shared = shareCircumstances();
  const rowOf = (
    fact: VisitCircumstances & { readonly eventTime: number },
    goods: number,
  ): KeptGoodsFact => ({
    time: fact.eventTime,
    goods,
    first: shared(fact),
  });
  const cancelled = new Set<string>();
  for await (const { orderId, order } of facts.cancelled) {
    cancelled.add(orderId);
    if (order) yield rowOf(order, -soldGoods(order));
  }
  const isKept = ({ orderId }: { readonly orderId: string | null }) =>
    orderId === null || !cancelled.has(orderId);
  for await (const order of facts.orders) yield rowOf(order, soldGoods(order));
  for await (const edit of facts.edits) if (isKept(edit)) yield rowOf(edit, editedGoods(edit));
  for await (const refund of facts.refunds) if (isKept(refund)) yield rowOf(refund, -refundedGoods(refund));
}

/** One object for all facts that came about alike: there are few ways and very many facts. */
function shareCircumstances(): (fact: VisitCircumstances) => Circumstances {
  const known = new Map<string, Circumstances>();
  return ({ country = null, device = null, channel = null }) => {
    const key = JSON.stringify([country, device, channel]);
    const same = known.get(key);
    if (same) return same;
    const first = { country, device, channel, paymentMethod: null };
    known.set(key, first);
    return first;
  };
}
