import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DEAD_LETTER_REASONS,
  eventRegistry,
  type Shop,
  type StoreEvent,
  type TopicName,
  toRecord,
} from '@storepulse/contracts';
import fc from 'fast-check';
import type { InputRecord } from '../kafka/port.ts';
import { anOrder, SHOP } from '../testing/events.ts';
import { createDecoder } from './decoder.ts';

const decode = createDecoder(eventRegistry, (shop) => (shop === SHOP.shop ? (SHOP as Shop) : undefined));
const SENT_AT = anOrder().eventTime + 1_000;

function record(value: string | Buffer | null, key = `${SHOP.shop}|v1`): InputRecord {
  return {
    key: Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    headers: {},
    offset: 0,
    timestamp: SENT_AT,
  };
}
const reasonOf = (topic: TopicName, input: InputRecord) => {
  const decoded = decode(topic, input);
  return decoded.kind === 'unreadable' ? decoded.reason : decoded.kind;
};
/** The record of the shop, with what is given put over it. */
const shopRecord = (fields: object) => {
  const { key, value } = toRecord({ ...SHOP, ...fields } as StoreEvent, '/test');
  return record(value, key);
};
const ofEvent = (event: StoreEvent | Record<string, unknown>) => record(JSON.stringify(event));

test('a sound order is an event', () => {
  const { topic, key, value } = toRecord(anOrder(), '/test');
  assert.equal(reasonOf(topic, record(value, key)), 'event');
});

test('a shop whose time zone nobody knows is a dead letter, so that it does not take the place of a sound one', () => {
  const shop = { ...SHOP, type: 'shop_upserted' } as StoreEvent;
  const sent = (timeZone: string) => {
    const { topic, key, value } = toRecord({ ...shop, timeZone } as StoreEvent, '/test');
    return decode(topic, record(value, key));
  };
  assert.equal(sent('Europe/London').kind, 'event');
  assert.deepEqual(sent('Europe/Atlantis'), {
    kind: 'unreadable',
    reason: 'schema-violation',
    detail: '/timeZone: is no time zone of the IANA database',
  });
});

test('a shop keeps its currency, scale and time zone; its name, week start and retention may change', () => {
  const told = (fields: object) => decode('shops', shopRecord(fields));
  assert.equal(told({ name: 'Renamed', weekStart: 'sunday', retention: 'standard' }).kind, 'event');
  assert.deepEqual(told({ currency: 'DKK' }), {
    kind: 'unreadable',
    reason: 'shop-changed',
    detail: 'currency is DKK, the shop is counted in GBP',
  });
  assert.equal(reasonOf('shops', shopRecord({ scale: 3 })), 'shop-changed');
  assert.equal(reasonOf('shops', shopRecord({ timeZone: 'Europe/Paris' })), 'shop-changed');
  assert.equal(told({ shop: 'new-shop', currency: 'DKK' }).kind, 'event');
});

test('an amount beyond what one event may hold is a dead letter', () => {
  const dear = { unitPrice: 1e12 + 1, quantity: 1, discount: 0, sku: 'A', category: 'Mugs' };
  const order = anOrder({
    lines: [dear],
    subtotal: dear.unitPrice,
    discount: 0,
    shipping: 0,
    tax: 0,
    total: dear.unitPrice,
  });
  assert.equal(reasonOf('transactions', ofEvent(order)), 'schema-violation');
});

test('each fault has its own reason', () => {
  const cases: [string, TopicName, InputRecord][] = [
    ['not-json', 'transactions', record('{"type":')],
    ['not-json', 'transactions', record('[1,2]')],
    ['not-json', 'transactions', record(Buffer.from([0x7b, 0xff, 0xfe]))],
    ['not-json', 'transactions', record(null)],
    ['unknown-type', 'transactions', ofEvent({ ...anOrder(), type: 'order_teleported' })],
    ['unknown-type', 'transactions', ofEvent({ ...anOrder(), type: '__proto__' })],
    ['wrong-topic', 'product-views', ofEvent(anOrder())],
    ['schema-violation', 'transactions', ofEvent({ ...anOrder(), total: '12' })],
    ['schema-violation', 'transactions', ofEvent({ ...anOrder(), lines: [] })],
    ['wrong-key', 'transactions', record(JSON.stringify(anOrder()), 'demo|somebody-else')],
    ['unknown-shop', 'transactions', record(JSON.stringify(anOrder({ shop: 'nowhere' })), 'nowhere|v1')],
    ['shop-changed', 'shops', shopRecord({ currency: 'USD' })],
    ['wrong-currency', 'transactions', ofEvent(anOrder({ currency: 'USD' }))],
    ['total-mismatch', 'transactions', ofEvent({ ...anOrder(), total: 1 })],
    [
      'total-mismatch',
      'transactions',
      ofEvent({ ...anOrder(), subtotal: anOrder().subtotal + 1, total: anOrder().total + 1 }),
    ],
    ['impossible-time', 'transactions', ofEvent(anOrder({ eventTime: SENT_AT + 5 * 60_000 + 1 }))],
    ['impossible-time', 'transactions', ofEvent(anOrder({ eventTime: Date.UTC(1999, 11, 31) }))],
    ['too-large', 'transactions', record(JSON.stringify({ ...anOrder(), note: 'x'.repeat(1_000_000) }))],
  ];
  for (const [reason, topic, input] of cases) assert.equal(reasonOf(topic, input), reason);
  // Whether an id was counted before with other content, the record alone does not tell.
  const byRecord = DEAD_LETTER_REASONS.filter((reason) => reason !== 'conflicting-content');
  assert.deepEqual(new Set(cases.map(([reason]) => reason)), new Set(byRecord));
});

