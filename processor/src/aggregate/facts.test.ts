import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventRegistry, type StoreEvent } from '@storepulse/contracts';
import fc from 'fast-check';
import type { Collection } from 'mongodb';
import { clearFact } from '../erasure/clear.ts';
import { anEdit, anOrder, aRefund, SHOP } from '../testing/events.ts';
import { createFacts, type FactDocument, factOf } from './facts.ts';

/** A task's facts over documents in memory. */
function factsOver(stored: Map<string, FactDocument>) {
  const find = ({ _id: { $in } }: { _id: { $in: string[] } }) =>
    (async function* () {
      for (const id of $in) if (stored.has(id)) yield stored.get(id)!;
    })();
  const facts = createFacts('facts/0', () => ({ find }) as unknown as Collection<FactDocument>);
  return {
    /** Tells one event, and commits it or not. */
    tell: async (event: StoreEvent, commits = true) => {
      const fact = factOf(event, eventRegistry.get(event.type)!)!;
      await facts.load([fact]);
      const news = facts.add(fact);
      if (commits)
        for (const document of [...facts.take().values()].flat()) stored.set(document._id, document);
      return news;
    },
  };
}

const base = { shop: SHOP.shop, visitorId: 'v1', sessionId: null, customerId: 'c1', eventTime: 1.8e12 };
const circumstances = { device: null, channel: null, country: 'France' };
const payment = { ...base, ...circumstances, eventId: 'payment-event', paymentId: 'p1', orderId: 'o1' };
const money = { currency: 'GBP', amount: 500 };
const FACTS: readonly StoreEvent[] = [
  anOrder({ orderId: 'o1' }),
  anEdit({ editId: 'e1' }),
  aRefund({ refundId: 'r1' }),
  { type: 'payment_authorized', ...payment, ...money, method: 'card' },
  { type: 'payment_failed', ...payment, ...money, paymentId: 'p2', method: 'card', reason: 'declined' },
  { type: 'order_cancelled', ...base, ...circumstances, eventId: 'cancel-event', orderId: 'o1' },
  { type: 'adjustment_posted', ...payment, ...money, adjustmentId: 'a1', reason: 'bad debt' },
  { type: 'stock_moved', ...payment, movementId: 'm1', sku: 'A', quantity: -3, reason: 'broken' },
];

for (const fact of FACTS) {
  const { fact: kind } = eventRegistry.get(fact.type)!;
  test(`${fact.type}: told again it is the same, with other content another, before and after it is stored`, async () => {
    for (const [commits, restarts] of [
      [false, false],
      [true, false],
      [true, true],
    ] as const) {
      const stored = new Map<string, FactDocument>();
      const first = factsOver(stored);
      assert.equal(await first.tell(structuredClone(fact), commits), 'new');
      const { tell } = restarts ? factsOver(stored) : first;
      const fields = Object.entries({ ...fact, eventId: 'sent-again' }).reverse();
      assert.equal(await tell(Object.fromEntries(fields) as StoreEvent, commits), 'same');
      assert.equal(await tell({ ...fact, country: 'Spain' } as StoreEvent, commits), 'other');
      assert.equal(await tell({ ...fact, eventTime: fact.eventTime + 1 } as StoreEvent, commits), 'other');
      assert.equal(await tell(structuredClone(fact), commits), 'same');
    }
  });

  test(`${fact.type}: once its customer is erased, it is still told from another content`, async () => {
    const stored = new Map<string, FactDocument>();
    await factsOver(stored).tell(structuredClone(fact));
    for (const [id, document] of stored) stored.set(id, clearFact(kind!.collection, document));
    const { tell } = factsOver(stored);
    assert.equal(await tell(structuredClone(fact)), 'same');
    assert.equal(await tell({ ...fact, country: 'Spain' } as StoreEvent), 'other');
  });
}

test('a payment that failed and one that succeeded under the same id contradict each other', async () => {
  const { tell } = factsOver(new Map());
  await tell(structuredClone(FACTS[3]!));
  const { reason: _, ...failed } = { ...FACTS[3]!, type: 'payment_failed', reason: 'declined' };
  assert.equal(await tell({ ...failed, reason: 'declined' } as StoreEvent), 'other');
});

test('any order differs from one with other lines, wherever it is compared', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ sku: fc.constantFrom('A', 'B'), quantity: fc.integer({ min: 1, max: 3 }) }), {
        minLength: 1,
        maxLength: 3,
      }),
      fc.array(fc.record({ sku: fc.constantFrom('A', 'B'), quantity: fc.integer({ min: 1, max: 3 }) }), {
        minLength: 1,
        maxLength: 3,
      }),
      fc.boolean(),
      fc.boolean(),
      async (lines, others, commits, restarts) => {
        const orderOf = (of: typeof lines) =>
          anOrder({
            orderId: 'o1',
            lines: of.map((line) => ({ ...line, category: null, unitPrice: 100, discount: 0 })),
          });
        const stored = new Map<string, FactDocument>();
        const first = factsOver(stored);
        await first.tell(orderOf(lines), commits);
        const { tell } = commits && restarts ? factsOver(stored) : first;
        const isSame = JSON.stringify(lines) === JSON.stringify(others);
        assert.equal(await tell(orderOf(others), commits), isSame ? 'same' : 'other');
      },
    ),
  ));
