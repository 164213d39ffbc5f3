import { eventRegistry, type FactCollection, type StoreEvent } from '@storepulse/contracts';
import type { FactEvent } from '@storepulse/contracts/sales/invoice';

/** Where a fact is kept, and its `_id` there. */
export interface FactKey {
  readonly collection: FactCollection;
  readonly id: string;
}

const TYPES: ReadonlySet<string> = new Set<FactEvent['type']>([
  'order_placed',
  'order_edited',
  'refund_issued',
  'adjustment_posted',
  'stock_moved',
]);

/** Whether an event states a fact of an invoice. */
export function isFact(event: StoreEvent): event is FactEvent {
  return TYPES.has(event.type);
}

/** Where the fact is kept that an event states. */
export function keyOf(event: FactEvent): FactKey {
  const fact = eventRegistry.get(event.type)!.fact!;
  return {
    collection: fact.collection,
    id: `${event.shop}|${(event as unknown as Record<string, string>)[fact.id]}`,
  };
}

/** The key of an event's fact within its shop, behind its collection and a bar. */
export function shortKeyOf(event: FactEvent): string {
  const { collection, id } = keyOf(event);
  return `${collection}|${id.slice(event.shop.length + 1)}`;
}

/** A key as one text. */
export const textOf = ({ collection, id }: FactKey) => `${collection}|${id}`;

/** What an event changes the figures by, in minor units; of a movement of stock, its pieces. */
export function moneyOf(event: FactEvent): number {
  switch (event.type) {
    case 'order_placed':
      return event.subtotal;
    case 'order_edited':
      return amountOf(event.added) - amountOf(event.removed);
    case 'refund_issued':
    case 'adjustment_posted':
      return event.amount;
    case 'stock_moved':
      return event.quantity;
  }
}

/** Σ unit price × quantity. */
export function amountOf(
  lines: readonly { readonly quantity: number; readonly unitPrice: number }[],
): number {
  return lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
}
