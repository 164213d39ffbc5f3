import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredLog } from '@storepulse/contracts';
import type { EndOfEpoch } from '../kafka/port.ts';
import { describeLoss, startingPositions } from './positions.ts';

const NOW = Date.UTC(2026, 0, 5);
const TOPIC = 'transactions' as const;

/** Where a task reads on whose checkpoint says this, in a log from `low` to `high`; what is lost, and how it is told. */
async function readOn(
  stored: { offset?: number; log?: StoredLog },
  { low, high, topicId }: { low: number; high: number; topicId?: string },
  end?: EndOfEpoch,
) {
  const checkpoint = {
    offsets: stored.offset === undefined ? {} : { [TOPIC]: stored.offset },
    ...(stored.log ? { logs: { [TOPIC]: stored.log } } : {}),
  };
  const bounds = new Map([[TOPIC, { partition: 0, low, high, ...(topicId ? { topicId } : {}) }]]);
  const { positions, marks, losses } = await startingPositions(checkpoint, bounds, async () => end!, NOW);
  return {
    position: positions.get(TOPIC),
    epoch: marks.get(TOPIC)?.epoch,
    losses: losses.map(({ change, unread, read }) => ({ change, unread, read })),
    told: losses.map(describeLoss),
  };
}
const log = (changes: Partial<StoredLog> = {}): StoredLog => ({
  ...{ topicId: 'one', epoch: 4, end: 7 },
  ...changes,
});

test('a task reads on where its checkpoint says, a new one at the log’s beginning', async () => {
  const intact = await readOn(
    { offset: 7, log: log() },
    { low: 2, high: 9, topicId: 'one' },
    { epoch: 4, end: 9 },
  );
  assert.deepEqual(intact, { position: 7, epoch: 4, losses: [], told: [] });
  const fresh = await readOn({}, { low: 2, high: 9, topicId: 'one' });
  assert.deepEqual(fresh, { position: 2, epoch: undefined, losses: [], told: [] });
});

test('a checkpoint of an older release, which knows no log, is read on as it says', async () => {
  assert.equal((await readOn({ offset: 7 }, { low: 2, high: 9, topicId: 'one' })).position, 7);
});

test('records that the log dropped before they were read are lost', async () => {
  const { position, losses, told } = await readOn({ offset: 2 }, { low: 5, high: 9 });
  assert.equal(position, 5);
  assert.deepEqual(losses, [{ change: 'deleted', unread: 3, read: 0 }]);
  assert.match(told[0]!, /^data loss: .* offsets 2 to 4; 3 records were never read/);
});

test('of a log that was cut off and grew again, all that is new is read, and nothing that was read before', async () => {
  const grown = { low: 0, high: 500, topicId: 'one' };
  const { position, epoch, losses, told } = await readOn({ offset: 7, log: log({ end: 9 }) }, grown, {
    epoch: 3,
    end: 4,
  });
  assert.deepEqual([position, epoch], [4, 3]);
  assert.deepEqual(losses, [{ change: 'cut-off', unread: 2, read: 3 }]);
  assert.match(
    told[0]!,
    /cut off at 4; 3 records that were counted are gone from it and stay counted; 2 records were never read/,
  );
});

test('a log that was cut off behind the position has lost what was not read yet', async () => {
  const shorter = { low: 0, high: 8, topicId: 'one' };
  const { position, losses } = await readOn({ offset: 7, log: log({ end: 20 }) }, shorter, {
    epoch: 4,
    end: 8,
  });
  assert.equal(position, 7);
  assert.deepEqual(losses, [{ change: 'cut-off', unread: 12, read: 0 }]);
});

test('a leader whose end is not known to be safe yet has lost nothing', async () => {
  const behind = { low: 0, high: 5, topicId: 'one' };
  const { position, losses } = await readOn({ offset: 7, log: log() }, behind, { epoch: 4, end: 7 });
  assert.deepEqual([position, losses], [7, []]);
});

for (const [what, high] of [
  ['filled beyond the position', 8_000],
  ['filled with less', 3],
  ['empty', 0],
] as const) {
  test(`a topic made anew is read from its beginning: ${what}`, async () => {
    const anew = await readOn({ offset: 7, log: log({ end: 10 }) }, { low: 0, high, topicId: 'two' });
    assert.deepEqual([anew.position, anew.epoch], [0, undefined]);
    assert.deepEqual(anew.losses, [{ change: 'made-anew', unread: 3, read: 7 }]);
    assert.match(anew.told[0]!, /made anew; .* up to offset 7, stays counted; 3 records were never read/);
  });
}

test('where nothing tells one log from another, one that ends before the position is read from its end', async () => {
  const { position, losses } = await readOn({ offset: 9 }, { low: 0, high: 4 });
  assert.equal(position, 4);
  assert.deepEqual(losses, [{ change: 'cut-off', unread: 0, read: 5 }]);
});
