import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { FAULT_NAMES } from '../faults/faults.ts';
import type { Emission } from '../faults/injector.ts';
import type { LoadProfile } from '../load/profile.ts';
import { SCENARIO_NAMES, SCENARIOS } from '../scenarios/scenarios.ts';
import { createShopWorld } from '../world/shop-world.ts';
import type { TimedCommand } from './commands.ts';
import { createEngine, type Engine } from './engine.ts';

/** A Monday at 9 o'clock in London. */
const ORIGIN = Date.UTC(2026, 0, 5, 9);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

function engineOf(profile: LoadProfile, seed = 'one'): Engine {
  const worlds = [createShopWorld({ shop: 'first', market: 'gb' }, ORIGIN)];
  return createEngine({ seed, worlds, origin: ORIGIN, profile });
}
/** What is due by `until` ms after the origin. */
function make(engine: Engine, until: number): Emission[] {
  const made: Emission[] = [];
  while (engine.peek(ORIGIN + until) <= ORIGIN + until) made.push(engine.take());
  return made;
}
function run(profile: LoadProfile, until: number, timeline: readonly TimedCommand[] = []): Emission[] {
  const engine = engineOf(profile);
  for (const timed of timeline) engine.command(timed);
  return make(engine, until);
}
const constant = (rate: number): LoadProfile => ({ profile: 'constant-arrival-rate', rate });
const at = (ms: number, command: TimedCommand['command']): TimedCommand => ({ at: ORIGIN + ms, command });
const digest = (made: readonly Emission[]) =>
  createHash('sha256')
    .update(JSON.stringify(made.map(({ record }) => record)))
    .digest('hex');
const between = (made: readonly Emission[], from: number, to: number) =>
  made.filter(({ event }) => event.eventTime >= ORIGIN + from && event.eventTime < ORIGIN + to);

const TIMELINE: TimedCommand[] = [
  at(10 * SECOND, { command: 'rate', rate: 80 }),
  at(20 * SECOND, { command: 'faults', faults: { duplicate: 0.1, malformed: 0.05, late: 0.1 } }),
  at(30 * SECOND, { command: 'scenario-start', scenario: 'flash-sale' }),
  at(40 * SECOND, { command: 'profile', profile: { profile: 'poisson', rate: 40 } }),
  at(50 * SECOND, { command: 'pause' }),
  at(70 * SECOND, { command: 'resume' }),
  at(80 * SECOND, { command: 'profile', profile: { profile: 'diurnal', rate: 3, unit: 'sessions' } }),
  at(90 * SECOND, { command: 'scenario-end', scenario: 'flash-sale' }),
];

test('a run that is steered live is the same run again from its recorded timeline', () => {
  const recorded = run(constant(50), 2 * MINUTE, TIMELINE);
  const live = engineOf(constant(50));
  const made: Emission[] = [];
  for (const timed of TIMELINE) {
    // Live, a command is known only when its time has come, and what was due before has been made.
    made.push(...make(live, timed.at - ORIGIN - 1));
    live.command(timed);
  }
  made.push(...make(live, 2 * MINUTE));
  assert.ok(made.length > 3_000);
  assert.equal(digest(made), digest(recorded));
});

test('a run that falls behind and catches up makes the same events', () => {
  const engine = engineOf(constant(50));
  const made = [...make(engine, 5 * SECOND)];
  for (const timed of TIMELINE) engine.command(timed);
  made.push(...make(engine, 2 * MINUTE));
  assert.equal(digest(made), digest(run(constant(50), 2 * MINUTE, TIMELINE)));
});

test('another seed makes another run', () => {
  assert.notEqual(
    digest(make(engineOf(constant(50), 'one'), MINUTE)),
    digest(make(engineOf(constant(50), 'two'), MINUTE)),
  );
});

test('of poisson arrivals there are as many as the rate says, within four standard deviations', () => {
  const count = run({ profile: 'poisson', rate: 100 }, 100 * SECOND).length;
  assert.ok(Math.abs(count - 10_000) <= 4 * Math.sqrt(10_000), `${count}`);
});

