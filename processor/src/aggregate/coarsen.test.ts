import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, RESOLUTIONS, type StoreEvent, windowStart, zoneCalendar } from '@storepulse/contracts';
import fc from 'fast-check';
import { anEvent, anOrder } from '../testing/events.ts';
import { coarsen, type Windows } from './coarsen.ts';
import { emptyDelta, windowOf } from './delta.ts';
import { encodeCells } from './partials.ts';
import { compilePlan } from './plan.ts';

const plan = compilePlan(catalog);
const at = (eventTime: number, visitor = 1): StoreEvent[] => {
  const base = { eventTime, visitorId: `v${visitor}`, sessionId: null, country: 'France' };
  return [
    anOrder({ ...base, orderId: `o-${eventTime}-${visitor}` }),
    anEvent('product_viewed', { ...base, eventId: `e-${eventTime}-${visitor}` }),
  ];
};

/** What events add to the windows of a resolution, each counted straight into the window that it lies in. */
function counted(events: readonly StoreEvent[], startOf: (time: number) => number): Windows {
  const windows = new Map<number, Windows extends ReadonlyMap<number, infer Window> ? Window : never>();
  for (const [start, its] of Map.groupBy(events, ({ eventTime }) => startOf(eventTime))) {
    const delta = emptyDelta();
    const window = windowOf(delta, 'demo', start);
    for (const event of its) plan.addEvent.get(event.type)!(window, event);
    windows.set(start, window);
  }
  return windows;
}

/** Windows as they are stored, in an order of their own. */
const stored = (windows: Windows) =>
  new Map(
    [...windows]
      .sort(([a], [b]) => a - b)
      .map(([start, window]) => [
        start,
        plan.groups.flatMap((group, index) => {
          const cells = window[index];
          if (!cells) return [];
          const filled = group.dimensions.flatMap(({ name }, i) =>
            cells[i]!.size > 0 ? [[name, new Map([...cells[i]!].sort())] as const] : [],
          );
          return [[group.name, encodeCells(group, new Map(filled))]];
        }),
      ]),
  );

function assertFolded(events: readonly StoreEvent[], timeZone: string) {
  const calendar = zoneCalendar(timeZone);
  const startOf = (resolution: (typeof RESOLUTIONS)[number]) => (time: number) =>
    windowStart(resolution, time, calendar);
  const fine = counted(events, startOf('10s'));
  const before = stored(fine);
  const folded = coarsen(fine, plan.groups, calendar);
  for (const resolution of RESOLUTIONS)
    assert.deepEqual(stored(folded[resolution]), stored(counted(events, startOf(resolution))), resolution);
  assert.deepEqual(stored(fine), before, 'what was added up is changed');
}

test('windows of every resolution hold what is counted straight into them', () => {
  const start = Date.UTC(2026, 2, 28, 22);
  const events = fc.array(
    fc.record({ second: fc.integer({ min: 0, max: 100_000 }), visitor: fc.integer({ min: 1, max: 3 }) }),
    { maxLength: 40 },
  );
  const zones = fc.constantFrom('UTC', 'Europe/London', 'Asia/Kolkata', 'Asia/Kathmandu', 'America/New_York');
  fc.assert(
    fc.property(events, zones, (all, zone) => {
      const seen = all.flatMap(({ second, visitor }) => at(start + second * 1_000, visitor));
      assertFolded(seen, zone);
    }),
    { numRuns: 150 },
  );
});

test('where an hour is of two days, each of its minutes goes to its own', () => {
  const midnight = Date.UTC(2026, 5, 1, 18, 30);
  assertFolded([...at(midnight - 60_000), ...at(midnight + 60_000)], 'Asia/Kolkata');
  assertFolded([...at(midnight + 60_000), ...at(midnight + 120_000)], 'Asia/Kolkata');
});

test('a day that comes for a minute amid an hour, as clocks go back at 00:01, keeps that minute', () => {
  const midnight = Date.UTC(2010, 10, 7, 2, 30);
  const minutes = [-20, -1, 0, 1, 15].flatMap((minute) => at(midnight + minute * 60_000));
  const days = new Set(minutes.map(({ eventTime }) => zoneCalendar('America/St_Johns').dayStart(eventTime)));
  assert.equal(days.size, 2);
  assertFolded(minutes, 'America/St_Johns');
});
