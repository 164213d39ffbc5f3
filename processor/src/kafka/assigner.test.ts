import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assignCoPartitioned } from './assigner.ts';

test('every partition has one owner, and partition p of all topics of a group has the same', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 12 }),
      (members, count) => {
        const partitions = Array.from({ length: count }, (_, p) => p);
        const topics = [
          { topic: 'transactions', group: 'facts', partitions },
          { topic: 'product-views', group: 'facts', partitions },
          { topic: 'customers', group: 'customers', partitions },
        ];
        const shares = assignCoPartitioned(members, topics);
        for (const { topic } of topics) {
          const owned = members.flatMap((member) => shares[member]![topic] ?? []);
          assert.deepEqual(
            owned.sort((a, b) => a - b),
            partitions,
          );
        }
        for (const member of members)
          assert.deepEqual(shares[member]!.transactions, shares[member]!['product-views']);
      },
    ),
  );
});

test('the assignment does not depend on the order in which members are listed', () => {
  const topics = [{ topic: 'transactions', group: 'facts', partitions: [0, 1, 2, 3] }];
  assert.deepEqual(
    assignCoPartitioned(['a', 'b', 'c'], topics),
    assignCoPartitioned(['c', 'a', 'b'], topics),
  );
});
