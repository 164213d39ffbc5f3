import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, SESSION_IDLE_MS, type StoreEvent, type VisitEvent } from '@storepulse/contracts';
import { anEvent, anOrder, NOON, SHOP } from '../testing/events.ts';
import { visitStore } from '../testing/visit-store.ts';
import { emptyDelta } from './delta.ts';
import { compilePlan } from './plan.ts';
import { createSessions, visitExpiry } from './sessions.ts';

const plan = compilePlan(catalog);

function visits() {
  const { collections, write } = visitStore();
  const sessions = createSessions('facts/0', collections, plan, { bound: 0 });
  let delta = emptyDelta();
  return {
    add: async (...events: StoreEvent[]) => {
      const ids = new Set(events.map((event) => `${SHOP.shop}|${(event as VisitEvent).sessionId}`));
      const release = sessions.hold(ids);
      await sessions.load(ids);
      for (const event of events) sessions.add(event as VisitEvent & { sessionId: string }, delta);
      release();
    },
    commit: () => {
      write(sessions.take(1));
      sessions.trim();
    },
    settle: async (watermark: number) =>
      (await sessions.settle({ [SHOP.shop]: watermark }, () => delta)).visits,
    /** What has been added to a metric's total so far, over all windows. */
    total: (metric: string): number => {
      const group = plan.groups.findIndex(({ metrics }) => metrics.some(({ name }) => name === metric));
      const slot = plan.groups[group]!.metrics.find(({ name }) => name === metric)!.slot;
      const windows = [...(delta.shops.get(SHOP.shop)?.values() ?? [])];
      return windows.reduce(
        (sum, window) => sum + ((window[group]?.[0]?.get('all')?.[slot] as number) || 0),
        0,
      );
    },
    forget: () => {
      delta = emptyDelta();
    },
  };
}

const at = (minutes: number) => ({ eventTime: NOON + minutes * 60_000 });

test('a cart is judged abandoned once its visit was silent for half an hour, and not before', async () => {
  const { add, commit, settle, total } = visits();
  await add(anEvent('cart_item_added', at(0)), anEvent('product_viewed', at(5)));
  commit();
  assert.equal(await settle(NOON + 5 * 60_000 + SESSION_IDLE_MS - 1), 0);
  assert.deepEqual([total('cart_sessions'), total('settled_carts'), total('abandoned_carts')], [1, 0, 0]);
  assert.equal(await settle(NOON + 5 * 60_000 + SESSION_IDLE_MS), 1);
  assert.deepEqual([total('cart_sessions'), total('settled_carts'), total('abandoned_carts')], [1, 1, 1]);
});

test('a visit that was loaded is not forgotten by a commit that ends before its events are added', async () => {
  const { collections, write } = visitStore();
  const sessions = createSessions('facts/0', collections, plan, { bound: 1 });
  const visit = (sessionId: string, minutes: number) =>
    anEvent('product_viewed', { ...at(minutes), sessionId }) as VisitEvent & { sessionId: string };
  const delta = emptyDelta();
  const add = async (...events: (VisitEvent & { sessionId: string })[]) => {
    const ids = new Set(events.map(({ sessionId }) => `${SHOP.shop}|${sessionId}`));
    const release = sessions.hold(ids);
    await sessions.load(ids);
    for (const event of events) sessions.add(event, delta);
    release();
  };
  await add(visit('stored', 0));
  write(sessions.take(1));
  // Others change while it waits, more than stay in memory.
  const waiting = new Set([`${SHOP.shop}|stored`]);
  const release = sessions.hold(waiting);
  await sessions.load(waiting);
  await add(visit('a', 1), visit('b', 1), visit('c', 1));
  sessions.trim();
  sessions.add(visit('stored', 2), delta);
  release();
  const [again] = sessions.take(9).changed.filter(({ _id }) => _id === `${SHOP.shop}|stored`);
  assert.deepEqual([again?.firstTime, again?.lastTime], [NOON, NOON + 2 * 60_000]);
});

test('visits of many shops are not settled all in one transaction', async () => {
  const { collections, write } = visitStore();
  const sessions = createSessions('facts/0', collections, plan);
  const delta = emptyDelta();
  const shops = Array.from({ length: 400 }, (_, i) => `shop-${i}`);
  for (const shop of shops) {
    const event = anEvent('product_viewed', { ...at(0), shop }) as VisitEvent & { sessionId: string };
    sessions.add(event, delta);
  }
  write(sessions.take(1));
  const watermarks = Object.fromEntries(shops.map((shop) => [shop, NOON + 2 * SESSION_IDLE_MS]));
  const first = await sessions.settle(watermarks, () => delta);
  assert.deepEqual([first.more, first.visits < shops.length], [true, true]);
});

test('a visit is settled once', async () => {
  const { add, commit, settle, total } = visits();
  await add(anEvent('cart_item_added', at(0)));
  commit();
  assert.equal(await settle(NOON + 2 * SESSION_IDLE_MS), 1);
  assert.equal(await settle(NOON + 2 * SESSION_IDLE_MS), 0, 'not committed yet');
  commit();
  assert.equal(await settle(NOON + 2 * SESSION_IDLE_MS), 0);
  assert.equal(total('settled_sessions'), 1);
});

test('a late order takes the judgement back, and the visit is judged anew after it', async () => {
  const { add, commit, settle, total, forget } = visits();
  await add(anEvent('cart_item_added', at(0)));
  commit();
  await settle(NOON + 2 * SESSION_IDLE_MS);
  commit();
  forget();
  await add(anOrder(at(1)));
  assert.deepEqual([total('settled_carts'), total('abandoned_carts')], [-1, -1]);
  assert.equal(total('converted_sessions'), 1);
  commit();
  await settle(NOON + 2 * SESSION_IDLE_MS);
  assert.deepEqual([total('settled_carts'), total('abandoned_carts')], [0, -1]);
});

test('a visit may go two years after it was written last, but not of a shop that keeps everything', async () => {
  const day = 86_400_000;
  assert.equal(visitExpiry('forever', NOON), undefined);
  assert.equal(visitExpiry(undefined, NOON), undefined);
  const expiry = visitExpiry('standard', NOON)!.getTime();
  assert.ok(expiry > NOON + 730 * day && expiry <= NOON + 731 * day);
  assert.equal(visitExpiry('standard', NOON + 1)!.getTime(), expiry);
});

test('a visit that is written again may go later, and its end is no part of what is known of it', async () => {
  const { collections, documents, write } = visitStore();
  let now = NOON;
  const expiryOf = () => visitExpiry('standard', now);
  const sessions = createSessions('facts/0', collections, plan, { bound: 0, expiryOf });
  const count = async (minutes: number) => {
    const event = anEvent('product_viewed', at(minutes)) as VisitEvent & { sessionId: string };
    const id = `${SHOP.shop}|${event.sessionId}`;
    const release = sessions.hold(new Set([id]));
    await sessions.load(new Set([id]));
    sessions.add(event, emptyDelta());
    release();
    write(sessions.take(1));
    sessions.trim();
    return documents.get(id)!.expireAt;
  };
  assert.deepEqual(await count(0), visitExpiry('standard', NOON));
  now += 40 * 86_400_000;
  assert.deepEqual(await count(1), visitExpiry('standard', now));
});
