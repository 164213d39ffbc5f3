import type { DeadLetterReason, StoreEvent } from '@storepulse/contracts';
import type { Random } from '../random/random.ts';
import type { OutgoingRecord } from '../sink/event-sink.ts';

/** A record that can't be counted, and the reason that a correct reader gives. */
export interface Mangled {
  readonly record: OutgoingRecord;
  readonly reason: DeadLetterReason;
}

type Mangle = (event: StoreEvent, record: OutgoingRecord, random: Random) => Mangled;

const rewritten = (event: object, record: OutgoingRecord, reason: DeadLetterReason): Mangled => ({
  record: { ...record, value: JSON.stringify(event) },
  reason,
});
const raw = (value: string, record: OutgoingRecord, reason: DeadLetterReason): Mangled => ({
  record: { ...record, value },
  reason,
});
const DAY = 86_400_000;

/** Mistakes as programs make them. */
const MISTAKES: readonly Mangle[] = [
  (_event, record, random) =>
    raw(record.value.slice(0, random.integer(1, record.value.length - 1)), record, 'not-json'),
  (event, record) => rewritten({ ...event, eventTime: undefined }, record, 'schema-violation'),
  (event, record) =>
    rewritten({ ...event, eventTime: new Date(event.eventTime).toISOString() }, record, 'schema-violation'),
  (event, record) => rewritten({ ...event, type: `${event.type}_v2` }, record, 'unknown-type'),
  (_event, record) => ({ record: { ...record, key: `${record.key}x` }, reason: 'wrong-key' }),
  (event, record) =>
    rewritten({ ...event, eventTime: event.eventTime + 400 * DAY }, record, 'impossible-time'),
  (event, record) => {
    if (!('currency' in event))
      return rewritten({ ...event, shop: 'Not A Shop' }, record, 'schema-violation');
    return rewritten({ ...event, currency: 'XTS' }, record, 'wrong-currency');
  },
  (event, record) => {
    if (event.type === 'order_placed' || event.type === 'order_edited') {
      return rewritten({ ...event, total: event.total + 1 }, record, 'total-mismatch');
    }
    if (event.type === 'refund_issued') {
      // More tax than all that is given back: wrong with lines and without.
      return rewritten({ ...event, tax: event.amount + 1 }, record, 'total-mismatch');
    }
    return rewritten({ ...event, visitorId: 17 }, record, 'schema-violation');
  },
];

const DEEP = 2_000;
const LONG = 20_000;

/** Forms that are made to break a reader. */
const POISONS: readonly Mangle[] = [
  (_event, record) => raw('', record, 'not-json'),
  (_event, record) => raw('[]', record, 'not-json'),
  (_event, record) => raw(`${'['.repeat(DEEP)}${']'.repeat(DEEP)}`, record, 'not-json'),
  (_event, record) => raw('{"type":"order_placed","total":NaN}', record, 'not-json'),
  (_event, record) => raw('{"__proto__":{"type":"order_placed"}}', record, 'unknown-type'),
  (_event, record) => raw('{"type":"constructor"}', record, 'unknown-type'),
  (_event, record) =>
    raw(record.value.replace(/"eventTime":\d+/, '"eventTime":1e999'), record, 'schema-violation'),
  (event, record) => rewritten({ ...event, eventId: 'x'.repeat(LONG) }, record, 'schema-violation'),
  (event, record) => rewritten({ ...event, shop: { $gt: '' } }, record, 'schema-violation'),
];

/** Makes a record unreadable: by a mistake, or by ill will. */
export function mangle(
  kind: 'malformed' | 'poison',
  event: StoreEvent,
  record: OutgoingRecord,
  random: Random,
): Mangled {
  return random.pick(kind === 'malformed' ? MISTAKES : POISONS)(event, record, random);
}
