import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TopicName } from '@storepulse/contracts';
import { createPositionTeller } from './tell-positions.ts';

type Position = readonly [TopicName, number];
const taskAt = (...positions: readonly Position[]) => ({ positions: new Map(positions) });

/** Notes what is told; it can be made to fail. */
function kafka() {
  const told: string[][] = [];
  const state = { isAway: false };
  const tell = createPositionTeller({
    commit: async (positions) => {
      if (state.isAway) throw new Error('Kafka is away');
      told.push(positions.map(({ topic, partition, offset }) => `${topic}/${partition}@${offset}`));
    },
  });
  return { told, tell, state };
}

test('only what has moved is told', async () => {
  const { told, tell } = kafka();
  const moving = { task: taskAt(['transactions', 5], ['product-views', 7]), partition: 0 };
  const resting = { task: taskAt(['transactions', 9]), partition: 1 };
  await tell([moving, resting]);
  await tell([moving, resting]);
  moving.task.positions.set('product-views', 8);
  await tell([moving, resting]);
  assert.deepEqual(told, [
    ['transactions/0@5', 'product-views/0@7', 'transactions/1@9'],
    ['product-views/0@8'],
  ]);
});

test('a task that is claimed anew tells its positions, also where they are as before', async () => {
  const { told, tell } = kafka();
  await tell([{ task: taskAt(['transactions', 5]), partition: 0 }]);
  await tell([{ task: taskAt(['transactions', 5]), partition: 0 }]);
  assert.deepEqual(told, [['transactions/0@5'], ['transactions/0@5']]);
});

test('what could not be told is told the next time', async () => {
  const { told, tell, state } = kafka();
  const its = { task: taskAt(['transactions', 5]), partition: 3 };
  state.isAway = true;
  await assert.rejects(tell([its]), /away/);
  state.isAway = false;
  await tell([its]);
  assert.deepEqual(told, [['transactions/3@5']]);
});
