import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EventOf, readSettings, type StoreEvent, zoneCalendar } from '@storepulse/contracts';
import { TARGETS } from '../behaviour/calibration.ts';
import { WEEK_SHAPES } from '../behaviour/week-shapes.ts';
import { SimulatorSettingsSchema } from '../settings.ts';
import { memorySink } from '../testing.ts';
import { MARKETS } from '../world/markets.ts';
import type { Clock } from './clock.ts';
import { openingRun } from './opening-run.ts';
import type { Runner } from './runner.ts';
import { startRun } from './start-run.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The start: a Wednesday at noon in London, in the busiest hours. */
const START = Date.UTC(2026, 0, 7, 12);
const LOOKED_AT = 24;
const VISITS_PER_HOUR = 160;

const opening = (environment: Record<string, string>, firstStart = true) =>
  openingRun(readSettings(SimulatorSettingsSchema, environment), START, firstStart);

/** What a first start makes: thirty hours of history, and a day after it. */
async function firstHours(): Promise<StoreEvent[]> {
  const sink = memorySink();
  let time = START;
  // One look a minute, as on a machine that is very slow: what is made does not hang on it.
  const clock: Clock = {
    now: () => time,
    sleepUntil: async () => {
      time += 60_000;
      if (time > START + DAY && runner) runner.command({ command: 'stop' });
    },
  };
  let runner: Runner | undefined;
  const spec = opening({
    SIMULATOR_SEED: 'seam',
    SIMULATOR_VISITS_PER_HOUR: String(VISITS_PER_HOUR),
    SIMULATOR_BACKFILL: '30h',
  });
  runner = (await startRun(spec, { sink, clock, onEmission: () => {} })).runner;
  await runner.run();
  return sink.records
    .filter(({ topic }) => topic !== 'sim-ledger')
    .map(({ value }) => JSON.parse(value) as StoreEvent);
}

const events = await firstHours();
const ofType = <T extends StoreEvent['type']>(type: T) =>
  events.filter((event): event is EventOf<T> => event.type === type);

/** The visits that the week of the British shop has in an hour, by its published shares. */
function usualVisits(hour: number): number {
  const { hours, weekdays } = WEEK_SHAPES.gb;
  const { timeZone } = MARKETS.gb;
  const { weekday } = zoneCalendar(timeZone).localDate(hour);
  const sum = (shares: readonly number[]) => shares.reduce((total, share) => total + share, 0);
  const ofHour = (hours[new Date(hour).getUTCHours()]! / sum(hours)) * 24;
  return VISITS_PER_HOUR * ofHour * (weekdays[(weekday + 6) % 7]! / sum(weekdays)) * 7;
}

interface Part {
  from: number;
  to: number;
  /** The visits that are usual in it. */
  visits: number;
}

/** A stretch of so many hours from the start on; before it where `first` is negative. */
function part(first: number, hours: number): Part {
  const each = Array.from({ length: hours }, (_, index) => usualVisits(START + (first + index) * HOUR));
  const from = START + first * HOUR;
  return { from, to: from + hours * HOUR, visits: each.reduce((sum, visits) => sum + visits, 0) };
}

/** The hours on both sides of the start, and both sides as a whole. */
const PARTS: readonly Part[] = [
  ...Array.from({ length: 2 * LOOKED_AT }, (_, index) => part(index - LOOKED_AT, 1)),
  part(-LOOKED_AT, LOOKED_AT),
  part(0, LOOKED_AT),
];

interface Booked {
  eventTime: number;
  value: number;
}

/** Holds what fell into each part against what its visits lead one to expect. */
function compare(booked: readonly Booked[], expect: (visits: number) => { value: number; room: number }) {
  for (const { from, to, visits } of PARTS) {
    const values = booked.filter(({ eventTime }) => eventTime >= from && eventTime < to);
    const sum = values.reduce((total, { value }) => total + value, 0);
    const { value, room } = expect(visits);
    const what = `${(to - from) / HOUR} h from ${new Date(from).toISOString()}`;
    assert.ok(Math.abs(sum - value) <= room, `${what}: ${sum}, expected ${value} ± ${room}`);
  }
}

test('sessions per hour follow the shop’s week, before the start as after it', () => {
  const sessions = ofType('session_started').map(({ eventTime }) => ({ eventTime, value: 1 }));
  compare(sessions, (visits) => ({ value: visits, room: 2 + 0.02 * visits }));
});

test('orders per hour are those of so many visits, before the start as after it', () => {
  const orders = ofType('order_placed').map(({ eventTime }) => ({ eventTime, value: 1 }));
  compare(orders, (visits) => {
    const value = visits * TARGETS.conversion;
    return { value, room: 4 * Math.sqrt(value) + 1 };
  });
});

test('net sales per hour are those of so many orders, before the start as after it', () => {
  const sales = ofType('order_placed').map(({ eventTime, subtotal, discount }) => ({
    eventTime,
    value: subtotal - discount,
  }));
  const mean = sales.reduce((sum, { value }) => sum + value, 0) / sales.length;
  const square = sales.reduce((sum, { value }) => sum + value ** 2, 0) / sales.length;
  compare(sales, (visits) => {
    const orders = visits * TARGETS.conversion;
    // The variance of a sum of a chance number of chance amounts, and room for one large order at night.
    return { value: orders * mean, room: 4 * Math.sqrt(orders * square) + 2 * Math.sqrt(square) };
  });
});

test('visits that are under way at the start go on', () => {
  const visits = Map.groupBy(
    events.filter((event) => 'sessionId' in event && event.sessionId !== null),
    (event) => (event as { sessionId: string }).sessionId,
  );
  const underWay = [...visits.values()].filter(
    (visit) => visit.some(({ eventTime }) => eventTime < START) && visit.at(-1)!.eventTime >= START,
  );
  // A third of all end with their first event; the others last for minutes.
  assert.ok(underWay.length > usualVisits(START) / 120, `${underWay.length} visits`);
});

test('the first start begins with a month of history, a later one in the present', () => {
  assert.equal(opening({}).origin, START - 30 * DAY);
  assert.equal(opening({}, false).origin, START);
  assert.deepEqual(opening({}).profile, { profile: 'diurnal', rate: 16 / 3_600, unit: 'sessions' });
});

test('of a higher rate there is less history, which nobody waits for', () => {
  assert.deepEqual(opening({ SIMULATOR_RATE: '50' }).profile, {
    profile: 'constant-arrival-rate',
    rate: 50,
  });
  assert.equal(opening({ SIMULATOR_RATE: '50' }).origin, START - 20 * 60_000);
  assert.ok(opening({ SIMULATOR_VISITS_PER_HOUR: '160' }).origin > START - 4 * DAY);
  assert.equal(opening({ SIMULATOR_RATE: '0' }).origin, START - 30 * DAY);
});

test('history that is asked for is made, at the same rate', () => {
  assert.equal(opening({ SIMULATOR_BACKFILL: '90d' }).origin, START - 90 * DAY);
  assert.equal(opening({ SIMULATOR_BACKFILL: '6h', SIMULATOR_RATE: '50' }).origin, START - 6 * HOUR);
  assert.equal(opening({ SIMULATOR_BACKFILL: '0' }).origin, START);
  assert.deepEqual(opening({ SIMULATOR_BACKFILL: '90d' }).timeline, []);
});
