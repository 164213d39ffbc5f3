import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventRegistry, keyOf, type Shop } from '@storepulse/contracts';
import { Value } from 'typebox/value';
import { createEngine } from '../run/engine.ts';
import { createShopWorld } from '../world/shop-world.ts';
import type { FaultShares } from './faults.ts';
import { type Emission, FAULT_HEADER } from './injector.ts';

const ORIGIN = Date.UTC(2026, 0, 5, 9);

function run(faults: FaultShares, count = 10_000): Emission[] {
  const worlds = [createShopWorld({ shop: 'first', market: 'gb' }, ORIGIN)];
  const engine = createEngine({
    seed: 'one',
    worlds,
    origin: ORIGIN,
    profile: { profile: 'constant-arrival-rate', rate: 20 },
  });
  engine.command({ at: ORIGIN, command: { command: 'faults', faults } });
  return Array.from({ length: count }, () => engine.take());
}
const struck = (made: readonly Emission[]) => made.filter(({ fault }) => fault !== null);

test('without faults, everything is sound', () => {
  assert.ok(run({}, 2_000).every(({ fate, fault, record }) => fate === 'processed' && !fault && record));
});

test('each fault befalls its share of the visits’ events, and its records are labelled', () => {
  for (const name of ['late', 'out_of_order', 'clock_skew', 'malformed', 'poison'] as const) {
    const made = run({ [name]: 0.1 });
    const visits = made.filter(({ event }) => 'visitorId' in event);
    const hit = struck(made);
    assert.ok(Math.abs(hit.length / visits.length - 0.1) < 0.01, name);
    assert.ok(hit.every(({ fault, record }) => fault === name && record!.headers[FAULT_HEADER] === name));
  }
});

test('late, disordered and skewed events are shifted by what the fault says', () => {
  const shifts = (faults: FaultShares) =>
    run(faults).flatMap(({ event, fault }, n) => (fault ? [event.eventTime - (ORIGIN + n * 50)] : []));
  assert.ok(shifts({ late: 0.1 }).every((shift) => shift < -60_000 && shift >= -600_000));
  assert.ok(shifts({ out_of_order: 0.1 }).every((shift) => shift < 0 && shift >= -5_000));
  assert.ok(shifts({ clock_skew: 0.1 }).every((shift) => shift > 0 && shift <= 240_000));
});

test('a duplicate is the same event again, within two minutes', () => {
  const made = run({ duplicate: 0.1 });
  const first = new Map<string, number>();
  made.forEach(({ event, fate }, n) => {
    if (fate === 'processed') first.set(event.eventId, n);
    else {
      assert.equal(fate, 'duplicate');
      assert.ok((n - first.get(event.eventId)!) * 50 <= 121_000);
    }
  });
  assert.ok(made.some(({ fate }) => fate === 'duplicate'));
});

test('what is dropped has no record', () => {
  const dropped = struck(run({ drop: 0.1 }));
  assert.ok(dropped.length > 100);
  assert.ok(dropped.every(({ record, fate }) => record === undefined && fate === 'dropped'));
});

test('what is broken can’t be read as a sound event', () => {
  const shop: Pick<Shop, 'currency'> = { currency: 'GBP' };
  for (const { record, event, fate } of struck(run({ malformed: 0.3, poison: 0.3 }))) {
    assert.ok(fate.startsWith('dead-letter:'));
    const spec = eventRegistry.get(event.type)!;
    let body: Record<string, unknown> | undefined;
    try {
      body = JSON.parse(record!.value) as Record<string, unknown>;
    } catch {
      assert.equal(fate, 'dead-letter:not-json');
      continue;
    }
    const fits = Value.Check(spec.schema, body);
    if (fate === 'dead-letter:schema-violation') assert.ok(!fits);
    if (fate === 'dead-letter:wrong-currency') assert.ok(fits && body.currency !== shop.currency);
    if (fate === 'dead-letter:wrong-key') assert.notEqual(record!.key, keyOf(spec, event));
  }
});

test('a broken record never reaches a compacted topic', () => {
  const compacted = struck(run({ malformed: 0.5, poison: 0.5 })).filter(({ record }) =>
    ['shops', 'customers', 'products'].includes(record!.topic),
  );
  assert.equal(compacted.length, 0);
});

test('what was to be sent again before a long pause is given up, since it would no longer be known for a copy', () => {
  const worlds = [createShopWorld({ shop: 'first', market: 'gb' }, ORIGIN)];
  const profile = { profile: 'constant-arrival-rate', rate: 20 } as const;
  const engine = createEngine({ seed: 'one', worlds, origin: ORIGIN, profile });
  const at = (minutes: number) => ORIGIN + minutes * 60_000;
  engine.command({ at: ORIGIN, command: { command: 'faults', faults: { duplicate: 0.1 } } });
  engine.command({ at: at(2), command: { command: 'pause' } });
  engine.command({ at: at(22), command: { command: 'resume' } });
  const copies: number[] = [];
  let due = engine.peek();
  for (; due < at(26); due = engine.peek()) {
    const { fate, event } = engine.take();
    if (fate === 'duplicate') copies.push(due - event.eventTime);
  }
  assert.ok(copies.length > 200);
  assert.ok(Math.max(...copies) < 5 * 60_000);
});
