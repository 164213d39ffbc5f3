import type { EventOf, EventType, StoreEvent } from '@storepulse/contracts';

/** One thing that counts for a metric: when, under which labels, and as how much or as whom. */
export interface Row {
  readonly time: number;
  readonly labels: Readonly<Record<string, string | null | undefined>>;
  readonly value: number | string;
}

/** The rows of a metric among all events of a shop. */
export type RowsOf = (events: readonly StoreEvent[]) => Row[];

type Visitor = Extract<StoreEvent, { visitorId: string }>;

const isOf =
  <T extends EventType>(...types: T[]) =>
  (event: StoreEvent): event is EventOf<T> =>
    (types as EventType[]).includes(event.type);
const visitLabels = ({ country, device, channel }: Visitor) => ({ country, device, channel });

/** A row for each event of some types. */
function each<T extends EventType>(
  types: T[],
  toValue: (event: EventOf<T>) => number | string | null,
  toLabels: (event: EventOf<T>) => Row['labels'],
): RowsOf {
  return (events) =>
    events.filter(isOf(...types)).flatMap((event): Row[] => {
      const value = toValue(event);
      return value === null ? [] : [{ time: event.eventTime, labels: toLabels(event), value }];
    });
}

interface Line {
  readonly sku: string | null;
  readonly category: string | null;
  readonly unitPrice: number;
  readonly quantity: number;
  readonly discount?: number;
}

/** A row for each line among some that an event has. */
function eachLine<T extends 'order_placed' | 'order_edited' | 'refund_issued'>(
  types: T[],
  toLines: (event: EventOf<T>) => readonly Line[],
  toValue: (line: Line) => number,
): RowsOf {
  return (events) =>
    events.filter(isOf(...types)).flatMap((event) =>
      toLines(event).map((line) => ({
        time: event.eventTime,
        labels: {
          ...visitLabels(event as Visitor),
          category: line.category,
          sku: line.sku,
          payment_method: (event as Partial<EventOf<'order_placed'>>).paymentMethod,
        },
        value: toValue(line),
      })),
    );
}
const ofSoldLine = (toValue: (line: Line) => number) =>
  eachLine(
    ['order_placed', 'order_edited'],
    (event) => (event.type === 'order_placed' ? event.lines : event.added),
    toValue,
  );
const noProduct = { sku: null, category: null, quantity: 1 };
/** The lines that come back; a refund without any gives back one piece of nothing known. */
function linesBack(event: EventOf<'refund_issued' | 'order_edited'>): readonly Line[] {
  if (event.type === 'order_edited') return event.removed;
  if (event.lines?.length) return event.lines;
  const goods = event.amount - (event.shipping ?? 0) - (event.tax ?? 0);
  return goods === 0 ? [] : [{ ...noProduct, unitPrice: goods }];
}
/** What is charged on top when an order is placed, or added by an edit. */
const ofCharge = (charge: 'shipping' | 'tax') =>
  each(
    ['order_placed', 'order_edited'],
    (event) => (event[charge] > 0 ? event[charge] : 0),
    (event) => ({ ...visitLabels(event), payment_method: event.paymentMethod }),
  );
const ofChargeBack = (charge: 'shipping' | 'tax') =>
  each(
    ['refund_issued', 'order_edited'],
    (event) => {
      if (event.type === 'refund_issued') return event[charge] ?? 0;
      return event[charge] < 0 ? -event[charge] : 0;
    },
    visitLabels,
  );

const ofOrder = (toValue: (order: EventOf<'order_placed'>) => number | string | null) =>
  each(['order_placed'], toValue, (order) => ({
    ...visitLabels(order),
    payment_method: order.paymentMethod,
  }));
type ProductEvent = EventOf<
  'product_viewed' | 'cart_item_added' | 'cart_item_removed' | 'wishlist_item_added' | 'review_submitted'
