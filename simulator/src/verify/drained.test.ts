import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Db } from 'mongodb';
import { untilDrained } from './drained.ts';
import type { TopicSource } from './read-topic.ts';

/** A processor that has counted everything, with notices to merge; no time passes of itself. */
function aProcessor(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const state = { seq: 1, notices: 352, merged: 0 };
  const source: Pick<TopicSource, 'bounds' | 'committed'> = {
    bounds: async (topic) =>
      topic === 'metric-changes' ? [{ partition: 0, low: 0, high: state.notices }] : [],
    committed: async () => new Map([[0, state.merged]]),
  };
  const find = () => ({
    toArray: async () => [{ _id: 'facts/0', offsets: {}, seq: state.seq, publishedSeq: state.seq }],
  });
  const db = { collection: () => ({ find }) };
  const again = () => untilDrained(source as TopicSource, db as unknown as Db, () => undefined);
  return {
    state,
    drained: again(),
    again,
    pass: async (seconds: number) => {
      for (let quarter = 0; quarter < 4 * seconds; quarter++) {
        t.mock.timers.tick(250);
        for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
      }
    },
  };
}

test('a processor that goes on is waited for, also while there is no less to do', async (t) => {
  const { state, drained, pass } = aProcessor(t);
  for (let step = 0; step < 5; step++) {
    await pass(30);
    state.seq++;
    state.notices += 100;
    state.merged += 100;
  }
  state.merged = state.notices;
  await pass(1);
  await drained;
});

test('what is returned rises with whatever the processor does, so that a comparison can tell whether it was at rest', async (t) => {
  const { state, drained, again, pass } = aProcessor(t);
  state.merged = state.notices;
  await pass(1);
  const first = await drained;
  assert.equal(await again(), first);
  state.seq++;
  assert.ok((await again()) > first);
});

test('one that does nothing for a minute is told of', async (t) => {
  const { drained, pass } = aProcessor(t);
  const refused = assert.rejects(drained, {
    code: 'not-drained',
    message: /Nothing has moved for a minute, with 0 records not counted and 352 changed windows not merged/,
  });
  await pass(62);
  await refused;
});
