import type { FactCollection } from '@storepulse/contracts';
import type { GoodsEvent } from '@storepulse/contracts/events/order-lots';

/** The facts that tell of an order's goods, and what of their fields does; in `orders` the `_id` names the order. */
export const GOODS_FACTS: ReadonlyMap<
  FactCollection,
  { readonly type: GoodsEvent['type']; readonly fields: readonly string[] }
> = new Map([
  ['orders', { type: 'order_placed', fields: ['lines'] }],
  [
    'order-edits',
    { type: 'order_edited', fields: ['shop', 'orderId', 'added', 'removed', 'shipping', 'tax', 'total'] },
  ],
  ['refunds', { type: 'refund_issued', fields: ['shop', 'orderId', 'lines', 'shipping', 'tax', 'amount'] }],
]);

/** What of a fact's fields later returns are valued by. */
export function goodsFields(
  collection: FactCollection,
  fields: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const names = GOODS_FACTS.get(collection)?.fields ?? [];
  return Object.fromEntries(names.filter((name) => name in fields).map((name) => [name, fields[name]]));
}
