import {
  type DeadLetterReason,
  type EventRegistry,
  type EventSpec,
  KEY_SEPARATOR,
  keyPartsOf,
  type Shop,
  type StoreEvent,
  type TopicName,
} from '@storepulse/contracts';
import { eventFault, MAX_EVENT_BYTES } from '@storepulse/contracts/events/judge';
import { isWellEscaped } from '@storepulse/contracts/events/well-escaped';
import { Compile } from 'typebox/compile';
import type { InputRecord } from '../kafka/port.ts';
import { createKnownShapes, type ReadEvent } from './known-shapes.ts';

/** A record that can be counted, or a tombstone of a compacted topic, or one that can't and why. */
export type Decoded =
  | { readonly kind: 'event'; readonly event: StoreEvent; readonly spec: EventSpec }
  | { readonly kind: 'tombstone'; readonly key: string }
  | { readonly kind: 'unreadable'; readonly reason: DeadLetterReason; readonly detail: string };

/** Turns a record into an event, or says why it is none. The answer depends on the record and its shop alone. */
export type Decoder = (topic: TopicName, record: InputRecord) => Decoded;

const SEPARATOR = KEY_SEPARATOR.charCodeAt(0);
const REPLACEMENT = '\ufffd';
const BYTE_ORDER_MARK = '\ufeff';
const RECORD_TOPICS: ReadonlySet<TopicName> = new Set(['shops', 'customers', 'products']);

/**
 * Builds the decoder of a set of event types.
 * @param shopOf the shops read so far, as they are counted
 */
export function createDecoder(events: EventRegistry, shopOf: (shop: string) => Shop | undefined): Decoder {
  const known = new Map([...events].map(([type, spec]) => [type, { spec, check: Compile(spec.schema) }]));
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  const shapes = createKnownShapes(events);

  /** Any event, in whatever way JSON may be written. */
  const parseEvent = (value: Buffer, topic: TopicName): ReadEvent | Decoded => {
    const body = parse(value, utf8);
    if (body === undefined) return unreadable('not-json', 'the value is no JSON object');
    const found = typeof body.type === 'string' ? known.get(body.type) : undefined;
    if (!found) return unreadable('unknown-type', explainType(body.type));
    const { spec, check } = found;
    if (spec.topic !== topic) return unreadable('wrong-topic', `${spec.type} belongs on ${spec.topic}`);
    if (!check.Check(body)) return unreadable('schema-violation', explain(check.Errors(body)));
    shapes.learn(body, spec);
    return { event: body, spec };
  };

  return (topic, record) => {
    // Once: each asking cuts them out of their batch anew.
    const { key: recordKey, value } = record;
    if (value === null) {
      if (!RECORD_TOPICS.has(topic) || recordKey === null)
        return unreadable('not-json', 'the value is empty');
      return { kind: 'tombstone', key: recordKey.toString() };
    }
    if (value.length > MAX_EVENT_BYTES) return unreadable('too-large', `${value.length} bytes`);
    const read = shapes.read(value) ?? parseEvent(value, topic);
    if ('kind' in read) return read;
    const { spec } = read;
    const event = read.event as StoreEvent;
    if (spec.topic !== topic) return unreadable('wrong-topic', `${spec.type} belongs on ${spec.topic}`);

    if (topic !== 'system-logs' && !isKey(recordKey, keyPartsOf(spec, event)))
      return unreadable('wrong-key', 'the key is not the one of this event');
    const fault = eventFault(event, shopOf(event.shop), record.timestamp);
    return fault ? unreadable(fault.reason, fault.detail) : { kind: 'event', event, spec };
  };
}

function unreadable(reason: DeadLetterReason, detail: string): Decoded {
  return { kind: 'unreadable', reason, detail };
}

/** Whether the bytes are the UTF-8 of a key; one of ASCII is told without making a string of it. */
function isKey(bytes: Buffer | null, parts: readonly string[]): boolean {
  if (bytes === null) return false;
  let at = 0;
  for (let p = 0; p < parts.length; p++) {
    const part = parts[p]!;
    if (p > 0 && bytes[at++] !== SEPARATOR) return false;
    for (let i = 0; i < part.length; i++) {
      const unit = part.charCodeAt(i);
      if (unit > 0x7f) return bytes.toString() === parts.join(KEY_SEPARATOR);
      if (bytes[at++] !== unit) return false;
    }
  }
  return bytes.length === at;
}

function parse(value: Buffer, strict: InstanceType<typeof TextDecoder>): Record<string, unknown> | undefined {
  try {
    let text = value.toString();
    // The fast way puts a replacement where bytes are no UTF-8, and keeps a byte order mark.
    if (text.includes(REPLACEMENT) || text.startsWith(BYTE_ORDER_MARK)) text = strict.decode(value);
    if (text.includes('\\u') && !isWellEscaped(text)) return undefined;
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && !Array.isArray(body)
      ? (body as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** What could name an event type is told; anything else may be personal. */
function explainType(type: unknown): string {
  if (type === undefined) return 'type is missing';
  return typeof type === 'string' && /^[a-z_]{1,60}$/.test(type)
    ? `type is ${type}`
    : 'type is no name of lower-case letters and underscores';
}

/** Names the first faulty field, never its value, which may be personal. */
function explain(errors: Iterable<{ instancePath: string; message?: string }>): string {
  for (const { instancePath, message } of errors)
    return `${instancePath || '/'}: ${message ?? 'does not fit'}`.slice(0, 200);
  return 'does not fit its schema';
}
