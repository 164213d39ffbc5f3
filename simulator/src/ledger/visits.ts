import type { StoreEvent } from '@storepulse/contracts';
import { add, addValue, type Book } from './book.ts';
import { type VisitLabels, visitFacet } from './definitions.ts';

/** A visit as its events show it, in whatever order. */
export interface Visit {
  readonly shop: string;
  /** Time and id of its earliest event: the visit is booked there. */
  firstTime: number;
  firstId: string;
  labels: VisitLabels;
  /** Time of its latest event: half an hour of silence later it counts as ended. */
  lastTime: number;
  /** When it was last heard of, by due time without pauses. */
  lastDue: number;
  searched: boolean;
  /** When the first product was viewed; Infinity: none was. */
  viewedAt: number;
  /** When things were put into the cart, in no order; and so on. */
  readonly cartedAt: number[];
  readonly checkoutAt: number[];
  readonly orderedAt: number[];
  /** When the visitor did the first thing beside arriving, and whether there was another at another time. */
  interactedAt: number | undefined;
  interactedAgain: boolean;
}

/** Visits whose events still come in. */
export interface OpenVisits {
  /** Adds what an event shows of its visit. */
  see(event: StoreEvent, due: number): void;
  /** The visit has ended: no event of it will come. */
  end(sessionId: string): void;
  /** Ends the visits that were not heard of since `due`, such as those that a pause cut short. */
  endUnheard(due: number): void;
  /** The visits that have not ended. */
  values(): Iterable<Visit>;
}

/** @param onEnd told of each visit that has ended */
export function createOpenVisits(onEnd: (visit: Visit) => void): OpenVisits {
  const visits = new Map<string, Visit>();
  const end = (sessionId: string) => {
    const visit = visits.get(sessionId);
    if (!visit) return;
    visits.delete(sessionId);
    onEnd(visit);
  };
  return {
    see: (event, due) => {
      if (!('sessionId' in event) || event.sessionId === null) return;
      let visit = visits.get(event.sessionId);
      if (!visit) {
        visit = newVisit(event);
        visits.set(event.sessionId, visit);
      }
      visit.lastDue = due;
      note(visit, event);
    },
    end,
    endUnheard: (due) => {
      for (const [sessionId, visit] of visits) if (visit.lastDue < due) end(sessionId);
    },
    values: () => visits.values(),
  };
}

type VisitEvent = Extract<StoreEvent, { sessionId: string | null }>;

function newVisit({ shop, country, device, channel }: VisitEvent): Visit {
  return {
    shop,
    firstTime: Number.POSITIVE_INFINITY,
    firstId: '',
    labels: { country, device, channel },
    lastTime: Number.NEGATIVE_INFINITY,
    lastDue: Number.NEGATIVE_INFINITY,
    searched: false,
    viewedAt: Number.POSITIVE_INFINITY,
    cartedAt: [],
    checkoutAt: [],
    orderedAt: [],
    interactedAt: undefined,
    interactedAgain: false,
  };
}

function note(visit: Visit, { type, eventTime, eventId, country, device, channel }: VisitEvent): void {
  if (eventTime < visit.firstTime || (eventTime === visit.firstTime && eventId < visit.firstId)) {
    visit.firstTime = eventTime;
    visit.firstId = eventId;
    visit.labels = { country, device, channel };
  }
  visit.lastTime = Math.max(visit.lastTime, eventTime);
  if (type !== 'session_started') {
    visit.interactedAgain ||= visit.interactedAt !== undefined && visit.interactedAt !== eventTime;
    visit.interactedAt ??= eventTime;
  }
  if (type === 'search_performed') visit.searched = true;
  else if (type === 'product_viewed') visit.viewedAt = Math.min(visit.viewedAt, eventTime);
  else if (type === 'cart_item_added') visit.cartedAt.push(eventTime);
  else if (type === 'checkout_started') visit.checkoutAt.push(eventTime);
  else if (type === 'order_placed') visit.orderedAt.push(eventTime);
}

/**
 * What a visit adds to which metric, in the window where it began. What is judged of it once it has ended is written
 * with the second in which it was heard of last: whether it has ended by then is for the reader to say.
 */
export function bookVisit(visit: Visit, book: Book): void {
  const facet = visitFacet(book, visit.labels);
  const count = (metric: string, condition: boolean) => {
    if (condition) add(facet, metric, 1);
  };
  const lastSecond = Math.ceil(visit.lastTime / 1_000) * 1_000;
  const judge = (metric: string, condition: boolean) => {
    if (condition) addValue(facet, metric, lastSecond);
  };
  const viewed = visit.viewedAt !== Number.POSITIVE_INFINITY;
  const carted = visit.cartedAt.length > 0;
  const checkedOut = visit.checkoutAt.length > 0;
  const ordered = visit.orderedAt.length > 0;

  count('sessions', true);
  count('searching_sessions', visit.searched);
  count('viewing_sessions', viewed);
  count('cart_sessions', carted);
  count('checkout_sessions', checkedOut);
  count('converted_sessions', ordered);
  if (ordered) addValue(facet, 'time_to_purchase', Math.min(...visit.orderedAt) - visit.firstTime);

  // The closed funnel: each step at or after the earliest that the step before could be.
  const cartAt = earliestFrom(visit.cartedAt, visit.viewedAt);
  const checkoutAt = earliestFrom(visit.checkoutAt, cartAt);
  const orderAt = earliestFrom(visit.orderedAt, checkoutAt);
  count('funnel_cart_sessions', cartAt !== Number.POSITIVE_INFINITY);
  count('funnel_checkout_sessions', checkoutAt !== Number.POSITIVE_INFINITY);
  count('funnel_order_sessions', orderAt !== Number.POSITIVE_INFINITY);

  judge('settled_sessions', true);
  judge('bounced_sessions', !visit.interactedAgain);
  judge('settled_carts', carted);
  judge('abandoned_carts', carted && !ordered);
  judge('settled_checkouts', checkedOut);
  judge('abandoned_checkouts', checkedOut && !ordered);
}

/** The least of some times that is not before `from`; Infinity when there is none. */
function earliestFrom(times: readonly number[], from: number): number {
  let earliest = Number.POSITIVE_INFINITY;
  for (const time of times) if (time >= from && time < earliest) earliest = time;
  return earliest;
}
