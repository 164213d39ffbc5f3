import type { Circumstances, PaymentFact } from './rows.ts';

/** An order with what became of its payment. */
export interface PaidOrderFact {
  /** Of the first attempt. */
  readonly time: number;
  /** Of the first attempt. */
  readonly first: Circumstances;
  /** Whether any attempt succeeded. */
  readonly authorized: boolean;
}

/** Gathers attempts to pay, sorted by order and time, to one row per order. */
export async function* gatherAttempts(payments: AsyncIterable<PaymentFact>): AsyncGenerator<PaidOrderFact> {
  let first: PaymentFact | undefined;
  let authorized = false;
  for await (const payment of payments) {
    if (first && first.orderId !== payment.orderId) yield paidOrder(first, authorized);
    if (first?.orderId !== payment.orderId) {
      first = payment;
      authorized = false;
    }
    authorized ||= payment.type === 'payment_authorized';
  }
  if (first) yield paidOrder(first, authorized);
}

function paidOrder(
  { eventTime, country, device, channel, method }: PaymentFact,
  authorized: boolean,
): PaidOrderFact {
  return { time: eventTime, first: { country, device, channel, paymentMethod: method }, authorized };
}