test('a spike goes up to its peak and back', () => {
  const spike: LoadProfile = { profile: 'spike', rate: 10, peak: 100, ramp: '10s', hold: '20s' };
  const made = run(spike, MINUTE);
  assert.ok(Math.abs(between(made, 10 * SECOND, 30 * SECOND).length - 2_000) <= 2);
  assert.ok(Math.abs(between(made, 40 * SECOND, 60 * SECOND).length - 200) <= 2);
});

test('a diurnal day is busier at noon than at night, and its week has the mean rate', () => {
  const week = run({ profile: 'diurnal', rate: 0.05 }, 7 * 24 * 60 * MINUTE);
  const hour = (of: number) => between(week, (of - 9) * 60 * MINUTE, (of - 8) * 60 * MINUTE).length;
  assert.ok(hour(12 + 24) > 10 * hour(3 + 24));
  assert.ok(Math.abs(week.length / (0.05 * 7 * 86_400) - 1) < 0.01, `${week.length}`);
});

test('in units of sessions, visits arrive at the rate, and what they do follows by itself', () => {
  const made = run({ profile: 'constant-arrival-rate', rate: 5, unit: 'sessions' }, 5 * MINUTE);
  const arrivals = made.filter(({ event }) => event.type === 'session_started');
  assert.ok(Math.abs(arrivals.length - 1_500) <= 1);
  assert.ok(made.length > 3 * arrivals.length);
  const times = made.map(({ event }) => event.eventTime);
  assert.ok(times.every((time, n) => n === 0 || time >= times[n - 1]!));
});

test('sessions that were interrupted by a pause go on after it, not in the past', () => {
  const made = run({ profile: 'constant-arrival-rate', rate: 5, unit: 'sessions' }, 3 * MINUTE, [
    at(MINUTE, { command: 'pause' }),
    at(2 * MINUTE, { command: 'resume' }),
  ]);
  assert.equal(between(made, MINUTE + 1, 2 * MINUTE).length, 0);
  assert.ok(between(made, 2 * MINUTE, 3 * MINUTE).length > 300);
});

test('after a stop nothing is due', () => {
  const engine = engineOf(constant(50));
  engine.command(at(SECOND, { command: 'stop' }));
  assert.equal(make(engine, MINUTE).length, 50);
  assert.equal(engine.peek(), Number.POSITIVE_INFINITY);
});

test('a payment outage makes most payments fail while it lasts, and is announced', () => {
  const made = run(constant(100), 40 * MINUTE, [
    at(10 * MINUTE, { command: 'scenario-start', scenario: 'payment-outage' }),
    at(40 * MINUTE, { command: 'scenario-end', scenario: 'payment-outage' }),
  ]);
  const failures = (events: readonly Emission[]) => {
    const failed = events.filter(({ event }) => event.type === 'payment_failed').length;
    return failed / (failed + events.filter(({ event }) => event.type === 'payment_authorized').length);
  };
  assert.ok(failures(between(made, 0, 10 * MINUTE)) < 0.2);
  assert.ok(failures(between(made, 11 * MINUTE, 40 * MINUTE)) > 0.85);
  const notes = made.filter(({ event }) => event.type === 'annotation_posted');
  assert.deepEqual(
    notes.map(({ event }) => event.type === 'annotation_posted' && [event.title, event.phase]),
    [
      ['Payment outage', 'start'],
      ['Payment outage', 'end'],
    ],
  );
  const [start, end] = notes.map(({ event }) => event.type === 'annotation_posted' && event.annotationId);
  assert.equal(start, end, 'one annotation that begins and ends');
});

