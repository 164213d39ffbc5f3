import type { Circumstances, OrderFact, RefundFact } from './rows.ts';

/** Everything that a customer bought and gave back. */
export interface CustomerHistory {
  /** Of the first order. */
  readonly first: Circumstances;
  /** Orders and refunds in order of time; as parallel lists, since there are very many. */
  readonly times: number[];
  /** What each adds to the net sales, in minor units: negative for refunds. */
  readonly amounts: number[];
  /** Whether each is an order. */
  readonly isOrder: boolean[];
}

/**
 * Joins orders and refunds, each sorted by customer and time, to one history per customer with an order. Of the
 * facts only one customer's are held at a time.
 */
export async function* joinHistories(
  orders: AsyncIterable<OrderFact>,
  refunds: AsyncIterable<RefundFact>,
): AsyncGenerator<CustomerHistory> {
  const given = refunds[Symbol.asyncIterator]();
  let refund = await given.next();
  try {
    for await (const own of byCustomer(orders)) {
      const { customerId } = own[0]!;
      const back: RefundFact[] = [];
      while (!refund.done && compare(refund.value.customerId, customerId) <= 0) {
        if (refund.value.customerId === customerId) back.push(refund.value);
        refund = await given.next();
      }
      yield historyOf(own, back);
    }
  } finally {
    await given.return?.();
  }
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

function historyOf(orders: readonly OrderFact[], refunds: readonly RefundFact[]): CustomerHistory {
  const entries = [
    ...orders.map(({ eventTime, subtotal, discount }) => ({
      time: eventTime,
      amount: subtotal - discount,
      isOrder: true,
    })),
    ...refunds.map(({ eventTime, amount }) => ({ time: eventTime, amount: -amount, isOrder: false })),
  ];
  if (refunds.length > 0) entries.sort((a, b) => a.time - b.time);
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
