import type { VisitEvent } from '../events/index.ts';

/** The steps of a visit that metrics ask for, each with the event types that are evidence of it. */
export const SESSION_STEPS = {
  viewed: ['product_viewed'],
  carted: ['cart_item_added'],
  checkout: ['checkout_started'],
  ordered: ['order_placed'],
} as const satisfies Record<string, readonly VisitEvent['type'][]>;

/** A step of a visit. */
export type SessionStep = keyof typeof SESSION_STEPS;

/**
 * What is known of a visit: the union of its events, so the same in whatever order they come. Its window and
 * dimensions are those of its earliest event.
 */
export interface SessionState {
  readonly shop: string;
  readonly firstTime: number;
  /** Breaks ties between events of the same instant. */
  readonly firstEventId: string;
  readonly lastTime: number;
  readonly device: string | null;
  readonly channel: string | null;
  readonly country: string | null;
  /** Earliest time of each step that was seen. */
  readonly steps: Readonly<Partial<Record<SessionStep, number>>>;
}

const stepOf = new Map<string, SessionStep>(
  Object.entries(SESSION_STEPS).flatMap(([step, types]) =>
    types.map((type) => [type, step as SessionStep] as const),
  ),
);

/** A visit that consists of one event. */
export function sessionOf(event: VisitEvent): SessionState {
  const step = stepOf.get(event.type);
  const { shop, eventTime, eventId, device, channel, country } = event;
  return {
    shop,
    firstTime: eventTime,
    firstEventId: eventId,
    lastTime: eventTime,
    device,
    channel,
    country,
    steps: step ? { [step]: eventTime } : {},
  };
}

/** The union of two views of one visit: associative, commutative and idempotent. */
export function mergeSessions(a: SessionState, b: SessionState): SessionState {
  const aFirst =
    a.firstTime < b.firstTime || (a.firstTime === b.firstTime && a.firstEventId <= b.firstEventId);
  const steps = { ...a.steps };
  for (const [step, time] of Object.entries(b.steps) as [SessionStep, number][]) {
    steps[step] = Math.min(steps[step] ?? time, time);
  }
  return { ...(aFirst ? a : b), lastTime: Math.max(a.lastTime, b.lastTime), steps };
}
