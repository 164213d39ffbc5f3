import type { EventOf, StoreEvent } from '@storepulse/contracts';
import { weightedDraw } from '../random/weighted.ts';
import type { Person } from '../world/customers.ts';
import type { CatalogProduct } from '../world/products.ts';
import { customerEvent } from '../world/shop-world.ts';
import { afterOrder } from './aftermath.ts';
import {
  ANOTHER_PIECE,
  CHECKOUT_LATENCY,
  EMPTY_SEARCH_SHARE,
  PAYMENT_METHODS,
  REGISTRATION_SHARE,
  type TRANSITIONS,
  VIEW_TIME,
} from './calibration.ts';
import { addToCart, type Cart, cartValue, drawVoucher, type Priced, priceCart } from './cart.ts';
import type { Stage } from './stage.ts';
import { paymentErrorLog } from './system-logs.ts';
import type { Visitor } from './visitors.ts';

/** What a visitor can be doing. */
export type Step = keyof typeof TRANSITIONS;

/** A visit as far as it has come. */
export interface Scene {
  readonly stage: Stage;
  readonly visitor: Visitor;
  readonly sessionId: string;
  readonly channel: string;
  readonly cart: Cart;
  /** The product that was looked at last. */
  shown: CatalogProduct;
  /** What is being paid for; undefined before the checkout's last step. */
  order:
    | (Priced & { readonly orderId: string; readonly method: string; readonly coupon?: string })
    | undefined;
}

/** The events that belong to a visitor's visit. */
type VisitType =
  | EventOf<'session_started' | 'product_viewed' | 'product_list_viewed' | 'search_performed'>['type']
  | EventOf<'cart_item_added' | 'cart_item_removed' | 'cart_viewed' | 'wishlist_item_added'>['type']
  | EventOf<'checkout_started' | 'checkout_step_completed'>['type']
  | EventOf<'payment_authorized' | 'payment_failed' | 'order_placed'>['type'];

type Envelope = Pick<
  EventOf<VisitType>,
  | 'eventId'
  | 'eventTime'
  | 'shop'
  | 'visitorId'
  | 'sessionId'
  | 'customerId'
  | 'device'
  | 'channel'
  | 'country'
>;

const PAYMENT_FAILURES = ['insufficient_funds', 'card_declined', 'authentication_failed', 'timeout'] as const;
const LISTS = ['home', 'bestsellers', 'new', 'sale'] as const;
const LIST_LENGTH = 8;
/** Of scenarios. Chosen. */
const FLASH_SALE_PERCENT = 30;
const SLOW_CHECKOUT_FACTOR = 12;
const drawMethod = weightedDraw(
  Object.keys(PAYMENT_METHODS) as (keyof typeof PAYMENT_METHODS)[],
  (method) => PAYMENT_METHODS[method],
);

/** A visit that begins: an empty cart, and something on the screen. */
export function createVisitScene(stage: Stage, visitor: Visitor, channel: string): Scene {
  const { ids, world, random } = stage;
  const shown = world.drawProduct(random);
  return { stage, visitor, sessionId: ids.name('s'), channel, cart: [], shown, order: undefined };
}

/** Does one step of a visit: changes the scene and tells what happened. */
export function performStep(step: Step, scene: Scene, time: number): StoreEvent {
  return STEPS[step](scene, envelope(scene, time));
}

function envelope({ stage, visitor, sessionId, channel }: Scene, time: number): Envelope {
  const { visitorId, person, device, country } = visitor;
  const customerId = person?.customerId ?? null;
  const eventId = stage.ids.eventId(time);
  const { shop } = stage.world;
  return { eventId, eventTime: time, shop, visitorId, sessionId, customerId, device, channel, country };
}

