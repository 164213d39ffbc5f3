import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { errorTypes } from './error-types.ts';
import type { GroupConsumer } from './port.ts';

type Handlers = Parameters<GroupConsumer['start']>[0];

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 2_000;
/** Without any assignment for so long, it is not for us to mend. */
const GIVE_UP_MS = 5 * 60_000;
/**
 * To leave takes a member until its batch is done and, amid a rebalance, until the slowest member has joined. Nothing
 * depends on it: the group notices by itself, and whoever stops has better things to do with its last seconds.
 */
const LEAVE_MS = 3_000;

/**
 * A place in a group that is kept filled: a member that ends, since its broker went away or its coordinator is not to
 * be found, is followed by a new one.
 * @param createMember makes a member; its `onCrash` is called once it has ended
 * @param leaveMs how long `stop` waits for a member to leave
 */
export function createGroupConsumer(
  createMember: () => GroupConsumer,
  logger: Logger,
  leaveMs = LEAVE_MS,
): GroupConsumer {
  /** The newest, joined or not. */
  let newest: GroupConsumer | undefined;
  /** The one that has an assignment. */
  let joined: GroupConsumer | undefined;
  let downSince: number | undefined;
  let stopped = false;

  const join = async (handlers: Handlers): Promise<void> => {
    const member = createMember();
    newest = member;
    await member.start({
      onBatch: handlers.onBatch,
      onPositionLost: handlers.onPositionLost,
      ...(handlers.onTrouble ? { onTrouble: handlers.onTrouble } : {}),
      onAssigned: (assignment) => {
        joined = member;
        downSince = undefined;
        handlers.onAssigned(assignment);
      },
      onCrash: (error) => {
        if (newest === member) void replace(error, handlers);
      },
    });
  };
  /** Of a member that could not join, nothing is to be left. */
  const leaveBehind = async (): Promise<void> => {
    const failed = newest;
    newest = undefined;
    await failed?.stop().catch(() => undefined);
  };
  const replace = async (failure: Error, handlers: Handlers): Promise<void> => {
    joined = undefined;
    newest = undefined;
    downSince ??= Date.now();
    let error = failure;
    for (let wait = FIRST_WAIT_MS; !stopped; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
      if (isRefusal(error) || Date.now() - downSince > GIVE_UP_MS) return handlers.onCrash(error);
      logger.warn({ err: error }, 'a member of a group has ended; another takes its place');
      await sleep(wait);
      if (stopped) return;
      try {
        return await join(handlers);
      } catch (again) {
        error = again as Error;
        await leaveBehind();
      }
    }
  };

  return {
    start: join,
    // Without an assignment there is nothing to steer: with the next one everything is paused, sought and resumed.
    pause: (partitions) => joined?.pause(partitions),
    resume: (partitions) => joined?.resume(partitions),
    seek: (topic, partition, offset, mark) => joined?.seek(topic, partition, offset, mark),
    commit: async (positions) => joined?.commit(positions),
    stop: async () => {
      stopped = true;
      const leaving = newest?.stop().then(() => true) ?? true;
      const done = new AbortController();
      const hasLeft = await Promise.race([leaving, sleep(leaveMs, false, { signal: done.signal })]);
      done.abort();
      if (!hasLeft)
        logger.warn({ ms: leaveMs }, 'a member has not left its group; it is waited for no longer');
    },
  };
}

/** Whether the broker said that we may not: asking again does not help. */
const isRefusal = (error: Error): boolean =>
  errorTypes(error).some((type) => type.endsWith('_AUTHORIZATION_FAILED'));
