import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createWatermarks, IDLE_AFTER_MS } from './watermarks.ts';

const NOW = Date.UTC(2026, 0, 1, 12);

function watermarks(stored: Record<string, number> = {}, latestByTopic = {}) {
  let now = NOW;
  const marks = createWatermarks({
    topics: ['transactions', 'product-views'],
    disorderMs: 5_000,
    latenessMs: 60_000,
    now: () => now,
    stored: { watermarks: stored, latest: stored, latestByTopic },
  });
  return {
    marks,
    pass: (ms: number) => {
      now += ms;
    },
    read: (caughtUp: boolean) => marks.read(() => (caughtUp ? now : undefined)),
    readAsOf: (readAt: number) => marks.read(() => readAt),
    readWith: (isRead: (topic: string) => boolean) =>
      marks.read((topic) => (isRead(topic) ? now : undefined)),
  };
}

test('the watermark trails the slower of two topics by the disorder', () => {
  const { marks, read } = watermarks();
  marks.note('transactions', 's', NOW - 1_000);
  marks.note('product-views', 's', NOW - 30_000);
  assert.deepEqual(read(false), { s: NOW - 35_000 });
});

test('a topic that has not shown the shop holds it back until it was read to its end', () => {
  const { marks, read } = watermarks();
  marks.note('transactions', 's', NOW);
  assert.deepEqual(read(false), {});
  assert.deepEqual(read(true), { s: NOW - 60_000 });
});

test('an idle shop advances with the wall clock less the lateness', () => {
  const { marks, pass, read } = watermarks();
  marks.note('transactions', 's', NOW);
  marks.note('product-views', 's', NOW);
  pass(IDLE_AFTER_MS + 100_000);
  assert.deepEqual(read(true), { s: NOW + IDLE_AFTER_MS + 40_000 });
});

test('a quiet topic that was read to its end holds nothing back while another one is behind', () => {
  const { marks, pass, readWith } = watermarks();
  marks.note('transactions', 's', NOW);
  pass(600_000);
  marks.note('product-views', 's', NOW + 300_000);
  assert.deepEqual(
    readWith((topic) => topic === 'transactions'),
    { s: NOW + 295_000 },
  );
});

test('the replay of one shop’s history does not hold back another shop', () => {
  const { marks, read } = watermarks();
  for (const topic of ['transactions', 'product-views'] as const) {
    marks.note(topic, 'today', NOW);
    marks.note(topic, 'history', Date.UTC(2010, 0, 1));
  }
  assert.deepEqual(read(false), { today: NOW - 5_000, history: Date.UTC(2010, 0, 1) - 5_000 });
});

test('a watermark never goes back, also not after a restart', () => {
  const { marks, read } = watermarks({ s: NOW });
  marks.note('transactions', 's', NOW - 100_000);
  marks.note('product-views', 's', NOW - 100_000);
  assert.deepEqual(read(false), { s: NOW });
});

test('an event is late when it is behind its own partition by more than disorder and lateness', () => {
  const { marks } = watermarks();
  assert.equal(marks.note('transactions', 's', NOW), false);
  assert.equal(marks.note('transactions', 's', NOW - 65_000), false);
  assert.equal(marks.note('transactions', 's', NOW - 65_001), true);
  assert.equal(marks.note('product-views', 's', NOW - 3_600_000), false);
});

test('while nobody tells the ends of an idle shop’s partitions, event time stands still', () => {
  const { marks, pass, readAsOf } = watermarks();
  marks.note('transactions', 's', NOW);
  marks.note('product-views', 's', NOW);
  pass(30_000);
  const lastTold = NOW + 20_000;
  assert.deepEqual(readAsOf(lastTold), { s: lastTold - 60_000 });
  pass(600_000);
  assert.deepEqual(readAsOf(lastTold), { s: lastTold - 60_000 });
});

test('what is late is late also for whoever goes on after a claim', () => {
  const before = watermarks().marks;
  before.note('transactions', 's', NOW);
  before.note('product-views', 's', NOW - 10_000);
  const { marks } = watermarks(before.latest(), before.latestByTopic());
  assert.equal(marks.note('transactions', 's', NOW - 65_001), true);
  assert.equal(marks.note('transactions', 's', NOW - 65_000), false);
  assert.equal(marks.note('product-views', 's', NOW - 75_001), true);
  assert.equal(marks.note('product-views', 's', NOW - 75_000), false);
  // It never showed that shop.
  assert.equal(marks.note('transactions', 'other', NOW - 3_600_000), false);
});

test('however often a task is claimed anew, as many events are late as without any claim', () => {
  const event = fc.record({
    topic: fc.constantFrom('transactions' as const, 'product-views' as const),
    shop: fc.constantFrom('a', 'b'),
    eventTime: fc.integer({ min: NOW - 300_000, max: NOW }),
    claimed: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      const lates = (withClaims: boolean) => {
        let { marks } = watermarks();
        return events.map(({ topic, shop, eventTime, claimed }) => {
          if (withClaims && claimed) marks = watermarks(marks.latest(), marks.latestByTopic()).marks;
          return marks.note(topic, shop, eventTime);
        });
      };
      assert.deepEqual(lates(true), lates(false));
    }),
  );
});
