import type { OrderEdited } from '@storepulse/contracts';
import type { CountedLine, FactEvent } from '@storepulse/contracts/sales/invoice';
import { adjustmentContent, lineContent, movementContent } from '../compare-rows.ts';
import { shortKeyOf } from './facts.ts';

/** What is counted of one invoice. */
export interface CountedInvoice {
  /** The contents of its rows, each as often as it is counted (see `contentOf`). */
  readonly contents: readonly string[];
  /** The lines of its order after all edits; null: there is no such order. */
  readonly orderLines: readonly CountedLine[] | null;
  /** Its facts: what each says (see `wordsOf`), by its business key behind its collection and a bar. */
  readonly facts: ReadonlyMap<string, string>;
}

/** An invoice of which nothing is counted. */
export const NOTHING_COUNTED: CountedInvoice = { contents: [], orderLines: null, facts: new Map() };

interface Found {
  contents: string[];
  orderLines: readonly CountedLine[] | null;
  facts: Map<string, string>;
}

/**
 * What these facts count of each invoice. Facts after the first of an invoice are named by its number, a colon and a
 * number of their own.
 * @param invoices those that are asked for; a name that is one of them is not taken apart
 * @param facts in any order; of orders and refunds, as far as their lines are kept
 */
export function countedInvoices(
  invoices: readonly string[],
  facts: readonly FactEvent[],
): Map<string, CountedInvoice> {
  const asked = new Set(invoices);
  const found = new Map<string, Found>();
  const of = (name: string): Found => {
    const invoice = asked.has(name) ? name : name.replace(/:\d+$/, '');
    const known = found.get(invoice) ?? { contents: [], orderLines: null, facts: new Map() };
    found.set(invoice, known);
    return known;
  };
  const take = (name: string, fact: FactEvent): Found => {
    const invoice = of(name);
    invoice.facts.set(shortKeyOf(fact), wordsOf(fact));
    return invoice;
  };
  for (const fact of facts) {
    if (fact.type === 'order_placed') take(fact.orderId, fact).orderLines = fact.lines ?? [];
  }
  for (const fact of facts) {
    if (fact.type === 'order_edited') {
      const invoice = take(fact.orderId, fact);
      invoice.orderLines = edited(invoice.orderLines ?? [], fact);
    } else if (fact.type === 'refund_issued') {
      take(fact.refundId, fact).contents.push(...contentsOf(fact));
    } else if (fact.type === 'adjustment_posted') {
      take(fact.adjustmentId, fact).contents.push(...contentsOf(fact));
    } else if (fact.type === 'stock_moved') {
      take(fact.movementId, fact).contents.push(...contentsOf(fact));
    }
  }
  for (const { contents, orderLines } of found.values()) {
    for (const line of orderLines ?? []) contents.push(contentOfLine('order_line', line));
  }
  return found;
}

/** All that a fact says of rows, in its order, as one text. */
export const wordsOf = (fact: FactEvent): string => contentsOf(fact).join('\n');

/** The contents of the rows that a fact was made of. */
function contentsOf(fact: FactEvent): string[] {
  switch (fact.type) {
    case 'order_placed':
      return (fact.lines ?? []).map((line) => contentOfLine('order_line', line));
    case 'order_edited':
      return [
        ...fact.added.map((line) => contentOfLine('order_line', line)),
        ...fact.removed.map((line) => `removed ${contentOfLine('order_line', line)}`),
      ];
    case 'refund_issued':
      return (fact.lines ?? []).map((line) => contentOfLine('return_line', line));
    case 'adjustment_posted':
      return [adjustmentContent(fact.amount, fact.reason)];
    case 'stock_moved':
      return [movementContent(fact.sku, fact.quantity, fact.reason)];
  }
}

const contentOfLine = (fate: 'order_line' | 'return_line', { sku, quantity, unitPrice }: CountedLine) =>
  lineContent(fate, sku, quantity, unitPrice);

/** The lines of an order after an edit. */
function edited(lines: readonly CountedLine[], { added, removed }: OrderEdited): readonly CountedLine[] {
  const left = [...lines, ...added];
  for (const line of removed) {
    const at = left.findIndex(
      ({ sku, quantity, unitPrice }) =>
        sku === line.sku && quantity === line.quantity && unitPrice === line.unitPrice,
    );
    if (at >= 0) left.splice(at, 1);
  }
  return left;
}
