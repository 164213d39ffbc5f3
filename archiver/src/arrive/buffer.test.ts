import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventRegistry, type StoreEvent, toRecord, zoneCalendar } from '@storepulse/contracts';
import { anEvent, anOrder, SHOP } from '@storepulse/contracts/testing/events';
import { LAKE_TYPES } from '@storepulse/lake';
import { createDecoder } from '@storepulse/processor/decode/decoder';
import type { InputRecord } from '@storepulse/processor/kafka/port';
import fc from 'fast-check';
import { createArriveBuffer } from './buffer.ts';

const shopOf = (shop: string) =>
  shop === SHOP.shop ? { shop: SHOP, calendar: zoneCalendar(SHOP.timeZone) } : undefined;
const decode = createDecoder(eventRegistry, (shop) => shopOf(shop)?.shop);
const record = (value: string | null, key: string, offset: number): InputRecord => ({
  ...{ key: Buffer.from(key), value: value === null ? null : Buffer.from(value), headers: {}, offset },
  timestamp: SHOP.eventTime + 100 * 86_400_000,
});

test('whatever comes, each record has one fate, and as many rows are there as were archived', () => {
  const sound = fc.integer({ min: 0, max: 2_000 }).map((hours) => {
    const { key, value } = toRecord(anOrder({ eventTime: SHOP.eventTime + hours * 3_600_000 }), '/test');
    return { key, value };
  });
  const odd = fc.constantFrom(
    { key: 'demo|v1', value: 'no JSON' },
    { key: 'demo|v1', value: null },
    { key: 'demo|v2', value: JSON.stringify(anOrder()) },
    { key: 'nobody|v1', value: JSON.stringify({ ...anOrder(), shop: 'nobody' }) },
    { key: 'demo|v1', value: JSON.stringify({ ...anOrder(), total: 1 }) },
    { key: 'demo|v1', value: JSON.stringify(anEvent('session_started')) },
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(sound, odd)), (records) => {
      const buffer = createArriveBuffer('transactions', LAKE_TYPES, shopOf);
      records.forEach(({ key, value }, offset) => {
        const input = record(value, key, offset);
        buffer.add(input, decode('transactions', input));
      });
      const { groups, fates, records: count } = buffer.take();
      assert.equal(count, records.length);
      assert.equal(
        Object.values(fates).reduce<number>((sum, n) => sum + (n ?? 0), 0),
        records.length,
      );
      assert.equal(
        groups.reduce((sum, { rows }) => sum + rows, 0),
        fates.archived ?? 0,
      );
      for (const { lines, rows } of groups)
        assert.equal(Buffer.concat(lines).toString().trimEnd().split('\n').length, rows);
      assert.equal(buffer.take().records, 0);
      assert.equal(buffer.bytes, 0);
    }),
  );
});

test('an event is of its shop’s day, also across a change of the clocks', () => {
  const buffer = createArriveBuffer('transactions', LAKE_TYPES, shopOf);
  const days = new Map([
    [Date.UTC(2026, 5, 30, 22, 59), '2026-06-30'],
    [Date.UTC(2026, 5, 30, 23), '2026-07-01'],
    [Date.UTC(2026, 6, 8, 12), '2026-07-08'],
  ]);
  let offset = 0;
  for (const [eventTime] of days) {
    const { key, value } = toRecord(anOrder({ eventTime }) as StoreEvent, '/test');
    const input = { ...record(value, key, offset++), timestamp: eventTime };
    buffer.add(input, decode('transactions', input));
  }
  assert.deepEqual(
    buffer.take().groups.map(({ date }) => date),
    [...days.values()],
  );
});

test('a tombstone on customers erases, one on products does not', () => {
  for (const [topic, erased] of [
    ['customers', 1],
    ['products', 0],
  ] as const) {
    const buffer = createArriveBuffer(topic, LAKE_TYPES, shopOf);
    const input = record(null, 'demo|x', 0);
    buffer.add(input, decode(topic, input));
    const { people, fates } = buffer.take();
    assert.deepEqual([people.size, fates], [erased, { tombstone: 1 }]);
  }
});
