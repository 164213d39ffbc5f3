import type { EventOf, Shop, StoreEvent } from '@storepulse/contracts';
import type { MemoryFacts } from '@storepulse/exporter/testing/memory-store';
import fc from 'fast-check';
import type { LoggedEvent } from '../warehouse/lake-of-events.ts';

const DAY = 86_400_000;
/** Begin of what happens in a shop's life. */
export const BEGIN = Date.UTC(2024, 10, 3);
/** How long it goes on. */
export const LENGTH = 500 * DAY;

type Order = EventOf<'order_placed'>;

/** Few instants of a day, some of them in another month by the shop's zone than by UTC: orders of one customer meet. */
const time = fc
  .tuple(fc.integer({ min: 0, max: LENGTH / DAY - 1 }), fc.constantFrom(0, 11.5, 23.5))
  .map(([day, hour]) => BEGIN + day * DAY + hour * 3_600_000);
/** As many days as there are instants that many choose. */
const crowded = fc.oneof(
  { weight: 3, arbitrary: time },
  { weight: 1, arbitrary: fc.constantFrom(BEGIN, BEGIN + 40 * DAY) },
);
const told = fc.record({
  country: fc.constantFrom('GB', 'FR', 'Ä', null),
  device: fc.constantFrom('mobile', 'desktop', 'fridge', null),
  channel: fc.constantFrom('direct', 'email'),
});
const visitor = fc.constantFrom('v1', 'v2', 'v3', 'v4');
const line = fc.record({
  sku: fc.constantFrom('A', 'B'),
  category: fc.constant(null),
  quantity: fc.integer({ min: 1, max: 3 }),
  unitPrice: fc.constantFrom(100, 200),
  discount: fc.constantFrom(0, 10),
});
const customer = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'Ä', '\u{1f600}', null);
/** What becomes of an order, in days after it; of goods that nobody ordered too. */
const later = fc.record({
  of: fc.integer({ min: 0, max: 200 }),
  kind: fc.constantFrom('edit', 'refund', 'untold', 'amount', 'cancel', 'paid', 'failed'),
  days: fc.integer({ min: -30, max: 200 }),
  lines: fc.array(line, { minLength: 1, maxLength: 2 }),
  shipping: fc.constantFrom(0, 30),
  isOfOther: fc.boolean(),
  ...{ told, customer, visitor },
});
const life = fc.record({
  orders: fc.array(
    fc.record({
      ...{ time: crowded, told, customer, visitor, method: fc.constantFrom('card', 'paypal') },
      lines: fc.array(line, { minLength: 1, maxLength: 2 }),
    }),
    { minLength: 25, maxLength: 60 },
  ),
  laters: fc.array(later, { minLength: 20, maxLength: 60 }),
  copies: fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 10 }),
});

/** Events of some shops: orders, and what becomes of them, in any order of time, some of them told twice. */
export function randomLives(shops: readonly Shop[], seed: number): Map<string, LoggedEvent[]> {
  const lives = fc.sample(life, { numRuns: shops.length, seed });
  return new Map(shops.map((shop, i) => [shop.shop, eventsOf(shop, lives[i]!)]));
}

type Life = typeof life extends fc.Arbitrary<infer T> ? T : never;
type Line = EventOf<'order_placed'>['lines'][number];

const worthOf = (lines: readonly Line[]) =>
  lines.reduce((sum, { unitPrice, quantity, discount }) => sum + unitPrice * quantity - discount, 0);

