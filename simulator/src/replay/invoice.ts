import { exact, type FactCollection, type OrderLine } from '@storepulse/contracts';
import { reasonOf } from './compare-rows.ts';
import { type CountedInvoice, NOTHING_COUNTED } from './counted/counted-invoices.ts';
import type { FactEvent } from './counted/facts.ts';
import { derivedEventId } from './event-id.ts';
import type { Row, RowFate } from './file/row.ts';
import type { Telling } from './pacing.ts';
import type { InvoicePlan } from './plan-invoice.ts';

/** The shop that a file is replayed into. */
export interface Target {
  readonly shop: string;
  /** ISO 4217 code of what the file's prices are in, and of the shop's money. */
  readonly currency: string;
}

/** Currency of the data set. */
export const CURRENCY = 'GBP';

/**
 * The events that make an invoice's rows count, all at the time of its first row: at most one order, or an edit of the
 * order when it is counted already; at most one refund; and one event per adjustment and stock movement, named by the
 * row's place in the invoice. A name that is taken is passed over, so what is counted stays as it is.
 */
export function invoiceEvents(
  { shop, currency }: Target,
  { head, rows, removed }: InvoicePlan,
  telling: Telling,
  counted: CountedInvoice = NOTHING_COUNTED,
): FactEvent[] {
  const { time, customerId, country } = head;
  const invoice = telling.key(head.invoice);
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
  const taken = new Set(counted.facts.keys());
  const nextKey = (collection: FactCollection, from: number): string => {
    let number = from;
    while (taken.has(`${collection}|${invoice}:${number}`)) number += 1;
    taken.add(`${collection}|${invoice}:${number}`);
    return `${invoice}:${number}`;
  };
  const events: FactEvent[] = [];

  const ordered = of('order_line').map((row): OrderLine => ({ ...lineOf(row), discount: 0 }));
  if (counted.orderLines === null && ordered.length > 0) {
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
  } else if (ordered.length + removed.length > 0) {
    const editId = nextKey('order-edits', 1);
    events.push({
      type: 'order_edited',
      eventId: eventId('order_edited', editId),
      ...visit,
      editId,
      orderId: invoice,
      currency,
      added: ordered,
      removed: removed.map(({ sku, category, quantity, unitPrice }) => ({
        sku,
        category,
        quantity,
        unitPrice,
      })),
      shipping: 0,
      tax: 0,
      total: exact(sum(ordered) - sum(removed)),
    });
  }
  const returned = of('return_line').map(lineOf);
  if (returned.length > 0) {
    const refundId = taken.has(`refunds|${invoice}`) ? nextKey('refunds', 2) : invoice;
    events.push({
      type: 'refund_issued',
      eventId: eventId('refund_issued', refundId),
      ...visit,
      refundId,
      orderId: null,
      currency,
      lines: returned,
      amount: sum(returned),
    });
  }
  rows.forEach((row, index) => {
    const reason = reasonOf(row);
    if (row.fate === 'adjustment') {
      const key = nextKey('adjustments', index + 1);
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
      const key = nextKey('stock-movements', index + 1);
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
