import { type EventRecord, eventRegistry, type Shop, type StoreEvent, toRecord } from '@storepulse/contracts';
import { eventFault, MAX_EVENT_BYTES } from '@storepulse/contracts/events/judge';
import { isWellEscaped } from '@storepulse/contracts/events/well-escaped';
import { Compile } from 'typebox/compile';
import type { ItemCode } from '../errors.ts';
import { complete } from './complete.ts';
import { firstFault } from './first-fault.ts';
import { eventForms } from './types.ts';

/** An event that can be counted, as it goes to Kafka; or why it can't be. */
export type Checked = { readonly event: StoreEvent; readonly record: EventRecord } | CheckFault;

/** Why an event is not accepted. */
export interface CheckFault {
  readonly eventId?: string;
  readonly code: ItemCode;
  readonly path: string;
  readonly message: string;
}

/** What the header `ce_source` says of events that came this way. */
const SOURCE = '/collector';

const validators = new Map([...eventRegistry].map(([type, { schema }]) => [type, Compile(schema)]));

/** What events are checked by. */
export interface CheckContext {
  /** The shops that are known. */
  readonly shopOf: (shop: string) => Shop | undefined;
  /** Whether their sender may send events of a shop. */
  readonly maySend: (shop: string) => boolean;
  /** Time of arrival, epoch ms: also the timestamp of their records. */
  readonly now: number;
}

/** Completes an event and checks it as the processor will: by the same schema, and by its shop, time and amounts. */
export function checkEvent(value: unknown, { shopOf, maySend, now }: CheckContext): Checked {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { code: 'not-json', path: '', message: 'an event is a JSON object' };
  }
  const body = value as Record<string, unknown>;
  const { type } = body;
  const form = typeof type === 'string' ? eventForms.get(type) : undefined;
  if (form === undefined || typeof type !== 'string')
    return { code: 'unknown-type', path: '/type', message: explainType(type) };
  const missing = complete(body, form, now);
  if (missing) return { ...idOf(body), code: 'schema-violation', ...missing };
  const validator = validators.get(type)!;
  if (!validator.Check(body))
    return { ...idOf(body), code: 'schema-violation', ...firstFault(validator.Errors(body)) };
  const event = body as unknown as StoreEvent;
  // First of all: whether another's shop exists is nobody's business.
  if (!maySend(event.shop)) {
    const message = `the key is bound to other shops than "${event.shop}": send it with that shop's key`;
    return { ...idOf(body), code: 'forbidden-shop', path: '/shop', message };
  }
  const fault = eventFault(event, shopOf(event.shop), now);
  if (fault) return { ...idOf(body), code: fault.reason, path: fault.path, message: fault.detail };
  const record = toRecord(event, SOURCE);
  const bytes = Buffer.byteLength(record.value);
  if (bytes > MAX_EVENT_BYTES) {
    const message = `it has ${bytes} bytes, and may have ${MAX_EVENT_BYTES}`;
    return { ...idOf(body), code: 'too-large', path: '', message };
  }
  if (record.value.includes('\\u') && !isWellEscaped(record.value)) {
    return { code: 'not-json', path: '', message: 'a text holds half a character (a surrogate alone)' };
  }
  return { event, record };
}

function idOf({ eventId }: Record<string, unknown>): { eventId?: string } {
  return typeof eventId === 'string' && eventId.length <= 64 ? { eventId } : {};
}

/** What could name an event type is told; anything else may be personal. */
function explainType(type: unknown): string {
  if (type === undefined) return 'is missing';
  return typeof type === 'string' && /^[a-z_]{1,60}$/.test(type)
    ? `there is no event type ${type}: GET /v1/schemas lists them`
    : 'must be the name of an event type: GET /v1/schemas lists them';
}
