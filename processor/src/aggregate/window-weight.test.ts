import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, zoneCalendar } from '@storepulse/contracts';
import { anOrder, NOON, SHOP } from '../testing/events.ts';
import { emptyDelta, windowOf } from './delta.ts';
import { foldDelta } from './fold.ts';
import { compilePlan } from './plan.ts';
import { windowWeight } from './window-weight.ts';

const plan = compilePlan(catalog);
const calendar = zoneCalendar(SHOP.timeZone);
const DAY = 86_400_000;
const kept = { shop: { ...SHOP, retention: 'standard' as const }, calendar };

/** Documents that orders of so many windows in a row become at an instant. */
function documents(windows: number, now: number): number {
  const delta = emptyDelta();
  for (let n = 0; n < windows; n++) {
    const order = anOrder({ eventTime: NOON + n * 10_000 });
    plan.addEvent.get(order.type)!(windowOf(delta, order.shop, order.eventTime), order);
  }
  return foldDelta(delta, plan, () => kept, now).size;
}

test('a window weighs less the fewer of its resolutions are kept', () => {
  const weights = [0, 3, 15].map((days) => windowWeight(kept, NOON, NOON + days * DAY));
  assert.deepEqual(weights, [1, 1 / 2, 1 / 10]);
  const forever = { ...kept, shop: { ...SHOP, retention: 'forever' as const } };
  assert.equal(windowWeight(forever, NOON, NOON + 1_000 * DAY), 1);
});

test('as many windows as weigh the same become no more documents for being old', () => {
  const live = documents(300, NOON);
  assert.ok(documents(600, NOON + 3 * DAY) <= live);
  assert.ok(documents(3_000, NOON + 15 * DAY) <= live);
});

test('a delta counts its windows by their weight, each once', () => {
  const delta = emptyDelta((_shop, start) => (start < NOON ? 1 / 4 : 1));
  for (const time of [NOON - 20_000, NOON - 10_000, NOON - 9_000, NOON, NOON + 9_999])
    windowOf(delta, 'demo', time);
  assert.equal(delta.windows, 1.5);
});
