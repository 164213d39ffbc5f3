import type { Step } from '../behaviour/steps.ts';
import type { Random } from '../random/random.ts';
import type { ActiveScenarios } from './scenarios.ts';

const CHECKOUT: ReadonlySet<Step> = new Set(['checkout', 'address', 'shipping', 'payment', 'review']);

/** The shortest way to an order, from each step but those that fill the cart. */
const STRAIGHT_ON: Readonly<Partial<Record<Step, Step>>> = {
  arrive: 'product',
  list: 'product',
  search: 'product',
  product: 'add',
  wish: 'add',
  cart: 'checkout',
  remove: 'cart',
  checkout: 'address',
  address: 'shipping',
  shipping: 'payment',
  payment: 'review',
  review: 'authorized',
  failed: 'authorized',
};

/** What scenarios make of the step that a visitor was about to take; their odds are chosen. */
export function sway(
  last: Step,
  next: Step | 'leave',
  active: ActiveScenarios,
  random: Random,
): Step | 'leave' {
  if (active.size === 0) return next;
  if (active.has('payment-outage') && next === 'authorized' && random.chance(0.9)) return 'failed';
  if (active.has('slow-checkout') && CHECKOUT.has(last) && random.chance(0.3)) return 'leave';
  if (active.has('flash-sale') && last === 'product' && next === 'leave' && random.chance(0.25)) return 'add';
  if (active.has('order-rush') && random.chance(0.95)) {
    const nothingLeft = last === 'order' || next !== 'leave';
    return STRAIGHT_ON[last] ?? (nothingLeft ? next : 'cart');
  }
  if (active.has('search-breakage') && last === 'search' && random.chance(0.6)) return 'leave';
  return next;
}
