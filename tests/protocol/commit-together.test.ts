/** Several tasks of a process in one transaction. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Claim, claimTask } from '@storepulse/processor/aggregate/claim';
import type { CommitContent } from '@storepulse/processor/aggregate/commit';
import { type Committer, createCommitter } from '@storepulse/processor/aggregate/commit-together';
import type { Database } from '@storepulse/processor/store/database';
import { MongoNetworkError } from 'mongodb';
import { content, fact } from './contents.ts';
import { useDatabases } from './databases.ts';

const aDatabase = useDatabases();
const always = () => true;

/** A committer with the claims of two tasks, and how many transactions it has shared. */
async function twoTasks(database: Database, mostDocuments?: number) {
  const committer = createCommitter(database, undefined, mostDocuments);
  let shared = 0;
  const { session } = committer;
  const commitTransaction = session.commitTransaction.bind(session);
  session.commitTransaction = async (options) => {
    await commitTransaction(options);
    shared++;
  };
  const [one, other] = await Promise.all([
    claimTask(database, 'facts/0', 'owner', session),
    claimTask(database, 'facts/1', 'owner', session),
  ]);
  let retries = 0;
  const commit = (claim: Claim, fields: Partial<CommitContent>, isSmall = true) =>
    committer.commit({ claim, seq: 1, content: content(fields) }, isSmall, always, () => {
      retries++;
    });
  return { committer, one, other, commit, shared: () => shared, retries: () => retries };
}
const ordersOf = async ({ db }: Database) =>
  (await db.collection('orders').find().sort({ _id: 1 }).toArray()).map(({ _id }) => String(_id));
const seqOf = async ({ checkpoints }: Database, task: string) =>
  (await checkpoints.findOne({ _id: task }))?.seq;

test('what two tasks commit at the same time is one transaction', async () => {
  const database = await aDatabase();
  const { one, other, commit, shared } = await twoTasks(database);
  const [at, alsoAt] = await Promise.all([
    commit(one, { facts: fact('demo|o1') }),
    commit(other, { facts: fact('demo|o2') }),
  ]);
  assert.equal(shared(), 1);
  assert.ok(at && alsoAt?.equals(at));
  assert.deepEqual(await ordersOf(database), ['demo|o1', 'demo|o2']);
  assert.deepEqual([await seqOf(database, 'facts/0'), await seqOf(database, 'facts/1')], [1, 1]);
});

test('a large commit, and one that is alone, has a transaction of its own', async () => {
  const database = await aDatabase();
  const { one, other, commit, shared } = await twoTasks(database);
  await Promise.all([
    commit(one, { facts: fact('demo|o1') }, false),
    commit(other, { facts: fact('demo|o2') }),
  ]);
  assert.equal(shared(), 0);
  assert.deepEqual(await ordersOf(database), ['demo|o1', 'demo|o2']);
});

test('what is more than a transaction may hold goes with the next one', async () => {
  const database = await aDatabase();
  // Of each task the checkpoint and an order.
  const { committer, one, other, commit, shared } = await twoTasks(database, 4);
  const others = await Promise.all(
    ['facts/2', 'facts/3', 'facts/4'].map((task) => claimTask(database, task, 'owner', committer.session)),
  );
  const claims = [one, other, ...others];
  await Promise.all(claims.map((claim, n) => commit(claim, { facts: fact(`demo|o${n}`) })));
  // Two and two; the fifth is alone, and has a transaction of its own.
  assert.equal(shared(), 2);
  assert.deepEqual(await ordersOf(database), ['demo|o0', 'demo|o1', 'demo|o2', 'demo|o3', 'demo|o4']);
  assert.deepEqual(await Promise.all(claims.map(({ task }) => seqOf(database, task))), [1, 1, 1, 1, 1]);
});

test('of a task that another owner has claimed nothing is written, and the others are committed', async () => {
  const database = await aDatabase();
  const { one, other, commit } = await twoTasks(database);
  await claimTask(database, 'facts/0', 'next');
  const [lost, kept] = await Promise.allSettled([
    commit(one, { facts: fact('demo|o1') }),
    commit(other, { facts: fact('demo|o2') }),
  ]);
  assert.equal(lost.status === 'rejected' && lost.reason.code, 'FENCED');
  assert.equal(kept.status, 'fulfilled');
  assert.deepEqual(await ordersOf(database), ['demo|o2']);
  assert.deepEqual([await seqOf(database, 'facts/0'), await seqOf(database, 'facts/1')], [0, 1]);
});

test('of two tasks that store the same business key one is committed, and the other conflicts', async () => {
  const database = await aDatabase();
  const { one, other, commit } = await twoTasks(database);
  const ended = await Promise.allSettled([
    commit(one, { facts: fact('demo|o1') }),
    commit(other, { facts: fact('demo|o1') }),
  ]);
  const codes = ended.map((end) => (end.status === 'rejected' ? end.reason.code : 'committed')).sort();
  assert.deepEqual(codes, ['CONFLICT', 'committed']);
  assert.deepEqual(await ordersOf(database), ['demo|o1']);
});

test('a shared transaction whose end nobody was told of is not committed twice', async () => {
  const database = await aDatabase();
  const { committer, one, other, commit } = await twoTasks(database);
  tellNobody(committer);
  await Promise.all([commit(one, { facts: fact('demo|o1') }), commit(other, { facts: fact('demo|o2') })]);
  assert.deepEqual(await ordersOf(database), ['demo|o1', 'demo|o2']);
  assert.deepEqual([await seqOf(database, 'facts/0'), await seqOf(database, 'facts/1')], [1, 1]);
});

test('an owner stopped in the middle of a shared transaction does not hold up the next claim of either task', async () => {
  const database = await aDatabase();
  const { committer } = await twoTasks(database);
  const { session } = committer;
  session.startTransaction();
  await database.checkpoints.updateMany({}, { $set: { seq: 1 } }, { session });
  const next = await claimTask(database, 'facts/1', 'next');
  assert.equal(next.checkpoint.seq, 0);
  assert.equal(next.epoch, 2);
  await assert.rejects(session.commitTransaction());
  assert.equal((await claimTask(database, 'facts/0', 'next')).checkpoint.seq, 0);
});

test('a committer whose shared session was ended by another process’ claim commits on', async () => {
  const database = await aDatabase();
  const { one, other, commit } = await twoTasks(database);
  await claimTask(database, 'facts/9', 'other');
  await database.client.db('admin').command({ killSessions: [(await sharedLsid(database))!] });
  await Promise.all([commit(one, { facts: fact('demo|o1') }), commit(other, { facts: fact('demo|o2') })]);
  assert.deepEqual(await ordersOf(database), ['demo|o1', 'demo|o2']);
});

const sharedLsid = async ({ checkpoints }: Database) =>
  (await checkpoints.findOne({ _id: 'facts/0' }))?.sharedLsid as { id: unknown } | undefined;

/** The server commits; the connection breaks before it says so. */
function tellNobody({ session }: Committer): void {
  const commitTransaction = session.commitTransaction.bind(session);
  session.commitTransaction = async (options) => {
    await commitTransaction(options);
    throw new MongoNetworkError('connection closed');
  };
}
