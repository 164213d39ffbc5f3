import type { TopicName } from '@storepulse/contracts';
import type { Admin } from 'kafkajs';
import type { Pipeline } from '../../support/pipeline/pipeline.ts';
import { until } from '../../support/until.ts';

/** The nodes of a partition, by their ids. */
export interface PartitionPlace {
  readonly topic: string;
  readonly partition: number;
  /** −1 while it has none. */
  readonly leader: number;
  readonly replicas: readonly number[];
  readonly inSync: readonly number[];
}

/** The partitions of all topics of the cluster, internal ones included; one whose leader is away may be left out. */
export async function partitionPlaces(
  admin: Admin,
  topics: readonly string[] = [],
): Promise<PartitionPlace[]> {
  const wanted = topics.length > 0 ? topics : await admin.listTopics();
  const found = await admin.fetchTopicMetadata({ topics: [...wanted] });
  return found.topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionId, leader, replicas, isr }) => ({
      topic: name,
      partition: partitionId,
      leader,
      replicas,
      inSync: isr,
    })),
  );
}

/** Waits until every replica of every partition is in sync: only then may an operator stop the next node. */
export async function untilInSync(pipeline: Pipeline): Promise<void> {
  const admin = await pipeline.admin();
  await until(
    'all replicas of all partitions are in sync',
    async () =>
      (await partitionPlaces(admin)).filter(
        ({ leader, replicas, inSync }) => leader < 0 || inSync.length < replicas.length,
      ),
    (behind) => behind.length === 0,
    120_000,
  );
}

/**
 * Moves the leaders of all partitions of a pipeline: the nodes that lead are taken out of the replicas, so that others
 * must lead, and come back as followers.
 */
export async function moveLeaders({ admin: connect, prefix }: Pipeline): Promise<void> {
  const admin = await connect();
  const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
  const before = await partitionPlaces(admin, topics);
  const assign = (replicasOf: (place: PartitionPlace) => readonly number[]) =>
    admin.alterPartitionReassignments({
      topics: [...Map.groupBy(before, ({ topic }) => topic)].map(([topic, places]) => ({
        topic,
        partitionAssignment: places.map((place) => ({
          partition: place.partition,
          replicas: [...replicasOf(place)],
        })),
      })),
    });
  const followers = ({ leader, replicas }: PartitionPlace) => replicas.filter((node) => node !== leader);
  await assign(followers);
  const leaders = new Map(before.map(({ topic, partition, leader }) => [`${topic}/${partition}`, leader]));
  await until(
    'every partition has another leader',
    async () =>
      (await partitionPlaces(admin, topics)).filter(
        ({ topic, partition, leader }) => leader < 0 || leader === leaders.get(`${topic}/${partition}`),
      ),
    (same) => same.length === 0,
    60_000,
  );
  await assign((place) => [...followers(place), place.leader]);
}

/** A topic whose partitions lie on given nodes. */
export interface PlacedTopic {
  readonly topic: TopicName;
  /** The nodes of each partition; the first leads. */
  readonly nodes: readonly (readonly number[])[];
  readonly config: Readonly<Record<string, string>>;
}

/** Creates topics on given nodes, before a part creates them anywhere; returns when all partitions have leaders. */
export async function createPlacedTopics(
  { admin: connect, prefix }: Pipeline,
  topics: readonly PlacedTopic[],
): Promise<void> {
  const admin = await connect();
  await admin.createTopics({
    // That fails while a leader does not know its topic yet.
    waitForLeaders: false,
    topics: topics.map(({ topic, nodes, config }) => ({
      topic: `${prefix}${topic}`,
      // What kafkajs sends for those that are placed.
      ...{ numPartitions: -1, replicationFactor: -1 },
      replicaAssignment: nodes.map((replicas, partition) => ({ partition, replicas: [...replicas] })),
      configEntries: Object.entries(config).map(([name, value]) => ({ name, value })),
    })),
  });
  for (const { topic } of topics) {
    await until(
      `the partitions of ${topic} are served`,
      () => admin.fetchTopicOffsets(`${prefix}${topic}`),
      () => true,
      60_000,
    );
  }
}
