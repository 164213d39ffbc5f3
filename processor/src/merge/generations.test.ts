import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  catalog,
  type ShopId,
  type WindowRef,
  windowId,
  windowStart,
  zoneCalendar,
} from '@storepulse/contracts';
import { compilePlan } from '../aggregate/plan.ts';
import { NOON, SHOP } from '../testing/events.ts';
import { mergeWindow } from './merge-window.ts';

const calendar = zoneCalendar(SHOP.timeZone);

/** What a window shows of `units` whose partials hold 5 by the first definition and 7 by the second, from `from` on. */
function shown(from: number, resolution: WindowRef['resolution'], time: number): unknown {
  const plan = compilePlan(catalog, { generations: new Map([['units', [0, from]]]) });
  const start = windowStart(resolution, time, calendar);
  const { cells } = mergeWindow({
    window: windowId({
      shop: SHOP.shop as ShopId,
      group: 'sales',
      part: 'narrow',
      resolution,
      start,
      bucket: 0,
    }),
    partials: [{ seq: 1, cells: { total: { all: { orders: 1, units: 5, 'units@2': 7 } } } }],
    stored: undefined,
    group: plan.groups.find(({ name }) => name === 'sales')!,
    ...{ calendar, watermark: null, latenessMs: 0, now: NOON },
  });
  return cells.total!.all;
}

test('a window from which on the new definition is counted shows the new one, under the plain name', () => {
  assert.deepEqual(shown(NOON, '1h', NOON), { orders: 1, units: 7 });
  assert.deepEqual(shown(0, '1h', NOON - 3_600_000), { orders: 1, units: 7 });
});

test('an earlier window, and one that only ends within, shows the old one', () => {
  assert.deepEqual(shown(NOON, '1h', NOON - 1), { orders: 1, units: 5 });
  assert.deepEqual(shown(NOON, '1d', NOON + 1), { orders: 1, units: 5 });
});

test('the lifetime shows the new one', () => {
  assert.deepEqual(shown(NOON, 'all', NOON), { orders: 1, units: 7 });
});
