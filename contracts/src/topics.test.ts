import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ensureTopics, TOPICS, type TopicAdmin } from './topics.ts';

const SETTINGS = { topicPrefix: 'eu.', partitions: 3, replicationFactor: 2 };

/** An admin client of a cluster that holds `topics`, each of which refuses to be read as often as `refusals` says. */
function clusterWith(topics: string[], refusals: Record<string, Error[]> = {}) {
  const created: { topic: string; numPartitions: number; replicationFactor: number }[] = [];
  const read: string[] = [];
  const admin: TopicAdmin = {
    listTopics: async () => topics,
    createTopics: async (request) => {
      created.push(...request.topics);
      return true;
    },
    fetchTopicOffsets: async (topic) => {
      const refusal = refusals[topic]?.shift();
      if (refusal) throw refusal;
      read.push(topic);
    },
  };
  return { admin, created, read };
}

const settling = () => Object.assign(new Error('NOT_LEADER_OR_FOLLOWER'), { retriable: true });

test('missing topics are made under the prefix, with the partitions and replicas that are set', async () => {
  const { admin, created } = clusterWith(['eu.shops', 'orders-of-someone-else']);
  await ensureTopics(admin, SETTINGS);
  assert.equal(created.length, TOPICS.length - 1);
  for (const { topic, numPartitions, replicationFactor } of created) {
    assert.match(topic, /^eu\./);
    assert.deepEqual({ numPartitions, replicationFactor }, { numPartitions: 3, replicationFactor: 2 });
  }
});

test('it is waited for until every topic is served, also those that another part has just made', async () => {
  const { admin, read } = clusterWith(
    TOPICS.map((topic) => `eu.${topic}`),
    { 'eu.transactions': [settling(), settling()] },
  );
  await ensureTopics(admin, SETTINGS);
  assert.deepEqual(new Set(read), new Set(TOPICS.map((topic) => `eu.${topic}`)));
});

test('a refusal that time does not heal is told at once', async () => {
  const { admin } = clusterWith([], { 'eu.metrics': [new Error('TOPIC_AUTHORIZATION_FAILED')] });
  await assert.rejects(ensureTopics(admin, SETTINGS), /TOPIC_AUTHORIZATION_FAILED/);
});

test('what passes is waited for also when the client has used up attempts of its own', async () => {
  const usedUp = Object.assign(new Error('retries exceeded', { cause: settling() }), { retriable: false });
  const { admin, read } = clusterWith([], { 'eu.metrics': [usedUp] });
  await ensureTopics(admin, SETTINGS);
  assert.ok(read.includes('eu.metrics'));
});