test('additional fields are tolerated, and a tombstone of a compacted topic is none of the faults', () => {
  assert.equal(reasonOf('transactions', ofEvent({ ...anOrder(), loyaltyTier: 'gold' })), 'event');
  assert.equal(reasonOf('customers', record(null, 'demo|c1')), 'tombstone');
});

test('text that is no Unicode is no text, however it is escaped', () => {
  const withCountry = (json: string) =>
    ofEvent(anOrder({ country: 'COUNTRY' }))
      .value!.toString()
      .replace('"COUNTRY"', json);
  const told = (json: string) => reasonOf('transactions', record(withCountry(json)));
  for (const half of ['"\\ud83d"', '"\\udE00\\uD83D"', '"\\ud83d\\n\\ude00"'])
    assert.equal(told(half), 'not-json');
  for (const whole of ['"\\ud83d\\ude00"', '"\\\\ud83d"', '"\\u00e9"']) assert.equal(told(whole), 'event');
});

test('what is wrong is told by field, never by value', () => {
  const detailOf = (value: object) => {
    const decoded = decode('customers', ofEvent(value as Record<string, unknown>));
    return decoded.kind === 'unreadable' ? decoded.detail : assert.fail(decoded.kind);
  };
  assert.doesNotMatch(detailOf({ type: 'customer_upserted', email: 42, name: 'Jane Roe' }), /Jane/);
  assert.doesNotMatch(detailOf({ type: 'jane@roe.example' }), /jane/);
  assert.equal(detailOf({ type: 'order_teleported' }), 'type is order_teleported');
  assert.equal(detailOf({}), 'type is missing');
});

test('no bytes and no mutation of an order make the decoder throw', () => {
  const text = JSON.stringify(anOrder());
  const mutated = fc
    .tuple(fc.nat(text.length), fc.nat(20), fc.string({ maxLength: 20 }))
    .map(([at, length, insert]) => text.slice(0, at) + insert + text.slice(at + length));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
        mutated,
        fc.json(),
      ),
      (value) => {
        assert.ok(['event', 'tombstone', 'unreadable'].includes(decode('transactions', record(value)).kind));
      },
    ),
    { numRuns: 5_000 },
  );
});

test('bytes that are no UTF-8 are a dead letter; a replacement character that was sent, and a byte order mark, are none', () => {
  const text = JSON.stringify(anOrder({ channel: 'X' }));
  const broken = Buffer.from(text);
  broken[text.indexOf('"X"') + 1] = 0xff;
  assert.equal(reasonOf('transactions', record(broken)), 'not-json');
  assert.equal(reasonOf('transactions', record(text.replace('"X"', '"\uFFFD"'))), 'event');
  assert.equal(reasonOf('transactions', record(`\uFEFF${text}`)), 'event');
});

test('a record is read only under the key of its event, in any script', () => {
  const id = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    .filter((text) => !text.includes('|'));
  fc.assert(
    fc.property(id, id, (visitorId, other) => {
      const value = JSON.stringify(anOrder({ visitorId }));
      const reason = reasonOf('transactions', record(value, `${SHOP.shop}|${other}`));
      assert.equal(reason, Buffer.from(visitorId).equals(Buffer.from(other)) ? 'event' : 'wrong-key');
      assert.equal(reasonOf('transactions', record(value, `${SHOP.shop}|${visitorId}`)), 'event');
      assert.equal(reasonOf('transactions', record(value, `${SHOP.shop}|${visitorId}-`)), 'wrong-key');
    }),
  );
});
