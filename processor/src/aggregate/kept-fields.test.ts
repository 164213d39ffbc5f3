import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { mergeSessions, sessionKeeping, type VisitEvent } from '@storepulse/contracts';
import { readCatalog } from '@storepulse/contracts/catalog/file/read';
import { anEvent, anOrder } from '../testing/events.ts';
import type { WindowDelta } from './delta.ts';
import { compilePlan } from './plan.ts';

async function planOf(example: string) {
  const file = new URL(`../../../docs/examples/${example}`, import.meta.url);
  return compilePlan(readCatalog(await readFile(file, 'utf8'), example));
}

const plan = await planOf('utm-and-coupon.yaml');
const NOON = Date.UTC(2026, 6, 1, 12);

/** What an event of a visit tells, with whatever is given put over it. */
const told = (second: number, fields: object) =>
  sessionKeeping(
    {
      ...anEvent('product_viewed', { eventTime: NOON + second * 1_000, eventId: `event-${second}` }),
      ...fields,
    } as VisitEvent,
    plan.keptFields,
  );
/** Sessions by campaign source, of some visits. */
function sessionsBySource(...visits: ReturnType<typeof told>[]): Record<string, number> {
  const window: WindowDelta = [];
  for (const visit of visits) plan.addSession(window, visit, 1);
  const group = plan.groupIndex.get('sessions_by_utm_source')!;
  const { metrics } = plan.groups[group]!;
  const slot = metrics.find(({ name }) => name === 'sessions_by_utm_source')!.slot;
  return Object.fromEntries([...window[group]![1]!].map(([value, cell]) => [value, cell[slot] as number]));
}

test('a visit keeps the fields that added dimensions read, and no others', () => {
  const visit = told(0, { utm: { source: 'news', term: 'mugs' }, coupon: 'SPRING' });
  assert.deepEqual((visit as unknown as { utm: unknown }).utm, { source: 'news' });
  assert.ok(!('coupon' in visit));
  assert.ok(!('utm' in told(0, {})));
  assert.ok(!('utm' in told(0, { utm: { source: 5 } })), 'of another type');
  assert.ok(!('utm' in told(0, { utm: 'news' })), 'no object');
});

test('a visit has the fields of its earliest event, in whatever order its events come', () => {
  const first = told(0, { utm: { source: 'news', medium: 'email' } });
  const second = told(9, { utm: { source: 'ads' } });
  for (const visit of [mergeSessions(first, second), mergeSessions(second, first)])
    assert.deepEqual((visit as unknown as { utm: unknown }).utm, { source: 'news', medium: 'email' });
  const untold = told(0, {});
  for (const visit of [mergeSessions(untold, second), mergeSessions(second, untold)])
    assert.ok(!('utm' in visit));
});

test('visits are counted by them; one without counts as unknown, one outside the domain as other', () => {
  const news = told(0, { utm: { source: 'news' } });
  assert.deepEqual(sessionsBySource(news, told(1, {}), told(2, { utm: { source: 'x'.repeat(81) } })), {
    news: 1,
    unknown: 1,
    other: 1,
  });
});

test('an order is counted by its coupon in a group of its own', () => {
  const window: WindowDelta = [];
  const order = { ...anOrder({ eventTime: NOON }), coupon: 'SPRING' };
  plan.addEvent.get('order_placed')!(window, order as never);
  const values = window[plan.groupIndex.get('sales_by_coupon')!]!;
  assert.deepEqual([...values[1]!.keys()], ['SPRING']);
});

test('names that only the shop knows are counted each, and as other where the values are the same in every shop', async () => {
  const own = await planOf('own-channels.yaml');
  const window: WindowDelta = [];
  const order = anOrder({ eventTime: NOON, channel: 'market stall', paymentMethod: 'gift card' });
  own.addEvent.get('order_placed')!(window, order as never);
  const values = (group: string) =>
    window[own.groupIndex.get(group)!]!.flatMap((cells) => [...(cells?.keys() ?? [])]);
  assert.deepEqual(values('sales_by_own_channel'), ['all', 'market stall']);
  assert.deepEqual(values('sales_by_own_payment_method'), ['all', 'gift card']);
  assert.ok(values('sales').includes('other'));
  assert.ok(!values('sales').includes('market stall'));
});
