import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog, type EventOf } from '@storepulse/contracts';
import type { Collection } from 'mongodb';
import { NOON, SHOP } from '../testing/events.ts';
import { memoryTask } from '../testing/memory-task.ts';
import { createEventIds, type EventIdsDocument } from './event-ids.ts';
import { compilePlan } from './plan.ts';

const plan = compilePlan(catalog);
const review: EventOf<'review_submitted'> = {
  ...{ type: 'review_submitted', eventId: 'review-1', eventTime: NOON, shop: SHOP.shop, visitorId: 'v1' },
  ...{ sessionId: null, customerId: 'c1', device: null, channel: null, country: 'France' },
  ...{ sku: 'A', category: 'Mugs', rating: 4, text: 'Sturdy' },
};

test('a review counts and is stored once; another one under the same event id is a dead letter', async () => {
  const { count } = memoryTask(plan);
  const first = await count([review, review]);
  assert.deepEqual(first.fates, { processed: 1, duplicate: 1 });
  const [stored] = first.facts.get('reviews')!;
  assert.equal(stored!._id, `${SHOP.shop}|${review.eventId}`);
  assert.deepEqual([stored!.rating, stored!.text], [4, 'Sturdy']);
  const second = await count([review, { ...review, rating: 1 }]);
  assert.deepEqual(second.fates, { duplicate: 1, 'dead-letter:conflicting-content': 1 });
  assert.equal(second.facts.size, 0);
});

test('a review that an earlier release has counted by its event id is stored, and counts no second time', async () => {
  const none = { find: () => (async function* () {})() } as unknown as Collection<EventIdsDocument>;
  const known = createEventIds('facts/0', none);
  known.add('user-interactions', SHOP.shop, review.eventId, NOON, NOON);
  const tally = await memoryTask(plan, known).count([review]);
  assert.deepEqual(tally.fates, { duplicate: 1 });
  assert.equal(tally.facts.get('reviews')!.length, 1);
});
