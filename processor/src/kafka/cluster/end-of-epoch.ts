import { offsetForLeaderEpochV4 } from '@platformatic/kafka';
import type { EndOfEpoch } from '../port.ts';
import { type Cluster, nameOfError } from './cluster.ts';
import { withFaults } from './with-faults.ts';

const ANY_REPLICA = -1;
const ANY_LEADER = -1;
/** The answer of a log that has no epoch as late as the one that was asked for. */
const UNKNOWN = -1;

/**
 * Where a partition's records of an epoch end, or those of the last epoch before it that the log has: what was read
 * behind that is not in the log any more.
 * @param topic its full name
 * @throws while the partition has no leader, or its leader does not answer
 */
export async function endOfEpoch(
  cluster: Cluster,
  topic: string,
  partition: number,
  epoch: number,
): Promise<EndOfEpoch> {
  const view = await cluster.view([topic], 0);
  const leader = view.topics.get(topic)?.partitions.find((each) => each.partition === partition)?.leader;
  const broker = leader === undefined ? undefined : view.brokers.get(leader);
  if (!broker) throw new Error(`partition ${partition} of ${topic} has no leader now`);
  const asked = { partitionIndex: partition, currentLeaderEpoch: ANY_LEADER, leaderEpoch: epoch };
  const { topics } = await withFaults(
    offsetForLeaderEpochV4.api.async(await cluster.connectionTo(broker), ANY_REPLICA, [
      { name: topic, partitions: [asked] },
    ]),
  );
  const { errorCode, leaderEpoch, endOffset } = topics[0]!.partitions[0]!;
  if (errorCode !== 0) {
    const reason = nameOfError(errorCode);
    throw new Error(
      `Kafka does not tell where epoch ${epoch} of partition ${partition} of ${topic} ends: ${reason}`,
    );
  }
  // It never had this epoch: none of its records is known to be one that was read.
  if (leaderEpoch === UNKNOWN) return { epoch: 0, end: 0 };
  return { epoch: leaderEpoch, end: Number(endOffset) };
}
