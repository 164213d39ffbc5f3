import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import type { RecordMetadata } from 'kafkajs';
import { sendWhole } from './send-whole.ts';
import type { SendRequest } from './sender.ts';

const load = createRequire(import.meta.url);
const TOPIC = 'metric-changes';

type Send = (request: SendRequest) => Promise<RecordMetadata[]>;
interface Partitions {
  readonly partitions: readonly { readonly partition: number; readonly messages: readonly unknown[] }[];
}

/**
 * kafkajs' own sending, to two brokers: the second one does not lead partition 1 any more, and says so once; the first one
 * leads it by then.
 */
function kafkaWithMovedLeader() {
  let moved = false;
  const stored: number[] = [];
  const broker = (nodeId: number) => ({
    nodeId,
    produce: async ({ topicData }: { topicData: readonly Partitions[] }) => {
      // The other one has answered by then.
      if (nodeId === 2) await new Promise(setImmediate);
      if (nodeId === 2 && !moved) {
        moved = true;
        throw Object.assign(new Error('not the leader'), { name: 'KafkaJSProtocolError', retriable: true });
      }
      const partitions = topicData.flatMap((each) => each.partitions);
      stored.push(...partitions.map(({ partition }) => partition));
      return {
        topics: [
          { topicName: TOPIC, partitions: partitions.map(({ partition }) => ({ partition, errorCode: 0 })) },
        ],
      };
    },
  });
  const brokers = new Map([1, 2].map((id) => [id, broker(id)]));
  const nothing = async () => undefined;
  const cluster = {
    refreshMetadataIfNecessary: nothing,
    refreshMetadata: nothing,
    addMultipleTargetTopics: nothing,
    isConnected: () => true,
    findTopicPartitionMetadata: () => [0, 1].map((partitionId) => ({ partitionId })),
    findLeaderForPartitions: (_topic: string, partitions: readonly string[]) =>
      Object.groupBy(partitions.map(Number), (partition) => (partition === 0 || moved ? 1 : 2)),
    findBroker: async ({ nodeId }: { nodeId: number | string }) => brokers.get(Number(nodeId)),
  };
  const eosManager = {
    acquireBrokerLock: nothing,
    releaseBrokerLock: nothing,
    isTransactional: () => false,
    getSequence: () => 0,
    updateSequence: () => undefined,
    getProducerId: () => -1,
    getProducerEpoch: () => 0,
  };
  const retrier = async (attempt: (bail: (error: Error) => never) => Promise<unknown>) => {
    for (;;) {
      try {
        return await attempt((error) => {
          throw error;
        });
      } catch (error) {
        if (!(error as { retriable?: boolean }).retriable) throw error;
      }
    }
  };
  const create = load('kafkajs/src/producer/sendMessages') as (parts: object) => (request: object) => unknown;
  const ofKafkajs = create({
    logger: { debug: () => undefined, error: () => undefined },
    partitioner: ({ message }: { message: { partition: number } }) => message.partition,
    ...{ cluster, eosManager, retrier },
  });
  const send = ({ topic, messages, ...rest }: SendRequest) =>
    ofKafkajs({ ...rest, topicMessages: [{ topic, messages }] });
  return { send: send as Send, stored };
}

const request: SendRequest = {
  topic: TOPIC,
  acks: -1,
  messages: [0, 1].map((partition) => ({ value: `${partition}`, partition })),
};

test('kafkajs reports success for a partition that has moved to a broker which had answered, and has not sent it', async () => {
  const { send, stored } = kafkaWithMovedLeader();
  const answers = await send(request);
  assert.deepEqual([answers.map(({ partition }) => partition), stored], [[0], [0]]);
});

test('that partition is sent again, and no other', async () => {
  const { send, stored } = kafkaWithMovedLeader();
  await sendWhole(send, request);
  assert.deepEqual(stored, [0, 1]);
});

test('what no broker answers for is not taken for stored', async () => {
  await assert.rejects(
    sendWhole(async () => [], request),
    /no broker has answered for these partitions of metric-changes: 0, 1/,
  );
});

test('messages that are placed by kafkajs are sent once', async () => {
  let calls = 0;
  const send: Send = async () => {
    calls += 1;
    return [{ topicName: TOPIC, partition: 2, errorCode: 0 }];
  };
  await sendWhole(send, { topic: TOPIC, messages: [{ value: 'a' }] });
  assert.equal(calls, 1);
});
