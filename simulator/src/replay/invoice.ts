import { exact, type OrderLine, type StoreEvent } from '@storepulse/contracts';
import { reasonOf } from './compare-rows.ts';
import { derivedEventId } from './event-id.ts';
import type { Row, RowFate } from './file/row.ts';
import type { Telling } from './pacing.ts';

/** The shop that a file is replayed into. */
export interface Target {
  readonly shop: string;
  /** ISO 4217 code of what the file's prices are in, and of the shop's money. */
  readonly currency: string;
}

/** Currency of the data set. */
export const CURRENCY = 'GBP';

/**
 * The events that one invoice's rows make, all at the time of its first row: at most one order and one refund
 * with their lines, and one event per adjustment and stock movement, named by the row's place in the invoice.
 * @param rows all readable rows of the invoice, in the file's order; at least one
 */
export function invoiceEvents(
  { shop, currency }: Target,
  rows: readonly Row[],
  telling: Telling,
): StoreEvent[] {
  const { time, customerId, country } = rows[0]!;
  const invoice = telling.key(rows[0]!.invoice);
  const eventTime = telling.time(time);
  const visit = {
    eventTime,
    shop,
    visitorId: customerId === null ? `invoice:${invoice}` : `customer:${customerId}`,
    sessionId: null,
    customerId,
    device: null,
    channel: null,
    country,
  };
  const of = (fate: RowFate) => rows.filter((row) => row.fate === fate);
  const eventId = (type: string, key: string) => derivedEventId(eventTime, shop, type, key);
  const events: StoreEvent[] = [];

  const ordered = of('order_line').map((row): OrderLine => ({ ...lineOf(row), discount: 0 }));
  if (ordered.length > 0) {
    const subtotal = sum(ordered);
    events.push({
      type: 'order_placed',
      eventId: eventId('order_placed', invoice),
      ...visit,
      orderId: invoice,
      currency,
      lines: ordered,
      subtotal,
      discount: 0,
      shipping: 0,
      tax: 0,
      total: subtotal,
    });
  }
  const returned = of('return_line').map(lineOf);
  if (returned.length > 0) {
    events.push({
      type: 'refund_issued',
      eventId: eventId('refund_issued', invoice),
      ...visit,
      refundId: invoice,
      orderId: null,
      currency,
      lines: returned,
      amount: sum(returned),
    });
  }
  rows.forEach((row, index) => {
    const key = `${invoice}:${index + 1}`;
    const reason = reasonOf(row);
    if (row.fate === 'adjustment') {
      events.push({
        type: 'adjustment_posted',
        eventId: eventId('adjustment_posted', key),
        ...visit,
        adjustmentId: key,
        currency,
        amount: exact(row.price * row.quantity),
        reason,
      });
    } else if (row.fate === 'stock_movement') {
      events.push({
        type: 'stock_moved',
        eventId: eventId('stock_moved', key),
        ...visit,
        movementId: key,
        sku: row.sku,
        quantity: row.quantity,
        reason,
      });
    }
  });
  return events;
}

function lineOf({ sku, quantity, price }: Row) {
  return { sku, category: null, quantity: Math.abs(quantity), unitPrice: price };
}

function sum(lines: readonly { quantity: number; unitPrice: number }[]): number {
  return exact(lines.reduce((total, line) => total + line.quantity * line.unitPrice, 0));
}
