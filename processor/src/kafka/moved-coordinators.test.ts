import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import kafkajs from 'kafkajs';
import { followCoordinators } from './moved-coordinators.ts';

const { KafkaJSConnectionError, KafkaJSProtocolError } = kafkajs;
const ConsumerGroup = createRequire(import.meta.url)('kafkajs/src/consumer/consumerGroup');
followCoordinators();
followCoordinators();

/** A member whose coordinator answers its next heartbeat with an error; another one takes them. */
function memberOf(failure: Error) {
  const asked: string[] = [];
  const group = new ConsumerGroup({
    groupId: 'group',
    retry: {},
    cluster: {
      findGroupCoordinator: async ({ groupId }: { groupId: string }) => {
        asked.push(groupId);
        return { heartbeat: async () => undefined };
      },
    },
    logger: { namespace: () => undefined },
    instrumentationEmitter: { emit: () => undefined },
  });
  Object.assign(group, {
    memberId: 'member',
    lastRequest: 0,
    offsetManager: { coordinator: 'the former' },
    coordinator: {
      heartbeat: async () => {
        throw failure;
      },
    },
  });
  return { group, asked };
}
const protocolError = (type: string) =>
  new KafkaJSProtocolError(Object.assign(new Error(type), { type, code: 0, retriable: false }) as never);

for (const failure of [
  new KafkaJSConnectionError('connect ECONNREFUSED', {}),
  protocolError('NOT_COORDINATOR_FOR_GROUP'),
  protocolError('GROUP_COORDINATOR_NOT_AVAILABLE'),
]) {
  test(`after "${failure.message}" the next heartbeat goes to the new coordinator, without joining again`, async () => {
    const { group, asked } = memberOf(failure);
    await assert.rejects(
      group.heartbeat({ interval: 0 }),
      (error: Error & { retriable?: boolean; type?: string }) =>
        error.retriable === true && error.type === undefined && error.cause === failure,
    );
    assert.deepEqual(asked, ['group']);
    assert.equal(group.offsetManager.coordinator, group.coordinator);
    await group.heartbeat({ interval: 0 });
    assert.deepEqual(asked, ['group']);
  });
}

test('while nobody coordinates, it is asked for again with the next heartbeat', async () => {
  const { group } = memberOf(new KafkaJSConnectionError('connect ECONNREFUSED', {}));
  const { findGroupCoordinator } = group.cluster;
  group.cluster.findGroupCoordinator = async () => {
    throw new Error('nobody');
  };
  await assert.rejects(group.heartbeat({ interval: 0 }), { retriable: true });
  Object.assign(group.cluster, { findGroupCoordinator });
  await assert.rejects(group.heartbeat({ interval: 0 }), { retriable: true });
  await group.heartbeat({ interval: 0 });
});

test('whoever is not a member any more is told so', async () => {
  const failure = protocolError('UNKNOWN_MEMBER_ID');
  const { group, asked } = memberOf(failure);
  await assert.rejects(group.heartbeat({ interval: 0 }), failure);
  assert.deepEqual(asked, []);
});
