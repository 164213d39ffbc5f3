import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Collection } from 'mongodb';
import { NOON } from '../testing/events.ts';
import { createEventIds, type EventIdsDocument } from './event-ids.ts';
import { createRememberedIds } from './remembered-ids.ts';

const MINUTE = 60_000;
const HORIZON = 10 * MINUTE;

/** A store of one task's ids. */
function aStore() {
  const documents = new Map<string, EventIdsDocument>();
  const collection = {
    find: async function* () {
      yield* documents.values();
    },
    deleteMany: async ({ _id }: { _id: { $in: string[] } }) => {
      for (const id of _id.$in) documents.delete(id);
    },
  };
  return { documents, collection: collection as unknown as Collection<EventIdsDocument> };
}

const step = fc.record({
  /** Minutes that its host's clock is off, or the event is late. */
  off: fc.constantFrom(0, 0, 0, 30, -11, -25, -600),
  /** Whether it is a copy of an event before, and of the how manieth. */
  copyOf: fc.option(fc.nat(30), { freq: 2 }),
  waitMs: fc.constantFrom(0, 100, 30_000, 3 * MINUTE),
  next: fc.constantFrom('nothing', 'nothing', 'commit', 'restart', 'prune'),
});

test('a copy within ten minutes of arrival is recognised, whatever the clocks say and whoever reads on', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      let clock = NOON;
      const { documents, collection } = aStore();
      let ids = createEventIds('facts/0', collection, { now: () => clock });
      const sent: { id: string; time: number; arrived: number }[] = [];
      let seq = 0;
      const commit = () => {
        const document = ids.take(++seq);
        if (document) documents.set(document._id, document);
      };
      for (const { off, copyOf, waitMs, next } of steps) {
        clock += waitMs;
        ids.arrive();
        const original = copyOf === null ? undefined : sent[copyOf];
        const event = original ?? { id: `event-${sent.length}`, time: clock + off * MINUTE, arrived: clock };
        const isNew = ids.add('product-views', 'demo', event.id, event.time, event.time);
        if (!original) {
          assert.ok(isNew, 'no event passes for another');
          sent.push(event);
        } else if (clock - original.arrived < HORIZON) assert.equal(isNew, false, event.id);
        // A copy that was let through has arrived too.
        if (original && isNew) original.arrived = clock;
        if (next !== 'nothing') commit();
        if (next === 'prune') await ids.prune();
        if (next === 'restart') {
          // For the time that nobody reads, nothing is forgotten.
          const away = 40 * MINUTE;
          clock += away;
          for (const each of sent) each.arrived += away;
          ids = createEventIds('facts/0', collection, { now: () => clock });
          await ids.load();
        }
      }
    }),
    { numRuns: 500 },
  );
});

test('what is kept for its arrival alone is bounded: the oldest go first', () => {
  const remembered = createRememberedIds(100);
  const ids = remembered.of('product-views', 'demo');
  ids.advance(NOON);
  for (let n = 0; n < 1_000; n++) {
    remembered.arrive(NOON + n * 1_000);
    ids.add(NOON - 2 * HORIZON, 1, n);
  }
  assert.ok(remembered.size <= 100, String(remembered.size));
  assert.equal(ids.add(NOON - 2 * HORIZON, 1, 999), false);
  assert.ok(ids.add(NOON - 2 * HORIZON, 1, 0));
});

test('in a backlog, ids that event time has passed are bounded as well', () => {
  const remembered = createRememberedIds(100);
  const ids = remembered.of('product-views', 'demo');
  for (let n = 0; n < 1_000; n++) {
    ids.advance(NOON + n * 1_000);
    ids.add(NOON + n * 1_000, 1, n);
  }
  // Ten minutes of one a second, begun and ended within minutes, and those kept for their arrival.
  assert.ok(remembered.size <= 11 * 60 + 100, String(remembered.size));
});