test('a scenario that is begun again goes on, for as long as was said last', () => {
  const begin = (ms: number) => at(ms, { command: 'scenario-start', scenario: 'payment-outage' });
  const end = (ms: number, begun: number) =>
    at(ms, { command: 'scenario-end', scenario: 'payment-outage', begun: ORIGIN + begun });
  const made = run(constant(20), 2 * MINUTE, [
    begin(10 * SECOND),
    end(40 * SECOND, 10 * SECOND),
    begin(30 * SECOND),
    end(90 * SECOND, 30 * SECOND),
  ]);
  const notes = made.filter(({ event }) => event.type === 'annotation_posted');
  assert.deepEqual(
    notes.map(({ event }) => [
      event.type === 'annotation_posted' && event.phase,
      Math.floor((event.eventTime - ORIGIN) / SECOND),
    ]),
    [
      ['start', 10],
      ['end', 90],
    ],
  );
});

test('a pause does not end a scenario before its time, and the run is the same again', () => {
  const timeline = [
    at(10 * SECOND, { command: 'scenario-start', scenario: 'payment-outage' }),
    at(20 * SECOND, { command: 'pause' }),
    at(30 * SECOND, { command: 'resume' }),
    at(50 * SECOND, { command: 'scenario-end', scenario: 'payment-outage' }),
  ] as const;
  const [start, pause, resume, end] = timeline;
  const live = engineOf(constant(50));
  for (const timed of [start, pause, end]) live.command(timed);
  const made = make(live, 25 * SECOND);
  assert.deepEqual(live.status().scenarios, ['payment-outage']);
  live.command(resume);
  made.push(...make(live, MINUTE));
  assert.deepEqual(live.status().scenarios, []);
  assert.equal(digest(made), digest(run(constant(50), MINUTE, timeline)));
});

test('every scenario and every change of the faults is announced, in every shop', () => {
  const shops = ['first', 'second'];
  const worlds = shops.map((shop) => createShopWorld({ shop, market: 'gb' }, ORIGIN));
  const engine = createEngine({ seed: 'one', worlds, origin: ORIGIN, profile: constant(50) });
  const faults = Object.fromEntries(FAULT_NAMES.map((name) => [name, 0.01]));
  engine.command(at(SECOND, { command: 'faults', faults }));
  SCENARIO_NAMES.forEach((scenario, index) => {
    engine.command(at((2 + index) * SECOND, { command: 'scenario-start', scenario }));
    engine.command(at((20 + index) * SECOND, { command: 'scenario-end', scenario }));
  });
  const notes = make(engine, MINUTE).flatMap(({ event, record }) =>
    event.type === 'annotation_posted' ? [{ ...event, topic: record!.topic }] : [],
  );
  for (const shop of shops) {
    const own = notes.filter((note) => note.shop === shop);
    assert.ok(own.every(({ topic }) => topic === 'system-logs'));
    const [moment] = own.filter(({ phase }) => phase === 'moment');
    for (const name of FAULT_NAMES) assert.match(moment!.text, new RegExp(`${name} 1 %`));
    for (const phase of ['start', 'end'] as const) {
      const titles = own.filter((note) => note.phase === phase).map(({ title }) => title);
      assert.deepEqual(
        titles,
        SCENARIO_NAMES.map((name) => SCENARIOS[name].title),
      );
    }
  }
});

test('during a stock-out the best sellers are gone, and afterwards they are back', () => {
  const made = run(constant(100), 20 * MINUTE, [
    at(MINUTE, { command: 'scenario-start', scenario: 'stock-out' }),
    at(10 * MINUTE, { command: 'scenario-end', scenario: 'stock-out' }),
  ]);
  const gone = new Set<string>();
  for (const { event } of between(made, MINUTE, 10 * MINUTE)) {
    if (event.type === 'product_upserted' && event.stock === 0) gone.add(event.sku);
    if (event.type === 'cart_item_added') assert.ok(!gone.has(event.sku));
  }
  assert.equal(gone.size, 20);
  const back = between(made, 10 * MINUTE, 20 * MINUTE).filter(
    ({ event }) => event.type === 'cart_item_added' && gone.has(event.sku),
  );
  assert.ok(back.length > 0);
});

/** What scenarios are compared with. */
const usual = run(constant(200), 10 * MINUTE);