>;
const ofProduct = <T extends ProductEvent['type']>(
  type: T,
  toValue: (event: EventOf<T>) => number = () => 1,
) =>
  each([type], toValue, (event) => ({
    ...visitLabels(event as ProductEvent),
    category: (event as ProductEvent).category,
    sku: (event as ProductEvent).sku,
  }));
const ofPayment = (toValue: (event: EventOf<'payment_authorized' | 'payment_failed'>) => number | null) =>
  each(['payment_authorized', 'payment_failed'], toValue, (event) => ({
    ...visitLabels(event),
    payment_method: event.method,
  }));
const ofStep = (toValue: (event: EventOf<'checkout_step_completed'>) => number) =>
  each(['checkout_step_completed'], toValue, (event) => ({ ...visitLabels(event), step: event.step }));
const ofLogLine = (toValue: (event: EventOf<'system_log'>) => number | null) =>
  each(['system_log'], toValue, ({ service, level }) => ({ shop_service: service, level }));
const one = () => 1;

const ACTIVITY: EventType[] = [
  'session_started',
  'product_viewed',
  'product_list_viewed',
  'search_performed',
  'cart_item_added',
  'cart_item_removed',
  'cart_viewed',
  'checkout_started',
  'checkout_step_completed',
  'wishlist_item_added',
  'review_submitted',
  'order_placed',
];
const ofActivity = (toValue: (event: Visitor) => string | null): RowsOf =>
  each(
    ACTIVITY,
    (event) => toValue(event as Visitor),
    (event) => visitLabels(event as Visitor),
  );
const customer = (event: { customerId: string | null }) => event.customerId;

/** A visit's events in the order of their times, and of their ids within an instant. */
type Visit = readonly Visitor[];

/** A row for each visit, at its earliest event. */
function ofVisit(toValue: (visit: Visit) => number | null): RowsOf {
  return (events) => {
    const withVisit = events.filter(
      (event): event is Visitor => 'sessionId' in event && event.sessionId !== null,
    );
    const visits = Object.values(Object.groupBy(withVisit, ({ sessionId }) => sessionId!));
    return visits.flatMap((unordered): Row[] => {
      const visit = unordered!.sort((a, b) => a.eventTime - b.eventTime || (a.eventId < b.eventId ? -1 : 1));
      const value = toValue(visit);
      return value === null ? [] : [{ time: visit[0]!.eventTime, labels: visitLabels(visit[0]!), value }];
    });
  };
}
const has = (visit: Visit, type: EventType) => visit.some((event) => event.type === type);
const when = (condition: boolean) => (condition ? 1 : null);
/** Whether events of some types can be picked from a visit, each at or after the one before. */
function inOrder(visit: Visit, ...types: EventType[]): boolean {
  let from = Number.NEGATIVE_INFINITY;
  return types.every((type) => {
    const next = visit.find((event) => event.type === type && event.eventTime >= from);
    from = next?.eventTime ?? from;
    return next !== undefined;
  });
}
const isBounce = (visit: Visit) =>
  new Set(visit.filter(({ type }) => type !== 'session_started').map(({ eventTime }) => eventTime)).size < 2;

