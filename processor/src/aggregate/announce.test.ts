import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Timestamp } from 'mongodb';
import type { OutputRecord } from '../kafka/port.ts';
import { announce, committedAt, isOfBacklog, oneForEachWindow } from './announce.ts';

/** The notices of a commit, as they are read back. */
async function noticesOf(commit: Parameters<typeof announce>[1]) {
  const sent: OutputRecord[] = [];
  await announce({ send: async (_topic, records) => void sent.push(...records) }, commit, ['a', 'b']);
  return sent.map(({ value }) => ({ value: Buffer.from(value as string) }));
}
const at = (t: number, i: number) => new Timestamp({ t, i });

test('of several notices the latest time of commit counts, also among those of one second', async () => {
  const notices = await Promise.all([
    noticesOf({ task: 'facts/0', seq: 1, at: at(1_700_000_000, 7) }),
    noticesOf({ task: 'facts/1', seq: 9, at: at(4_000_000_000, 2), ofBacklog: true }),
    noticesOf({ task: 'facts/0', seq: 2, at: at(4_000_000_000, 1) }),
  ]);
  assert.deepEqual(committedAt(notices.flat()), at(4_000_000_000, 2));
  assert.deepEqual(notices.flat().map(isOfBacklog), [false, false, true, true, false, false]);
});

test('notices of an earlier release, and what is none, tell of no time', async () => {
  const old = await noticesOf({ task: 'facts/0', seq: 1, at: undefined });
  assert.equal(committedAt([...old, { value: null }, { value: Buffer.from('"at":"soon"') }]), undefined);
});

test('of notices that are sent together one names each window, with the latest time of commit', async () => {
  const sent: OutputRecord[] = [];
  const sender = {
    send: async (_topic: string, records: readonly OutputRecord[]) => void sent.push(...records),
  };
  await announce(sender, { task: 'facts/0', seq: 1, at: at(1_700_000_000, 7) }, ['a', 'b']);
  await announce(sender, { task: 'facts/1', seq: 9, at: at(4_000_000_000, 2) }, ['b', 'c']);
  await announce(sender, { task: 'facts/2', seq: 3, at: at(1_700_000_000, 9) }, ['b', 'a']);
  await announce(sender, { task: 'facts/3', seq: 3, at: undefined }, ['c', 'd']);
  const told = oneForEachWindow(sent).map(({ key, value }) => [key, JSON.parse(String(value)).task]);
  assert.deepEqual(told, [
    ['a', 'facts/2'],
    ['b', 'facts/1'],
    ['c', 'facts/1'],
    ['d', 'facts/3'],
  ]);
});
