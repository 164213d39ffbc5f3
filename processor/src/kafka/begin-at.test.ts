import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginAt } from './begin-at.ts';
import { UNMARKED } from './port.ts';

test('a partition whose place is not told keeps no other waiting, and is begun once it is', async () => {
  const begun: string[] = [];
  let asked = 0;
  await beginAt(
    {
      seek: (_topic, partition, offset) => begun.push(`${partition} at ${offset}`),
      resume: ([wanted]) => void begun.push(`resumed ${wanted!.partitions}`),
    },
    'shops',
    [0, 1, 2],
    async (partitions) => {
      asked += 1;
      if (asked === 2) throw new Error('no broker answers');
      const told = partitions.filter((partition) => partition !== 1 || asked > 2);
      return new Map(told.map((partition) => [partition, { offset: 10 * partition, mark: UNMARKED }]));
    },
    () => true,
  );
  assert.deepEqual(begun, ['0 at 0', '2 at 20', 'resumed 0,2', 'resumed ', '1 at 10', 'resumed 1']);
});

test('partitions that are not wanted any more are not begun', async () => {
  let isWanted = true;
  await beginAt(
    { seek: () => assert.fail(), resume: () => assert.fail() },
    'shops',
    [0],
    async () => {
      isWanted = false;
      return new Map([[0, { offset: 0, mark: UNMARKED }]]);
    },
    () => isWanted,
  );
});
