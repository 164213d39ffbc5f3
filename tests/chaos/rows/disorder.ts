import assert from 'node:assert/strict';
import type { StoreEvent } from '@storepulse/contracts';
import { catalog } from '@storepulse/contracts';
import { compilePlan } from '@storepulse/processor/aggregate/plan';
import { anEvent, anOrder, NOON } from '@storepulse/processor/testing/events';
import { memoryTask } from '@storepulse/processor/testing/memory-task';
import fc from 'fast-check';
import type { Row } from '../row.ts';
import { createAttempts } from '../support/attempts.ts';

/** Events of one visit or another within the horizon of the event ids. */
const event: fc.Arbitrary<StoreEvent> = fc
  .record({
    kind: fc.constantFrom(
      'session_started',
      'product_viewed',
      'cart_item_added',
      'checkout_started',
      'order_placed',
    ),
    visit: fc.integer({ min: 1, max: 3 }),
    time: fc.integer({ min: -290_000, max: 290_000 }),
    country: fc.constantFrom('France', 'Spain', null),
    device: fc.constantFrom('mobile', 'desktop', 'fridge'),
    quantity: fc.integer({ min: 1, max: 5 }),
  })
  .map(({ kind, visit, time, country, device, quantity }) => {
    const fields = {
      eventTime: NOON + time,
      visitorId: `v${visit}`,
      sessionId: `s${visit}`,
      country,
      device,
    };
    if (kind !== 'order_placed') return anEvent(kind as 'session_started', fields);
    const lines = [{ sku: 'A', category: 'Mugs', quantity, unitPrice: 799, discount: 0 }];
    const amount = 799 * quantity;
    const sums = { subtotal: amount, discount: 0, shipping: 0, tax: 0, total: amount };
    return anOrder({ ...fields, lines, ...sums });
  });

/** Events; the same with copies among them in another order; and how these are cut into batches. */
const told = fc.array(event, { minLength: 1, maxLength: 12 }).chain((events) =>
  fc.record({
    events: fc.constant(events),
    again: fc
      .array(fc.constantFrom(...events), { maxLength: 4 })
      .chain((copies) =>
        fc.shuffledSubarray([...events, ...copies], { minLength: events.length + copies.length }),
      ),
    batch: fc.integer({ min: 1, max: 7 }),
    commitEvery: fc.integer({ min: 1, max: 3 }),
  }),
);

/** Counting itself, without servers: what it holds at the end depends on which events there were and on nothing else. */
export const disorder: Row = {
  id: 'R7',
  what: 'disorder, duplication and other batches, property-tested',
  figure: 'any order, duplication or split into batches gives the same state',
  repeats: 10_000,
  small: 500,
  run: async ({ name, repeats, onRepeat }) => {
    const attempts = createAttempts({ onRepeat });
    const plan = compilePlan(catalog);
    const property = fc.asyncProperty(told, async ({ events, again, batch, commitEvery }) => {
      const straight = memoryTask(plan);
      await straight.count(events);
      straight.commit();
      const disordered = memoryTask(plan);
      for (let at = 0, n = 1; at < again.length; at += batch, n++) {
        await disordered.count(again.slice(at, at + batch));
        if (n % commitEvery === 0) disordered.commit();
      }
      disordered.commit();
      assert.deepEqual(disordered.windows(), straight.windows());
      onRepeat();
    });
    const details = await fc.check(property, { numRuns: repeats, seed: seedOf(name) });
    attempts.counted(repeats, details.failed ? details.numRuns - 1 : details.numRuns);
    const report = fc.defaultReportMessage(details);
    if (report) attempts.fail(report);
    return attempts.outcome();
  },
};

const seedOf = (name: string) => [...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) | 0;
