import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, SESSION_IDLE_MS, type StoreEvent, type VisitEvent } from '@storepulse/contracts';
import fc from 'fast-check';
import { anEvent, anOrder, NOON, SHOP } from '../testing/events.ts';
import { visitStore } from '../testing/visit-store.ts';
import { type Delta, emptyDelta } from './delta.ts';
import { compilePlan } from './plan.ts';
import { createSessions } from './sessions.ts';

const plan = compilePlan(catalog);
type Visited = VisitEvent & { sessionId: string };

/** Everything that visits contribute, by window, metric and cell; zeros left out, since a visit that moved leaves them. */
function contributions(deltas: readonly Delta[]): Map<string, number> {
  const sums = new Map<string, number>();
  const windows = deltas.flatMap(({ shops }) => [...(shops.get(SHOP.shop) ?? [])]);
  for (const [start, window] of windows) {
    for (const [group, { metrics }] of plan.groups.entries()) {
      for (const [dimension, values] of (window[group] ?? []).entries()) {
        for (const [value, cell] of values) {
          for (const { name, slot } of metrics) {
            const state = cell[slot];
            if (typeof state !== 'number' || Number.isNaN(state)) continue;
            const key = `${start} ${name} ${dimension} ${value}`;
            sums.set(key, (sums.get(key) ?? 0) + state);
          }
        }
      }
    }
  }
  return new Map([...sums].filter(([, sum]) => sum !== 0).sort());
}

/** Tasks over one store: each reads its own events in order, and commits when it is told to. */
function tasksOf(logs: readonly (readonly Visited[])[]) {
  const store = visitStore();
  const tasks = logs.map((log, index) => {
    const open = () => createSessions(`facts/${index}`, store.collections, plan, { bound: 1 });
    let sessions = open();
    let delta = emptyDelta();
    let read = 0;
    let committed = 0;
    let seq = 0;
    const counted: Delta[] = [];
    const drop = () => {
      sessions = open();
      delta = emptyDelta();
      read = committed;
    };
    return {
      counted,
      isDone: () => committed === log.length,
      read: async () => {
        const event = log[read];
        if (!event) return;
        const release = sessions.hold(new Set([`${SHOP.shop}|${event.sessionId}`]));
        await sessions.load(new Set([`${SHOP.shop}|${event.sessionId}`]));
        sessions.add(event, delta);
        release();
        read++;
      },
      takeIn: async () => (await sessions.takeIn(() => delta)).visits,
      settle: async (watermark: number) =>
        (await sessions.settle({ [SHOP.shop]: watermark }, () => delta)).visits,
      commit: () => {
        // Refused, the task drops its memory and reads on from its last commit.
        if (!store.write(sessions.take(++seq))) return drop();
        counted.push(delta);
        delta = emptyDelta();
        committed = read;
        sessions.trim();
      },
      /** A crash: what was not committed is gone. */
      drop,
    };
  });
  /** Reads to the ends and hands over until nothing is left to do; then settles. */
  const finish = async () => {
    const watermark = NOON + 10 * SESSION_IDLE_MS;
    for (let left = 1; left > 0; ) {
      left = 0;
      for (const task of tasks) {
        // What this round commits is settled in the next one.
        if (!task.isDone()) left++;
        await task.read();
        left += await task.takeIn();
        left += await task.settle(watermark);
        task.commit();
      }
    }
  };
  return { tasks, finish, total: () => contributions(tasks.flatMap(({ counted }) => counted)) };
}

const visited = fc.record({
  kind: fc.constantFrom(
    'session_started',
    'product_viewed',
    'cart_item_added',
    'checkout_started',
    'order_placed',
  ),
  session: fc.integer({ min: 1, max: 3 }),
  minute: fc.integer({ min: 0, max: 90 }),
  task: fc.nat(2),
});

test('a visit that several tasks have seen counts as if one had seen all of it, whatever order, commits and crashes', async () => {
  const steps = fc.array(
    fc.tuple(fc.nat(2), fc.constantFrom('read', 'read', 'commit', 'takeIn', 'settle', 'drop')),
    { maxLength: 60 },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(visited, { maxLength: 25 }), steps, async (events, all) => {
      const logs: Visited[][] = [[], [], []];
      for (const { kind, session, minute, task } of events) {
        const fields = { sessionId: `s${session}`, visitorId: `v${task}`, eventTime: NOON + minute * 60_000 };
        const event: StoreEvent =
          kind === 'order_placed' ? anOrder(fields) : anEvent(kind as 'session_started', fields);
        logs[task]!.push(event as Visited);
      }
      const whole = tasksOf([logs.flat()]);
      await whole.finish();
      const split = tasksOf(logs);
      for (const [task, what] of all) {
        const it = split.tasks[task]!;
        if (what === 'settle') await it.settle(NOON + 2 * SESSION_IDLE_MS);
        else await it[what]();
      }
      await split.finish();
      assert.deepEqual(split.total(), whole.total());
    }),
    { numRuns: 300 },
  );
});

test('a login that changes the visitor within a visit leaves no abandoned cart behind', async () => {
  const of = (visitorId: string, minute: number) => ({
    ...{ visitorId, sessionId: 's1', eventTime: NOON + minute * 60_000 },
  });
  const anonymous = [
    anEvent('session_started', of('anonymous', 0)),
    anEvent('cart_item_added', of('anonymous', 1)),
    anEvent('product_viewed', of('anonymous', 3)),
  ] as Visited[];
  const known = [anOrder(of('user', 2))] as Visited[];
  const { finish, total } = tasksOf([anonymous, known]);
  await finish();
  const sum = (metric: string) =>
    [...total()].reduce((all, [key, n]) => (key.includes(` ${metric} 0 `) ? all + n : all), 0);
  assert.deepEqual(
    ['sessions', 'converted_sessions', 'settled_carts', 'abandoned_carts'].map(sum),
    [1, 1, 1, 0],
  );
});
