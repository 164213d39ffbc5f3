import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { createGroupConsumer } from './consumer.ts';
import type { GroupConsumer } from './port.ts';

type Handlers = Parameters<GroupConsumer['start']>[0];

/** Members that remember what they were told. @param leaving how long they take to leave @param leaveMs how long they are given */
function group(leaving = Promise.resolve(), leaveMs?: number) {
  const members: { handlers: Handlers; paused: number; sought: unknown[]; stopped: boolean }[] = [];
  let arrive: (() => void) | undefined;
  const consumer = createGroupConsumer(
    () => {
      const member = {
        handlers: undefined as unknown as Handlers,
        paused: 0,
        sought: [] as unknown[],
        stopped: false,
      };
      return {
        start: async (handlers) => {
          member.handlers = handlers;
          members.push(member);
          arrive?.();
        },
        pause: () => {
          member.paused++;
        },
        resume: () => undefined,
        seek: (...place) => {
          member.sought.push(place);
        },
        commit: async () => undefined,
        stop: async () => {
          await leaving;
          member.stopped = true;
        },
      };
    },
    pino({ level: 'silent' }),
    leaveMs,
  );
  const nextMember = () =>
    new Promise<void>((resolve) => {
      arrive = resolve;
    });
  return { consumer, members, nextMember };
}
const handlers = (assigned: unknown[] = []): Handlers => ({
  onAssigned: (assignment) => assigned.push(assignment),
  onBatch: async () => undefined,
  onPositionLost: () => undefined,
  onCrash: (error) => assert.fail(error),
});

test('a member that ends is followed by another, which gets the next assignment', async () => {
  const { consumer, members, nextMember } = group();
  const assigned: unknown[] = [];
  await consumer.start(handlers(assigned));
  members[0]!.handlers.onAssigned([]);
  const next = nextMember();
  members[0]!.handlers.onCrash(new Error('the coordinator is not to be found'));
  await next;
  members[1]!.handlers.onAssigned([]);
  consumer.pause([]);
  const mark = { topicId: 'of this creation', epoch: 3 };
  consumer.seek('transactions', 0, 7, mark);
  assert.deepEqual(members[1]!.sought, [['transactions', 0, 7, mark]]);
  assert.equal(assigned.length, 2);
  assert.deepEqual(
    members.map(({ paused }) => paused),
    [0, 1],
  );
  await consumer.stop();
  assert.equal(members[1]!.stopped, true);
});

test('between two members there is nothing to steer, and nothing fails', async () => {
  const { consumer, members } = group();
  await consumer.start(handlers());
  members[0]!.handlers.onAssigned([]);
  members[0]!.handlers.onCrash(new Error('gone'));
  consumer.pause([]);
  await consumer.commit([]);
  assert.equal(members[0]!.paused, 0);
  await consumer.stop();
});

test('a refusal is final', async () => {
  const { consumer, members } = group();
  const crashes: Error[] = [];
  await consumer.start({ ...handlers(), onCrash: (error) => crashes.push(error) });
  const refusal = Object.assign(new Error('not you'), { type: 'GROUP_AUTHORIZATION_FAILED' });
  members[0]!.handlers.onCrash(new Error('ended', { cause: refusal }));
  assert.equal(crashes.length, 1);
  assert.equal(members.length, 1);
});

test('a member that can’t leave, since its group waits for another, does not keep the process', async () => {
  const never = Promise.withResolvers<void>();
  const { consumer, members } = group(never.promise, 1);
  await consumer.start(handlers());
  await consumer.stop();
  assert.equal(members[0]!.stopped, false);
});
