import type { StoreEvent } from '@storepulse/contracts';
import type { Dimensions } from './definitions.ts';

/** A visit as its events show it, in whatever order. */
export interface Visit {
  readonly shop: string;
  /** Time and id of its earliest event: the visit is booked there. */
  firstTime: number;
  firstId: string;
  dimensions: Dimensions;
  /** When it was last heard of, by due time. */
  lastDue: number;
  viewed: boolean;
  carted: boolean;
  checkedOut: boolean;
  ordered: boolean;
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
      const { shop, eventTime, eventId, country, device, channel, sessionId, type } = event;
      let visit = visits.get(sessionId);
      if (!visit) {
        visit = {
          shop,
          firstTime: Number.POSITIVE_INFINITY,
          firstId: '',
          dimensions: {},
          lastDue: due,
          viewed: false,
          carted: false,
          checkedOut: false,
          ordered: false,
        };
        visits.set(sessionId, visit);
      }
      visit.lastDue = due;
      if (eventTime < visit.firstTime || (eventTime === visit.firstTime && eventId < visit.firstId)) {
        visit.firstTime = eventTime;
        visit.firstId = eventId;
        visit.dimensions = { country, device, channel };
      }
      if (type === 'product_viewed') visit.viewed = true;
      else if (type === 'cart_item_added') visit.carted = true;
      else if (type === 'checkout_started') visit.checkedOut = true;
      else if (type === 'order_placed') visit.ordered = true;
    },
    end,
    endUnheard: (due) => {
      for (const [sessionId, visit] of visits) if (visit.lastDue < due) end(sessionId);
    },
    values: () => visits.values(),
  };
}

/** What a visit adds to which metric, where it began. */
export function bookVisit(
  visit: Visit,
  book: (metric: string, amount: number, dimensions: Dimensions) => void,
): void {
  const { dimensions, viewed, carted, checkedOut, ordered } = visit;
  book('sessions', 1, dimensions);
  if (viewed) book('viewing_sessions', 1, dimensions);
  if (carted) book('cart_sessions', 1, dimensions);
  if (checkedOut) book('checkout_sessions', 1, dimensions);
  if (ordered) book('converted_sessions', 1, dimensions);
}