test('in a flash sale more is put into carts, and everything is cheaper', () => {
  const sale = run(constant(200), 10 * MINUTE, [
    at(1, { command: 'scenario-start', scenario: 'flash-sale' }),
  ]);
  const adds = (made: readonly Emission[]) =>
    made.filter(({ event }) => event.type === 'cart_item_added').length;
  assert.ok(adds(sale) > 1.5 * adds(usual));
  for (const { event } of sale) {
    if (event.type === 'order_placed') assert.ok(Math.abs(event.discount / event.subtotal - 0.3) < 0.02);
  }
});

test('broken search finds nothing', () => {
  const made = run(constant(100), MINUTE, [
    at(1, { command: 'scenario-start', scenario: 'search-breakage' }),
  ]);
  const searches = made.filter(({ event }) => event.type === 'search_performed');
  assert.ok(searches.length > 50);
  assert.ok(searches.every(({ event }) => event.type === 'search_performed' && event.results === 0));
});

test('a price error is told with the products, and put right at the end', () => {
  const prices = new Map<string, number[]>();
  const made = run(constant(100), MINUTE, [
    at(1, { command: 'scenario-start', scenario: 'price-error' }),
    at(30 * SECOND, { command: 'scenario-end', scenario: 'price-error' }),
  ]);
  for (const { event } of made) {
    if (event.type === 'product_upserted')
      prices.set(event.sku, [...(prices.get(event.sku) ?? []), event.price]);
  }
  const wrong = [...prices.values()].filter((list) => Math.min(...list) * 50 < Math.max(...list));
  assert.equal(wrong.length, 100);
  assert.ok(wrong.every((list) => list.at(-1) === Math.max(...list)));
});

test('that a product is sold out is told once, however many still order it', () => {
  const made = run(constant(200), 10 * MINUTE, [
    at(5 * MINUTE, { command: 'scenario-start', scenario: 'stock-out' }),
  ]);
  const told = made.flatMap(({ event }) =>
    event.type === 'product_upserted' && event.stock === 0 ? [event.sku] : [],
  );
  const ordered = made.flatMap(({ event }) =>
    event.type === 'order_placed' ? event.lines.map(({ sku }) => sku) : [],
  );
  assert.equal(told.length, 20);
  assert.equal(new Set(told).size, 20);
  const again = ordered.filter((sku) => told.includes(sku)).length;
  assert.ok(again > 20, `${again} of ${ordered.length} ordered lines`);
});

test('machines read many pages in quick succession and never buy', () => {
  const made = run(constant(300), 5 * MINUTE, [
    at(1, { command: 'scenario-start', scenario: 'bot-traffic' }),
  ]);
  const views = new Map<string, number>();
  for (const { event } of made) {
    if (event.type === 'product_viewed') views.set(event.sessionId!, (views.get(event.sessionId!) ?? 0) + 1);
  }
  assert.ok([...views.values()].filter((count) => count >= 15).length > 100);
});

test('a slow checkout takes long and loses buyers', () => {
  const latencies = (made: readonly Emission[]) =>
    made.flatMap(({ event }) => (event.type === 'checkout_step_completed' ? [event.latencyMs] : []));
  const slow = latencies(
    run(constant(200), 10 * MINUTE, [at(1, { command: 'scenario-start', scenario: 'slow-checkout' })]),
  );
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  assert.ok(mean(slow) > 8 * mean(latencies(usual)));
  assert.ok(slow.length < latencies(usual).length);
});

test('a rate is of events, at once, also where visits were counted by the hour of the day', () => {
  const visits: LoadProfile = { profile: 'diurnal', rate: 16 / 3_600, unit: 'sessions' };
  const made = run(visits, 20 * SECOND, [at(10 * SECOND, { command: 'rate', rate: 50 })]);
  const seconds = Array.from({ length: 9 }, (_, index) => (10 + index) * SECOND);
  for (const second of seconds) {
    assert.ok(Math.abs(between(made, second, second + SECOND).length - 50) <= 1, `${second} ms`);
  }
});
