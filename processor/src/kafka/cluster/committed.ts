import { findCoordinatorV4, offsetFetchV8 } from '@platformatic/kafka';
import { type Cluster, nameOfError } from './cluster.ts';

const GROUP = 0;

/**
 * Offsets that a group has committed in a topic, by partition; without those never committed.
 * @throws the client's error while the group has no coordinator
 */
export async function committedOffsets(
  cluster: Cluster,
  groupId: string,
  topic: string,
): Promise<ReadonlyMap<number, number>> {
  const { coordinators } = await cluster.askAnyone((connection) =>
    findCoordinatorV4.api.async(connection, GROUP, [groupId]),
  );
  const { host, port } = coordinators[0]!;
  const view = await cluster.view([topic]);
  const partitionIndexes = (view.topics.get(topic)?.partitions ?? []).map(({ partition }) => partition);
  const { groups } = await offsetFetchV8.api.async(
    await cluster.connectionTo({ host, port }),
    [{ groupId, memberEpoch: -1, topics: [{ name: topic, partitionIndexes }] }],
    false,
  );
  const [group] = groups;
  if (group?.errorCode !== 0) {
    throw new Error(
      `Kafka does not tell the offsets of the group ${groupId}: ${nameOfError(group?.errorCode ?? -1)}`,
    );
  }
  const offsets = group.topics.flatMap(({ partitions }) =>
    partitions.map(
      ({ partitionIndex, committedOffset }) => [partitionIndex, Number(committedOffset)] as const,
    ),
  );
  // −1 where it never did.
  return new Map(offsets.filter(([, offset]) => offset >= 0));
}