function eventsOf({ shop, currency }: Shop, { orders, laters, copies }: Life): LoggedEvent[] {
  let n = 0;
  const visitOf = (visitorId: string, customerId: string | null, of: Life['orders'][number]['told']) => ({
    ...{ eventId: `event-${n++}`, shop, visitorId, sessionId: null, customerId, currency, ...of },
  });
  const placed = orders.map(({ time: eventTime, lines, method, ...order }, i): Order => {
    const subtotal = lines.reduce((sum, { unitPrice, quantity }) => sum + unitPrice * quantity, 0);
    const discount = lines.reduce((sum, each) => sum + each.discount, 0);
    return {
      ...visitOf(order.visitor, order.customer, order.told),
      ...{ type: 'order_placed', eventTime, orderId: `o${i}`, lines, subtotal, discount },
      ...{ shipping: 0, tax: 0, total: subtotal - discount, paymentMethod: method },
    };
  });
  const changes = laters.map((change, i): StoreEvent => {
    const order = placed[change.of % placed.length]!;
    const { orderId } = order;
    // Found discounts need the order under the same key.
    const own =
      change.isOfOther && change.kind !== 'untold'
        ? change
        : { ...change, customer: order.customerId, visitor: order.visitorId };
    const visit = visitOf(own.visitor, own.customer, change.told);
    const eventTime = order.eventTime + change.days * DAY;
    const { lines, shipping } = change;
    const goods = worthOf(lines);
    if (change.kind === 'edit') {
      const total = goods - worthOf(order.lines) + shipping;
      return {
        ...visit,
        type: 'order_edited',
        eventTime,
        editId: `e${i}`,
        orderId,
        added: lines,
        removed: order.lines,
        shipping,
        tax: 0,
        total,
      };
    }
    if (change.kind === 'cancel') return { ...visit, type: 'order_cancelled', eventTime, orderId };
    if (change.kind === 'paid' || change.kind === 'failed') {
      const attempt = {
        ...visit,
        eventTime,
        paymentId: `p${i}`,
        orderId,
        amount: order.total,
        method: i % 2 === 0 ? 'card' : null,
      };
      return change.kind === 'paid'
        ? { ...attempt, type: 'payment_authorized' }
        : { ...attempt, type: 'payment_failed', reason: 'declined' };
    }
    const refund = {
      ...visit,
      type: 'refund_issued' as const,
      eventTime,
      refundId: `r${i}`,
      orderId: change.isOfOther ? null : orderId,
    };
    if (change.kind === 'amount') return { ...refund, shipping, amount: goods + shipping };
    if (change.kind === 'refund') return { ...refund, lines, shipping, tax: 0, amount: goods + shipping };
    // The full price, and not what was taken off.
    const untold = order.lines.map(({ discount: _, ...each }) => each);
    return { ...refund, orderId, lines: untold, amount: order.subtotal };
  });
  const once = [...placed, ...changes];
  const again = copies.map(
    (at): StoreEvent => ({ ...once[at % once.length]!, eventId: `copy-${n++}`, country: 'FR' }) as StoreEvent,
  );
  return [...once, ...again].map((event) => ({
    event,
    key: `${shop}|${(event as Order).visitorId}`,
    recordTime: event.eventTime,
  }));
}

/** What the stream stores of events, each counted once and worth what it was sold for. */
export function factsOf(events: readonly StoreEvent[]): MemoryFacts {
  const of = <T extends StoreEvent['type']>(type: T) =>
    events.filter((event): event is EventOf<T> => event.type === type);
  const circumstances = ({
    country,
    device,
    channel,
  }: Order | EventOf<'refund_issued'> | EventOf<'order_edited'>) => ({ country, device, channel });
  const worth = (lines: readonly { unitPrice: number; quantity: number; discount?: number }[]) =>
    lines.reduce((sum, { unitPrice, quantity, discount = 0 }) => sum + unitPrice * quantity - discount, 0);
  const orders = of('order_placed')
    .map((order) => ({
      ...circumstances(order),
      ...{ orderId: order.orderId, customerId: order.customerId, eventTime: order.eventTime },
      ...{ subtotal: order.subtotal, discount: order.discount, paymentMethod: order.paymentMethod ?? null },
    }))
    // As the index has them, where they are of one customer and instant.
    .sort((a, b) => a.subtotal - b.subtotal || a.discount - b.discount || byTexts(a, b));
  const edits = of('order_edited').map((edit) => {
    const { orderId, customerId, eventTime, total, shipping, tax } = edit;
    const discountAsSold = worth(edit.added) - worth(edit.removed) - (total - shipping - tax);
    return { orderId, customerId, eventTime, total, shipping, tax, discountAsSold, ...circumstances(edit) };
  });
  const refunds = of('refund_issued').map((refund) => {
    const { orderId, customerId, eventTime, amount, shipping = 0, tax = 0, lines = [] } = refund;
    const discountAsSold = lines.length === 0 ? null : amount - shipping - tax - worth(lines);
    return {
      orderId,
      customerId,
      eventTime,
      amount,
      shipping,
      tax,
      discountAsSold,
      ...circumstances(refund),
    };
  });
  const ofCustomers = <T extends { customerId: string | null }>(facts: readonly T[]) =>
    facts.filter((fact): fact is T & { customerId: string } => fact.customerId !== null);
  const byId = new Map(orders.map((order) => [order.orderId, order]));
  const cancelled = of('order_cancelled').map(({ orderId }) => {
    const order = byId.get(orderId);
    return order ? { orderId, order } : { orderId };
  });
  const payments = [...of('payment_authorized'), ...of('payment_failed')];
  return {
    ...{ orders: ofCustomers(orders), edits: ofCustomers(edits), refunds: ofCustomers(refunds) },
    goods: { cancelled, orders, edits, refunds },
    payments: payments
      .map(({ orderId, eventTime, type, country, device, channel, method }) => ({
        ...{ orderId, eventTime, type, country, device, channel, method },
      }))
      .sort(
        (a, b) =>
          compare(a.type, b.type) ||
          byTexts({ ...a, paymentMethod: a.method }, { ...b, paymentMethod: b.method }),
      ),
    products: [],
  };
}

interface Texts {
  readonly country: string | null;
  readonly device: string | null;
  readonly channel: string | null;
  readonly paymentMethod: string | null;
}

/** In the order of an index: null before all texts. */
export const byTexts = (a: Texts, b: Texts): number =>
  compare(a.country, b.country) ||
  compare(a.device, b.device) ||
  compare(a.channel, b.channel) ||
  compare(a.paymentMethod, b.paymentMethod);

function compare(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