/** Every stored metric the plainest way; visits are taken to have ended all. */
export const BRUTE_FORCE: Readonly<Record<string, RowsOf>> = {
  gross_sales: ofSoldLine((line) => line.unitPrice * line.quantity),
  discounts: ofSoldLine((line) => line.discount ?? 0),
  units: ofSoldLine((line) => line.quantity),
  order_lines: eachLine(['order_placed'], (order) => order.lines, one),
  returns: eachLine(
    ['refund_issued', 'order_edited'],
    linesBack,
    (line) => line.unitPrice * line.quantity - (line.discount ?? 0),
  ),
  adjustments: each(['adjustment_posted'], ({ amount }) => amount, visitLabels),
  orders: ofOrder(one),
  shipping: ofCharge('shipping'),
  tax: ofCharge('tax'),
  shipping_returned: ofChargeBack('shipping'),
  tax_returned: ofChargeBack('tax'),
  largest_order: ofOrder(({ total }) => total),
  smallest_order: ofOrder(({ total }) => total),
  refunds: each(['refund_issued'], one, visitLabels),
  order_edits: each(['order_edited'], one, visitLabels),
  cancellations: each(['order_cancelled'], one, visitLabels),
  customers: each(
    ['order_placed', 'refund_issued', 'adjustment_posted', 'stock_moved'],
    customer,
    visitLabels,
  ),
  buyers: ofOrder(({ visitorId }) => visitorId),
  active_visitors: ofActivity(({ visitorId }) => visitorId),
  active_sessions: ofActivity(({ sessionId }) => sessionId),
  product_views: ofProduct('product_viewed'),
  view_time: ofProduct('product_viewed', ({ durationMs }) => durationMs),
  view_duration: ofProduct('product_viewed', ({ durationMs }) => durationMs),
  list_views: each(['product_list_viewed'], one, visitLabels),
  cart_adds: ofProduct('cart_item_added'),
  cart_removals: ofProduct('cart_item_removed'),
  wishlist_adds: ofProduct('wishlist_item_added'),
  searches: each(['search_performed'], one, visitLabels),
  failed_searches: each(['search_performed'], ({ results }) => when(results === 0), visitLabels),
  reviews: ofProduct('review_submitted'),
  rating_points: ofProduct('review_submitted', ({ rating }) => rating),
  stock_outs: each(
    ['product_upserted'],
    ({ stock }) => when(stock === 0),
    ({ category, sku }) => ({ category, sku }),
  ),
  stock: each(
    ['product_upserted'],
    ({ stock }) => stock,
    ({ category, sku }) => ({ category, sku }),
  ),
  checkouts: each(['checkout_started'], one, visitLabels),
  checkout_steps: ofStep(one),
  checkout_latency: ofStep(({ latencyMs }) => latencyMs),
  payment_attempts: ofPayment(one),
  failed_payments: ofPayment(({ type }) => when(type === 'payment_failed')),
  payments_authorized: ofPayment(({ type, amount }) => (type === 'payment_authorized' ? amount : null)),
  log_lines: ofLogLine(one),
  log_errors: ofLogLine(({ level }) => when(level === 'error')),
  service_latency: ofLogLine(({ latencyMs }) => latencyMs),
  sessions: ofVisit(one),
  searching_sessions: ofVisit((visit) => when(has(visit, 'search_performed'))),
  viewing_sessions: ofVisit((visit) => when(has(visit, 'product_viewed'))),
  cart_sessions: ofVisit((visit) => when(has(visit, 'cart_item_added'))),
  checkout_sessions: ofVisit((visit) => when(has(visit, 'checkout_started'))),
  converted_sessions: ofVisit((visit) => when(has(visit, 'order_placed'))),
  funnel_cart_sessions: ofVisit((visit) => when(inOrder(visit, 'product_viewed', 'cart_item_added'))),
  funnel_checkout_sessions: ofVisit((visit) =>
    when(inOrder(visit, 'product_viewed', 'cart_item_added', 'checkout_started')),
  ),
  funnel_order_sessions: ofVisit((visit) =>
    when(inOrder(visit, 'product_viewed', 'cart_item_added', 'checkout_started', 'order_placed')),
  ),
  settled_sessions: ofVisit(one),
  bounced_sessions: ofVisit((visit) => when(isBounce(visit))),
  settled_carts: ofVisit((visit) => when(has(visit, 'cart_item_added'))),
  abandoned_carts: ofVisit((visit) => when(has(visit, 'cart_item_added') && !has(visit, 'order_placed'))),
  settled_checkouts: ofVisit((visit) => when(has(visit, 'checkout_started'))),
  abandoned_checkouts: ofVisit((visit) =>
    when(has(visit, 'checkout_started') && !has(visit, 'order_placed')),
  ),
  time_to_purchase: ofVisit((visit) => {
    const order = visit.find(({ type }) => type === 'order_placed');
    return order ? order.eventTime - visit[0]!.eventTime : null;
  }),
};
