import { createHash } from 'node:crypto';
import type { ItemCode } from '../errors.ts';
import { checkAmounts } from './amounts/check.ts';
import { expandAmounts } from './amounts/expand.ts';
import type { EventForm } from './types.ts';

/** A field that is wrong, as a JSON pointer, and what is wrong with it. */
export interface FieldFault {
  /** @default schema-violation */
  readonly code?: Extract<ItemCode, 'schema-violation' | 'total-mismatch'>;
  readonly path: string;
  readonly message: string;
}

/** ISO 8601 with a zone: without one, an instant is a guess. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Fills in what an event may leave out, in place: `null` for what its source does not know, amounts that others tell, the
 * time of arrival, ids. A time in ISO 8601 becomes epoch ms. The same request sent again becomes the same events.
 * @param now time of arrival, epoch ms
 */
export function complete(
  event: Record<string, unknown>,
  form: EventForm,
  now: number,
): FieldFault | undefined {
  const { nullable, visitorMayBeMissing, keyMayBeMissing, amounts } = form;
  for (const name of nullable) event[name] ??= null;
  if (visitorMayBeMissing && event.visitorId === undefined) fillVisitor(event);
  if (amounts !== undefined) {
    const fault = checkAmounts(amounts, event) ?? expandAmounts(amounts, event);
    if (fault) return fault;
  }
  const fault = fillIdAndTime(event, form, now);
  if (fault === undefined && keyMayBeMissing !== undefined) event[keyMayBeMissing] ??= event.eventId;
  return fault;
}

/** Somebody who has bought: the same for all events of a customer, or else of an order. */
function fillVisitor(event: Record<string, unknown>): void {
  const { customerId, orderId } = event;
  if (typeof customerId === 'string') event.visitorId = `customer:${customerId}`;
  else if (typeof orderId === 'string') event.visitorId = `order:${orderId}`;
}

function fillIdAndTime(
  event: Record<string, unknown>,
  { timeMayBeMissing }: EventForm,
  now: number,
): FieldFault | undefined {
  if (typeof event.eventTime === 'string') {
    const time = INSTANT.test(event.eventTime) ? Date.parse(event.eventTime) : Number.NaN;
    if (Number.isNaN(time)) {
      return { path: '/eventTime', message: 'must be epoch ms, or ISO 8601 with a zone such as Z' };
    }
    event.eventTime = time;
  }
  if (event.eventId !== undefined) {
    if (event.eventTime !== undefined) return undefined;
    if (!timeMayBeMissing)
      return { path: '/eventTime', message: 'is missing: an event of this type must tell its time' };
    event.eventTime = now;
    return undefined;
  }
  if (event.eventTime === undefined) {
    return {
      path: '/eventId',
      message: 'is missing: send one, or an eventTime, so that an id can be made of the content',
    };
  }
  event.eventId = idOf(event);
  return undefined;
}

/** The same content has the same id, in whatever order its fields are. */
function idOf(event: object): string {
  return `made-${createHash('sha256')
    .update(JSON.stringify(sorted(event)))
    .digest('hex')
    .slice(0, 40)}`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  // Pairs, not an object: names that look like numbers would be put first, and `__proto__` would be lost.
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => [name, sorted(inner)]);
}
