import { type EventOf, goodsOf, type OrderLine } from '@storepulse/contracts';
import type { CatalogProduct } from '../world/products.ts';
import { chargesOn } from './cart.ts';
import type { Stage } from './stage.ts';

type Order = EventOf<'order_placed'>;

/** A change of an order. */
export interface OrderEdit {
  /** The difference, as `order_edited` tells it. */
  readonly difference: Pick<EventOf<'order_edited'>, 'added' | 'removed' | 'shipping' | 'tax' | 'total'>;
  /** The order as it is afterwards. */
  readonly order: Order;
  /** The product of the added line. */
  readonly product: CatalogProduct | undefined;
}

/** Decides how an order changes: of several lines one may be taken off, else a product is put on. */
export function drawOrderEdit(order: Order, { world, random }: Stage): OrderEdit {
  if (order.lines.length > 1 && random.chance(0.5)) {
    const line = random.pick(order.lines);
    return edited(order, { removed: [line], added: [] }, world, undefined);
  }
  const product = world.drawProduct(random);
  const { sku, category, price } = product;
  const line = order.lines.find((each) => each.sku === sku);
  // A line that changes is taken off as it was and put on as it is now.
  const added = line
    ? { ...line, quantity: line.quantity + 1 }
    : { sku, category, quantity: 1, unitPrice: price, discount: 0 };
  return edited(order, { removed: line ? [line] : [], added: [added] }, world, product);
}

function edited(
  order: Order,
  { removed, added }: { removed: readonly OrderLine[]; added: readonly OrderLine[] },
  world: Stage['world'],
  product: CatalogProduct | undefined,
): OrderEdit {
  const lines = [...order.lines.filter((line) => !removed.includes(line)), ...added];
  const goods = goodsOf(lines);
  const { shipping, tax } = chargesOn(goods, world);
  const subtotal = lines.reduce((sum, line) => sum + line.unitPrice * line.quantity, 0);
  const total = goods + shipping + tax;
  return {
    difference: {
      added: [...added],
      removed: [...removed],
      shipping: shipping - order.shipping,
      tax: tax - order.tax,
      total: total - order.total,
    },
    order: { ...order, lines, subtotal, discount: subtotal - goods, shipping, tax, total },
    product,
  };
}