const STEPS: Readonly<Record<Step, (scene: Scene, envelope: Envelope) => StoreEvent>> = {
  arrive: (scene, envelope) => {
    if (scene.visitor.person) logIn(scene, scene.visitor.person, envelope.eventTime);
    return { type: 'session_started', ...envelope, landingPage: '/' };
  },
  list: ({ stage: { world, random } }, envelope) => ({
    type: 'product_list_viewed',
    ...envelope,
    list: random.pick(LISTS),
    skus: Array.from({ length: LIST_LENGTH }, () => world.drawProduct(random).sku),
  }),
  search: ({ stage: { world, random, active } }, envelope) => {
    const query = world.drawProduct(random).name.toLowerCase();
    const empty = random.chance(EMPTY_SEARCH_SHARE) || active.has('search-breakage');
    return { type: 'search_performed', ...envelope, query, results: empty ? 0 : random.integer(1, 60) };
  },
  product: viewProduct,
  another: viewProduct,
  add: (scene, envelope) => {
    const { random } = scene.stage;
    let quantity = 1;
    while (quantity < 10 && random.chance(ANOTHER_PIECE)) quantity += 1;
    addToCart(scene.cart, scene.shown, quantity);
    return { type: 'cart_item_added', ...envelope, ...shown(scene), quantity };
  },
  wish: (scene, envelope) => ({ type: 'wishlist_item_added', ...envelope, ...shown(scene) }),
  cart: ({ cart }, envelope) => ({ type: 'cart_viewed', ...envelope, items: cart.length }),
  remove: (scene, envelope) => {
    const { cart, stage } = scene;
    const entry = stage.random.pick(cart);
    cart.splice(cart.indexOf(entry), 1);
    const { quantity, product } = entry;
    const { sku, category, price } = product;
    return { type: 'cart_item_removed', ...envelope, sku, category, price, quantity };
  },
  checkout: ({ cart }, envelope) => ({
    type: 'checkout_started',
    ...envelope,
    items: cart.length,
    value: cartValue(cart),
  }),
  address: (scene, envelope) => {
    scene.visitor.person ??= identify(scene, envelope.eventTime);
    const customerId = scene.visitor.person?.customerId ?? null;
    return { ...checkoutStep('address', scene, envelope), customerId };
  },
  shipping: (scene, envelope) => checkoutStep('shipping', scene, envelope),
  payment: (scene, envelope) => checkoutStep('payment', scene, envelope),
  review: (scene, envelope) => {
    const { world, random, ids, active } = scene.stage;
    const isSale = active.has('flash-sale');
    const percentOff = isSale ? FLASH_SALE_PERCENT : drawVoucher(random);
    const priced = priceCart(scene.cart, world, percentOff);
    const coupon = isSale || percentOff === 0 ? {} : { coupon: `SAVE${percentOff}` };
    scene.order = { ...priced, ...coupon, orderId: ids.name('o'), method: drawMethod(random) };
    return checkoutStep('review', scene, envelope);
  },
  authorized: (scene, envelope) => ({ type: 'payment_authorized', ...envelope, ...payment(scene) }),
  failed: (scene, envelope) => {
    const { stage } = scene;
    const reason = stage.random.pick(PAYMENT_FAILURES);
    stage.follow((time) => paymentErrorLog(stage, reason, time));
    return { type: 'payment_failed', ...envelope, ...payment(scene), reason };
  },
  order: (scene, envelope) => {
    const { stage, cart } = scene;
    const { method: paymentMethod, ...order } = scene.order!;
    const { currency } = stage.world.market;
    const event: EventOf<'order_placed'> = {
      type: 'order_placed',
      ...envelope,
      ...order,
      currency,
      paymentMethod,
    };
    stage.visitors.ordered(scene.visitor, event.eventTime);
    const products = cart.splice(0).map(({ product }) => product);
    afterOrder(event, products, stage);
    scene.order = undefined;
    return event;
  },
};

function viewProduct(scene: Scene, envelope: Envelope): StoreEvent {
  const { world, random } = scene.stage;
  scene.shown = world.drawProduct(random);
  const durationMs = Math.round(random.logNormal(VIEW_TIME.median, VIEW_TIME.sigma));
  const position = random.integer(0, 40);
  return { type: 'product_viewed', ...envelope, ...shown(scene), durationMs, position };
}

function shown({ shown: { sku, category, price } }: Scene) {
  return { sku, category, price };
}

function payment({ stage, order }: Scene) {
  const { orderId, total: amount, method } = order!;
  return { paymentId: stage.ids.name('p'), orderId, currency: stage.world.market.currency, amount, method };
}

function checkoutStep(
  step: EventOf<'checkout_step_completed'>['step'],
  { stage }: Scene,
  envelope: Envelope,
): EventOf<'checkout_step_completed'> {
  const usual = stage.random.logNormal(CHECKOUT_LATENCY.median, CHECKOUT_LATENCY.sigma);
  const latencyMs = Math.round(usual * (stage.active.has('slow-checkout') ? SLOW_CHECKOUT_FACTOR : 1));
  return { type: 'checkout_step_completed', ...envelope, step, latencyMs };
}

/** An unknown buyer turns out to be a customer who was due to come back, or opens an account, or stays a guest. */
function identify(scene: Scene, time: number): Person | null {
  const { world, random, ids, visitors } = scene.stage;
  const known = visitors.recognise(time);
  if (known) return logIn(scene, known, time);
  if (!random.chance(REGISTRATION_SHARE)) return null;
  return logIn(scene, { ...world.makePerson(ids.name('c'), time), country: scene.visitor.country }, time);
}

/** A login changes the customer's state, which is told in full. */
function logIn({ stage }: Scene, person: Person, time: number): Person {
  person.lastLoginAt = time;
  const state = { ...person };
  stage.follow((at) => customerEvent(stage.world.shop, state, at, stage.ids));
  return person;
}
