import type { FactCollection, OrderLine, StoreEvent } from '../events/index.ts';
import { exact } from '../money.ts';
import { derivedEventId } from './event-id.ts';
import type { Row, RowFate } from './row.ts';
import { asHistory, type Telling } from './telling.ts';

/** The shop that sales are of. */
export interface Target {
  readonly shop: string;
  /** ISO 4217 code of what the prices are in, and of the shop's money. */
  readonly currency: string;
}

/** An event that states a fact of an invoice. */
export type FactEvent = Extract<
  StoreEvent,
  { type: 'order_placed' | 'order_edited' | 'refund_issued' | 'adjustment_posted' | 'stock_moved' }
>;

/** A line of an order that is counted. */
export interface CountedLine {
  readonly sku: string;
  readonly category: string | null;
  readonly quantity: number;
  readonly unitPrice: number;
}

/** What is to be told of an invoice. */
export interface InvoiceRows {
  /** The row that the invoice's time, customer and country are of. */
  readonly head: Row;
  /** Rows that are not counted yet. */
  readonly rows: readonly Row[];
  /** Lines of its order that are counted and are no longer part of it. */
  readonly removed: readonly CountedLine[];
}

/** What is known to be counted of an invoice. */
export interface CountedFacts {
  /** The lines of its order; null: there is no such order. */
  readonly orderLines: readonly CountedLine[] | null;
  /** Its facts, by their business key behind their collection and a bar. */
  readonly facts: { keys(): Iterable<string> };
}

/** An event, and the rows of the invoice that it tells. */
export interface InvoiceEvent {
  readonly event: FactEvent;
  readonly rows: readonly Row[];
}

const NOTHING: CountedFacts = { orderLines: null, facts: new Map() };

/** Why something was adjusted or moved, as its event says it. */
export const reasonOf = ({ description }: Pick<Row, 'description'>) =>
  description.slice(0, 200) || 'not stated';

/**
 * The events that make an invoice's rows count, all at the time of its first row: at most one order, or an edit of the
 * order when it is counted already; at most one refund; and one event per adjustment and stock movement, named by the
 * row's place in the invoice. A name that is taken is passed over, so what is counted stays as it is.
 * @param counted what is counted of it already. @default nothing
 */
export function invoiceEvents(
  { shop, currency }: Target,
  { head, rows, removed }: InvoiceRows,
  telling: Telling = asHistory,
  counted: CountedFacts = NOTHING,
): InvoiceEvent[] {
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
  const events: InvoiceEvent[] = [];
  const tell = (event: FactEvent, told: readonly Row[]) => events.push({ event, rows: told });

  const orderRows = of('order_line');
  const ordered = orderRows.map((row): OrderLine => ({ ...lineOf(row), discount: 0 }));
  if (counted.orderLines === null && ordered.length > 0) {
    const subtotal = sum(ordered);
    tell(
      {
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
      },
      orderRows,
    );
  } else if (ordered.length + removed.length > 0) {
    const editId = nextKey('order-edits', 1);
    tell(
      {
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
      },
      orderRows,
    );
  }
  const returnRows = of('return_line');
  const returned = returnRows.map(lineOf);
  if (returned.length > 0) {
    const refundId = taken.has(`refunds|${invoice}`) ? nextKey('refunds', 2) : invoice;
    tell(
      {
        type: 'refund_issued',
        eventId: eventId('refund_issued', refundId),
        ...visit,
        refundId,
        orderId: null,
        currency,
        lines: returned,
        amount: sum(returned),
      },
      returnRows,
    );
  }
  rows.forEach((row, index) => {
    const reason = reasonOf(row);
    if (row.fate === 'adjustment') {
      const key = nextKey('adjustments', index + 1);
      tell(
        {
          type: 'adjustment_posted',
          eventId: eventId('adjustment_posted', key),
          ...visit,
          adjustmentId: key,
          currency,
          amount: exact(row.price * row.quantity),
          reason,
        },
        [row],
      );
    } else if (row.fate === 'stock_movement') {
      const key = nextKey('stock-movements', index + 1);
      tell(
        {
          type: 'stock_moved',
          eventId: eventId('stock_moved', key),
          ...visit,
          movementId: key,
          sku: row.sku,
          quantity: row.quantity,
          reason,
        },
        [row],
      );
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
