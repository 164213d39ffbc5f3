import {
  type Circumstances,
  type EditFact,
  editedGoods,
  type OrderFact,
  type RefundFact,
  refundedGoods,
  soldGoods,
} from './rows.ts';

/** Everything that a customer bought, changed and gave back. */
export interface CustomerHistory {
  /** Of the first order. */
  readonly first: Circumstances;
  /** Orders, their edits and refunds in order of time; as parallel lists, since there are very many. */
  readonly times: number[];
  /** What each adds to the net sales, in minor units: negative for refunds, and for edits that take something off. */
  readonly amounts: number[];
  /** Whether each is an order. */
  readonly isOrder: boolean[];
}

/**
 * Joins orders, order edits and refunds, each sorted by customer and time, to one history per customer with an order.
 * Of the facts only one customer's are held at a time.
 */
export async function* joinHistories(
  orders: AsyncIterable<OrderFact>,
  edits: AsyncIterable<EditFact>,
  refunds: AsyncIterable<RefundFact>,
): AsyncGenerator<CustomerHistory> {
  const edited = followCustomers(edits);
  const given = followCustomers(refunds);
  try {
    for await (const own of byCustomer(orders)) {
      const { customerId } = own[0]!;
      yield historyOf(own, await edited.of(customerId), await given.of(customerId));
    }
  } finally {
    await edited.close();
    await given.close();
  }
}

/** Goes along facts that are sorted by customer: those of each customer asked for, who come in the same order. */
function followCustomers<T extends { readonly customerId: string }>(facts: AsyncIterable<T>) {
  const iterator = facts[Symbol.asyncIterator]();
  let next: IteratorResult<T> | undefined;
  return {
    of: async (customerId: string): Promise<T[]> => {
      const own: T[] = [];
      next ??= await iterator.next();
      while (!next.done && compare(next.value.customerId, customerId) <= 0) {
        if (next.value.customerId === customerId) own.push(next.value);
        next = await iterator.next();
      }
      return own;
    },
    close: async () => {
      await iterator.return?.();
    },
  };
}

async function* byCustomer(orders: AsyncIterable<OrderFact>): AsyncGenerator<OrderFact[]> {
  let own: OrderFact[] = [];
  for await (const order of orders) {
    if (own.length > 0 && own[0]!.customerId !== order.customerId) {
      yield own;
      own = [];
    }
    own.push(order);
  }
  if (own.length > 0) yield own;
}

function historyOf(
  orders: readonly OrderFact[],
  edits: readonly EditFact[],
  refunds: readonly RefundFact[],
): CustomerHistory {
  const entries = [
    ...orders.map((order) => ({ time: order.eventTime, amount: soldGoods(order), isOrder: true })),
    ...edits.map((edit) => ({ time: edit.eventTime, amount: editedGoods(edit), isOrder: false })),
    ...refunds.map((refund) => ({ time: refund.eventTime, amount: -refundedGoods(refund), isOrder: false })),
  ];
  if (entries.length > orders.length) entries.sort((a, b) => a.time - b.time);
  const { country, device, channel, paymentMethod } = orders[0]!;
  return {
    first: { country, device, channel, paymentMethod },
    times: entries.map(({ time }) => time),
    amounts: entries.map(({ amount }) => amount),
    isOrder: entries.map(({ isOrder }) => isOrder),
  };
}

/** MongoDB sorts texts by their UTF-8 bytes, JavaScript by UTF-16 units. */
function compare(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}
