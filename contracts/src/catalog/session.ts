import type { VisitEvent } from '../events/index.ts';
import { hasType } from '../expressions/has-type.ts';
import type { ValueType } from '../expressions/types.ts';

/** The steps of a visit that metrics ask for: what is evidence of each, and how many of its first times are kept. */
export const SESSION_STEPS = {
  searched: { types: ['search_performed'], keep: 1 },
  viewed: { types: ['product_viewed'], keep: 1 },
  carted: { types: ['cart_item_added'], keep: 50 },
  checkout: { types: ['checkout_started'], keep: 50 },
  ordered: { types: ['order_placed'], keep: 50 },
} as const satisfies Record<string, { types: readonly VisitEvent['type'][]; keep: number }>;

/** A step of a visit. */
export type SessionStep = keyof typeof SESSION_STEPS;

/** A visit has ended when nothing was heard of it for so long in event time. */
export const SESSION_IDLE_MS = 30 * 60_000;

/** Different moments of interaction that are kept: with a second one a visit is no bounce. */
const KEPT_INTERACTIONS = 2;

/** Moments in ascending order, each once. */
type Times = readonly number[];

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
  /** The first different moments of each step that was seen. */
  readonly steps: Readonly<Partial<Record<SessionStep, Times>>>;
  /** The first two different moments at which the visitor did anything but arrive. */
  readonly interactions: Times;
  /** Whether the watermark has passed its idle time-out: only then bounce and abandonment are judged. */
  readonly settled: boolean;
}

const stepOf = new Map<string, SessionStep>(
  Object.entries(SESSION_STEPS).flatMap(([step, { types }]) =>
    types.map((type) => [type, step as SessionStep] as const),
  ),
);

/** A field that visits keep of their earliest event, because something that is counted over visits reads it. */
export interface KeptField {
  /** Its names from the event inwards. */
  readonly path: readonly string[];
  readonly type: ValueType;
}

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
    steps: step ? { [step]: [eventTime] } : {},
    interactions: event.type === 'session_started' ? [] : [eventTime],
    settled: false,
  };
}

/** The same with fields that are kept beside those of every visit. */
export const sessionKeeping = (event: VisitEvent, kept: readonly KeptField[]): SessionState =>
  kept.length === 0 ? sessionOf(event) : { ...sessionOf(event), ...fieldsOf(event, kept) };

/** The kept fields of an event that it has, in objects as the event has them. */
function fieldsOf(event: VisitEvent, kept: readonly KeptField[]): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const { path, type } of kept) {
    const value = path.reduce<unknown>(
      (from, name) => (from as Record<string, unknown> | null | undefined)?.[name],
      event,
    );
    if (!hasType(value, type)) continue;
    let into = fields;
    for (const name of path.slice(0, -1)) {
      into[name] ??= {};
      into = into[name] as Record<string, unknown>;
    }
    into[path.at(-1)!] = value;
  }
  return fields;
}

/**
 * The union of two views of one visit: associative, commutative and idempotent. It is settled only if the view that
 * reaches further is, and what the other adds does not outlast it.
 */
export function mergeSessions(a: SessionState, b: SessionState): SessionState {
  const aFirst =
    a.firstTime < b.firstTime || (a.firstTime === b.firstTime && a.firstEventId <= b.firstEventId);
  const steps = { ...a.steps };
  for (const [step, times] of Object.entries(b.steps) as [SessionStep, Times][]) {
    steps[step] = earliest(steps[step] ?? [], times, SESSION_STEPS[step].keep);
  }
  const lastTime = Math.max(a.lastTime, b.lastTime);
  return {
    ...(aFirst ? a : b),
    lastTime,
    steps,
    interactions: earliest(a.interactions, b.interactions, KEPT_INTERACTIONS),
    settled: (a.settled && a.lastTime === lastTime) || (b.settled && b.lastTime === lastTime),
  };
}

/** The `keep` least of two ascending lists, each once: what is dropped can never come back among the least. */
function earliest(a: Times, b: Times, keep: number): Times {
  if (b.length === 1 && a.at(-1)! < b[0]!) return a.length < keep ? [...a, b[0]!] : a;
  return [...new Set([...a, ...b])].sort((x, y) => x - y).slice(0, keep);
}
