import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  catalog,
  eventRegistry,
  RESOLUTIONS,
  type StoreEvent,
  windowStart,
  zoneCalendar,
} from '@storepulse/contracts';
import fc from 'fast-check';
import { mergeWindow } from '../merge/merge-window.ts';
import { taskGroups } from '../task-groups.ts';
import { anEvent, anOrder, NOON, SHOP } from '../testing/events.ts';
import { memoryTask } from '../testing/memory-task.ts';
import { compilePlan } from './plan.ts';

const plan = compilePlan(catalog);
const calendar = zoneCalendar(SHOP.timeZone);

/** Events of a few visits over a few windows, within the horizon of the event ids; some are told twice. */
const events: fc.Arbitrary<StoreEvent[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom('session_started', 'product_viewed', 'cart_item_added', 'order_placed'),
      visitor: fc.integer({ min: 1, max: 4 }),
      time: fc.integer({ min: -2_900, max: 2_900 }).map((tens) => NOON + tens * 100),
      country: fc.constantFrom('France', 'Spain', null),
      quantity: fc.integer({ min: 1, max: 5 }),
      copies: fc.constantFrom(1, 1, 1, 2),
    }),
    { maxLength: 40 },
  )
  .map((specs) =>
    specs.flatMap(({ kind, visitor, time, country, quantity, copies }) => {
      const base = { eventTime: time, visitorId: `v${visitor}`, sessionId: `s${visitor}`, country };
      const line = { sku: 'A', category: 'Mugs', quantity, unitPrice: 700, discount: 0 };
      const amount = 700 * quantity;
      const event =
        kind === 'order_placed'
          ? anOrder({
              ...base,
              lines: [line],
              subtotal: amount,
              discount: 0,
              shipping: 0,
              tax: 0,
              total: amount,
            })
          : anEvent(kind as 'session_started', base);
      return new Array<StoreEvent>(copies).fill(event);
    }),
  );

test('any order, duplication and batching of the same events gives the same windows', async () => {
  await fc.assert(
    fc.asyncProperty(
      events.chain((all) =>
        fc.tuple(
          fc.constant(all),
          fc.shuffledSubarray(all, { minLength: all.length }),
          fc.integer({ min: 1, max: 7 }),
        ),
      ),
      async ([all, shuffled, batch]) => {
        const one = memoryTask(plan);
        await one.count(all);
        one.commit();
        const other = memoryTask(plan);
        for (let at = 0; at < shuffled.length; at += batch) {
          await other.count(shuffled.slice(at, at + batch));
          other.commit();
        }
        await other.count(shuffled.slice(0, 5));
        other.commit();
        assert.deepEqual(other.windows(), one.windows());
      },
    ),
    { numRuns: 200 },
  );
});

test('windows of every resolution equal brute force over the distinct events', async () => {
  await fc.assert(
    fc.asyncProperty(events, async (all) => {
      const task = memoryTask(plan);
      await task.count(all);
      task.commit();
      const orders = [...new Set(all)].filter((event) => event.type === 'order_placed');
      const gross = new Map<string, number>();
      for (const order of orders) {
        for (const resolution of RESOLUTIONS) {
          const id = `demo|sales|narrow|${resolution}|${windowStart(resolution, order.eventTime, calendar)}|0`;
          for (const cell of ['total/all', `country/${order.country ?? 'unknown'}`]) {
            gross.set(`${id} ${cell}`, (gross.get(`${id} ${cell}`) ?? 0) + order.subtotal);
          }
        }
      }
      assert.deepEqual(task.readAll('sales', 'gross_sales', ['total', 'country']), gross);
    }),
    { numRuns: 200 },
  );
});

test('splitting visitors over tasks and merging equals one task', async () => {
  await fc.assert(
    fc.asyncProperty(events, async (all) => {
      const whole = memoryTask(plan);
      await whole.count(all);
      whole.commit();
      const parts = [memoryTask(plan), memoryTask(plan)];
      for (const [p, part] of parts.entries()) {
        await part.count(
          all.filter((event) => Number((event as { visitorId: string }).visitorId.slice(1)) % 2 === p),
        );
        part.commit();
      }
      const merged = Object.fromEntries(
        Object.keys(whole.windows()).map((window) => {
          const partials = parts.flatMap((part) =>
            part.windows()[window] ? [{ seq: 1, cells: part.windows()[window]! }] : [],
          );
          const group = plan.groups.find(({ name }) => name === window.split('|')[1])!;
          const { cells } = mergeWindow({
            window,
            partials,
            stored: undefined,
            group,
            calendar,
            watermark: null,
            latenessMs: 0,
            now: NOON,
          });
          return [window, cells];
        }),
      );
      assert.deepEqual(normalised(merged), normalised(whole.windows()));
    }),
    { numRuns: 100 },
  );
});

