import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startKafkaCluster } from '@storepulse/local';
import { Kafka, logLevel } from 'kafkajs';
import { until } from '../support/until.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'storepulse-cluster-'));
after(() => rmSync(dataDir, { recursive: true }));

test('three nodes keep what two of them have acknowledged when the leader is killed, and become three again', async () => {
  await using cluster = await startKafkaCluster({
    dataDir,
    properties: { 'broker.session.timeout.ms': 3_000, 'broker.heartbeat.interval.ms': 500 },
  });
  const kafka = new Kafka({
    brokers: cluster.brokers.split(','),
    logLevel: logLevel.NOTHING,
    retry: { retries: 20, initialRetryTime: 200, maxRetryTime: 1_000 },
  });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    topics: [
      {
        topic: 'kept',
        // What kafkajs sends for those that are assigned.
        ...{ numPartitions: -1, replicationFactor: -1 },
        replicaAssignment: [{ partition: 0, replicas: [2, 1, 3] }],
        configEntries: [{ name: 'min.insync.replicas', value: '2' }],
      },
    ],
    // That fails while the node that is asked has not heard of the topic.
    waitForLeaders: false,
  });
  const leader = async () => {
    const { topics } = await admin.fetchTopicMetadata({ topics: ['kept'] });
    return topics[0]!.partitions[0]!.leader;
  };
  // Each node hears of a new topic by itself, and kafkajs asks any of them.
  await until('the nodes know the topic', leader, (seen) => seen === 2);
  const producer = kafka.producer();
  await producer.connect();
  const send = (value: string) => producer.send({ topic: 'kept', acks: -1, messages: [{ value }] });
  await send('before');
  await cluster.node(2).kill();
  await send('after');
  assert.notEqual(await leader(), 2);
  await cluster.node(2).start();
  await cluster.untilComplete();
  const [end] = await admin.fetchTopicOffsets('kept');
  assert.equal(end?.high, '2');
  await producer.disconnect();
  await admin.disconnect();
});
