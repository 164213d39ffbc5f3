import type { EventOf, OrderLine } from '@storepulse/contracts';
import type { Random } from '../random/random.ts';
import type { CatalogProduct } from '../world/products.ts';
import type { ShopWorld } from '../world/shop-world.ts';
import { VOUCHER_PERCENT, VOUCHER_SHARE } from './calibration.ts';

/** Pieces of one product. */
export interface CartEntry {
  readonly product: CatalogProduct;
  quantity: number;
}

/** What is in a cart, in the order of the first piece. A list: most stay empty, and an empty map takes 250 bytes. */
export type Cart = CartEntry[];

/** Puts pieces into a cart. */
export function addToCart(cart: Cart, product: CatalogProduct, quantity: number): void {
  const entry = cart.find((known) => known.product === product);
  if (entry) entry.quantity += quantity;
  else cart.push({ product, quantity });
}

/** The amounts of an order, in minor units. */
export type Priced = Pick<
  EventOf<'order_placed'>,
  'lines' | 'subtotal' | 'discount' | 'shipping' | 'tax' | 'total'
>;

/** What the cart's pieces cost, before anything is taken off or added. */
export function cartValue(cart: Cart): number {
  let value = 0;
  for (const { product, quantity } of cart) value += product.price * quantity;
  return value;
}

/** What a buyer's voucher takes off, in percent; most have none. */
export function drawVoucher(random: Random): number {
  return random.chance(VOUCHER_SHARE) ? random.pick(VOUCHER_PERCENT) : 0;
}

/** Prices a cart: total = subtotal − discount + shipping + tax, tax on what is paid for goods and delivery. */
export function priceCart(cart: Cart, world: Pick<ShopWorld, 'market' | 'scale'>, percent: number): Priced {
  const { market, scale } = world;
  const lines = cart.map(
    ({ product, quantity }): OrderLine => ({
      sku: product.sku,
      category: product.category,
      quantity,
      unitPrice: product.price,
      discount: Math.round((product.price * quantity * percent) / 100),
    }),
  );
  const subtotal = lines.reduce((sum, line) => sum + line.unitPrice * line.quantity, 0);
  const discount = lines.reduce((sum, line) => sum + line.discount, 0);
  const goods = subtotal - discount;
  const { shipping, tax } = chargesOn(goods, { market, scale });
  return { lines, subtotal, discount, shipping, tax, total: goods + shipping + tax };
}

/** What a shop charges for delivery and as tax on goods of so much, in minor units. */
export function chargesOn(
  goods: number,
  { market, scale }: Pick<ShopWorld, 'market' | 'scale'>,
): { shipping: number; tax: number } {
  const unit = 10 ** scale;
  const shipping = goods >= market.freeShippingFrom * unit ? 0 : Math.round(market.shipping * unit);
  return { shipping, tax: Math.round((goods + shipping) * market.taxRate) };
}