test('a visit is booked when it began, and moves when an earlier event of it turns up', async () => {
  const task = memoryTask(plan);
  await task.count([
    anEvent('product_viewed', { eventTime: NOON + 60_000 }),
    anOrder({ eventTime: NOON + 90_000 }),
  ]);
  task.commit();
  const minute = (time: number) => `demo|sessions|narrow|1m|${time}|0`;
  const read = () =>
    Object.fromEntries(
      [...task.readAll('sessions', 'converted_sessions', ['total'])].filter(
        ([id, n]) => id.includes('|1m|') && n !== 0,
      ),
    );
  assert.deepEqual(read(), { [`${minute(NOON + 60_000)} total/all`]: 1 });
  await task.count([anEvent('session_started', { eventTime: NOON })]);
  task.commit();
  assert.deepEqual(read(), { [`${minute(NOON)} total/all`]: 1 });
});

test('an order counts once, whatever event carries it; another event counts once within the horizon', async () => {
  const order = anOrder();
  const view = anEvent('product_viewed');
  const task = memoryTask(plan);
  const tally = await task.count([order, { ...order, eventId: 'another-event' }, view, view]);
  assert.deepEqual(tally.fates, { processed: 2, duplicate: 2 });
});

test('a second copy is recognised also while another topic is read hours ahead', async () => {
  const ahead = anEvent('product_viewed', { eventTime: NOON + 3 * 3_600_000 });
  const start = anEvent('session_started');
  const tally = await memoryTask(plan).count([ahead, start, start]);
  assert.deepEqual(tally.fates, { processed: 2, duplicate: 1 });
});

test('a host whose clock is ahead by half an hour does not turn the recognition of duplicates off', async () => {
  const at = (eventId: string, eventTime: number) =>
    anEvent('product_viewed', { eventId, eventTime, sessionId: null });
  const skewed = at('event-skew', NOON + 30 * 60_000);
  const [a, b] = [at('event-aaaa', NOON), at('event-bbbb', NOON + 1_000)];
  const tally = await memoryTask(plan).count([a, skewed, b, b, a, skewed]);
  assert.deepEqual(tally.fates, { processed: 3, duplicate: 3 });
});

test('an event ten minutes late counts once when its producer sends it again at once', async () => {
  const late = anEvent('product_viewed', { eventTime: NOON - 11 * 60_000, sessionId: null });
  const tally = await memoryTask(plan).count([anEvent('product_viewed'), late, late]);
  assert.deepEqual(tally.fates, { processed: 2, duplicate: 1 });
});

test('every event type that the catalogue counts exists and is read by a task', () => {
  const topics = new Set(taskGroups.flatMap((group) => group.topics));
  for (const type of plan.addEvent.keys()) {
    const spec = eventRegistry.get(type);
    assert.ok(spec && topics.has(spec.topic), type);
  }
});

/** Cells that are back at zero after a visit moved exist on one side only; they mean the same as none. */
function normalised(windows: Record<string, unknown>): unknown {
  return JSON.parse(JSON.stringify(windows), (_key, value) => {
    if (value === 0) return undefined;
    const empty =
      typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
    return empty ? undefined : value;
  });
}

test('with a begin, only what happened from then on is counted, and only in windows that lie behind it whole', async () => {
  const task = memoryTask(compilePlan(catalog, { since: NOON + 600_000 }));
  await task.count([anOrder({ eventTime: NOON }), anOrder({ eventTime: NOON + 4_000_000 })]);
  task.commit();
  const windows = [...task.readAll('sales', 'orders', ['total'])].map(([id, n]) => [id.split('|')[3], n]);
  assert.deepEqual(windows.sort(), [
    ['10s', 1],
    ['1h', 1],
    ['1m', 1],
    ['all', 1],
  ]);
});
