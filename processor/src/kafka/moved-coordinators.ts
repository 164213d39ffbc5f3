import { createRequire } from 'node:module';
import { errorTypes } from './error-types.ts';

/** What of kafkajs' membership in a group is dealt with here. */
interface ConsumerGroup {
  readonly groupId: string;
  readonly cluster: { findGroupCoordinator(group: { groupId: string }): Promise<unknown> };
  coordinator: unknown;
  readonly offsetManager: { coordinator: unknown } | null;
  heartbeat(options: { interval: number }): Promise<void>;
}

const NOT_THERE: readonly string[] = ['NOT_COORDINATOR_FOR_GROUP', 'GROUP_COORDINATOR_NOT_AVAILABLE'];
const UNREACHABLE: readonly string[] = [
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
];
const load = createRequire(import.meta.url);

/**
 * Lets members of kafkajs (2.2.4) outlive the broker that coordinates their group. It asks who coordinates only when a
 * member joins: when that broker dies, the member's heartbeats go to a dead broker until the member ends, 14 s later, and
 * the next one is let in when the group has given up the first one. A heartbeat that does not arrive asks for the
 * coordinator anew, and kafkajs' own retry sends it there: the member keeps its place. Calling it again changes nothing.
 */
export function followCoordinators(): void {
  const { prototype } = load('kafkajs/src/consumer/consumerGroup') as {
    prototype: ConsumerGroup & { follows?: true };
  };
  if (prototype.follows) return;
  prototype.follows = true;
  const { heartbeat } = prototype;
  prototype.heartbeat = async function (options) {
    try {
      await heartbeat.call(this, options);
    } catch (error) {
      if (!hasMoved(error)) throw error;
      const { groupId, cluster, offsetManager } = this;
      try {
        this.coordinator = await cluster.findGroupCoordinator({ groupId });
        if (offsetManager) offsetManager.coordinator = this.coordinator;
      } catch {
        // Nobody coordinates yet: the next heartbeat asks again.
      }
      // Without the type of the cause, by which kafkajs would have the member join again.
      throw Object.assign(new Error('the coordinator of the group has moved', { cause: error }), {
        retriable: true,
      });
    }
  };
}

function hasMoved(error: unknown): boolean {
  const isUnreachable = error instanceof Error && UNREACHABLE.includes(error.name);
  return isUnreachable || errorTypes(error).some((type) => NOT_THERE.includes(type));
}
