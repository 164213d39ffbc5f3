import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ensureTopics, type NewTopic, TOPICS, type TopicAdmin } from './topics.ts';

const SETTINGS = { topicPrefix: 'eu.', partitions: 3, replicationFactor: 2 };
const OURS = TOPICS.map((topic) => `eu.${topic}`);
const SERVED = [true, true, true];

/**
 * A cluster that answers one question after the other as it is told, the last answer for ever.
 * @param answers for each question, the topics it knows, and which of their partitions are served
 */
function clusterThat(answers: Readonly<Record<string, readonly boolean[]>>[], refusal?: Error) {
  const created: NewTopic[] = [];
  let asked = 0;
  let asking = 0;
  const admin: TopicAdmin = {
    describe: async () => {
      assert.equal(asking++, 0, 'one question at a time');
      await new Promise((resolve) => setImmediate(resolve));
      asking--;
      return new Map(Object.entries(answers[Math.min(asked++, answers.length - 1)]!));
    },
    create: async (topics) => {
      if (refusal) throw refusal;
      created.push(...topics);
    },
  };
  return { admin, created, asked: () => asked };
}
const all = (changes: Readonly<Record<string, readonly boolean[]>> = {}) => ({
  ...Object.fromEntries(OURS.map((topic) => [topic, SERVED])),
  ...changes,
});

test('missing topics are made under the prefix, with the partitions and replicas that are set', async () => {
  const { admin, created } = clusterThat([{ 'eu.shops': SERVED }, all()]);
  await ensureTopics(admin, SETTINGS);
  assert.equal(created.length, TOPICS.length - 1);
  for (const { topic, numPartitions, replicationFactor } of created) {
    assert.match(topic, /^eu\./);
    assert.deepEqual({ numPartitions, replicationFactor }, { numPartitions: 3, replicationFactor: 2 });
  }
});

test('with two replicas or more, two must have a record before it is acknowledged; with one it is not asked for', async () => {
  const inSync = async (replicationFactor: number) => {
    const { admin, created } = clusterThat([{}, all()]);
    await ensureTopics(admin, { ...SETTINGS, replicationFactor });
    const settings = created.map(
      ({ configEntries }) => configEntries.find(({ name }) => name === 'min.insync.replicas')?.value,
    );
    assert.equal(settings.length, TOPICS.length);
    return [...new Set(settings)];
  };
  assert.deepEqual(await inSync(1), [undefined]);
  assert.deepEqual(await inSync(2), ['2']);
  assert.deepEqual(await inSync(3), ['2']);
});

test('it is waited for until every topic that was missing is known and served', async () => {
  const { admin, asked } = clusterThat([{}, {}, all({ 'eu.metrics': [true, false, true] }), all()]);
  assert.deepEqual(await ensureTopics(admin, SETTINGS), []);
  assert.equal(asked(), 4);
});

test('topics that were there are waited for as well: another part may have made them a moment ago', async () => {
  const { admin, asked } = clusterThat([all({ 'eu.shops': [false, false, false] }), all()]);
  assert.deepEqual(await ensureTopics(admin, SETTINGS), []);
  assert.equal(asked(), 2);
});

test('a partition that nobody serves is told, and holds nothing back for long', async () => {
  const { admin, created } = clusterThat([all({ 'eu.transactions': [true, false, true] })]);
  assert.deepEqual(await ensureTopics(admin, SETTINGS), ['eu.transactions/1']);
  assert.equal(created.length, 0);
});

test('a refusal is told at once', async () => {
  const { admin } = clusterThat([{}], new Error('TOPIC_AUTHORIZATION_FAILED'));
  await assert.rejects(ensureTopics(admin, SETTINGS), /TOPIC_AUTHORIZATION_FAILED/);
});
