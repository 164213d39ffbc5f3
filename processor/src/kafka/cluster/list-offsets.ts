import { setTimeout as sleep } from 'node:timers/promises';
import { type Broker, listOffsetsV7 } from '@platformatic/kafka';
import { getOrCreate } from '../../get-or-create.ts';
import { type Cluster, type ClusterView, nameOfError } from './cluster.ts';
import { withFaults } from './with-faults.ts';

/** The log's first offset, and the one after its last record, as Kafka asks for them. */
export const EARLIEST = -2;
export const LATEST = -1;

/** What the partitions of some topics answer, by full name of the topic and by partition. */
export interface FoundOffsets {
  /** In the order in which they were asked for; −1 where no record fits. */
  readonly offsets: ReadonlyMap<string, ReadonlyMap<number, readonly number[]>>;
  /** Why the others do not answer. */
  readonly faults: ReadonlyMap<string, ReadonlyMap<number, string>>;
}

/** How long a leader is waited for: the partitions of the others must not stand still with it. */
const PATIENCE_MS = 2_500;
/** Leaders move: what is older than this is not asked. */
const VIEW_MAX_AGE_MS = 10_000;
const READ_UNCOMMITTED = 0;
const ANY_REPLICA = -1;

interface Target {
  readonly topic: string;
  readonly partition: number;
}

/**
 * Asks the leaders of all partitions of some topics for offsets. What one partition or broker can't tell is a fault of
 * its own; one whose leader has moved is asked for once more.
 * @param timestamps what is looked for: `EARLIEST`, `LATEST`, or the first record with a timestamp, epoch ms
 * @throws the client's error when no broker answers, or when a topic is refused
 */
export async function listOffsets(
  cluster: Cluster,
  topics: readonly string[],
  timestamps: readonly number[],
): Promise<FoundOffsets> {
  const offsets = new Map(topics.map((topic) => [topic, new Map<number, readonly number[]>()]));
  const faults = new Map(topics.map((topic) => [topic, new Map<number, string>()]));
  const ask = async (view: ClusterView, isWanted: (target: Target) => boolean) => {
    const { led, orphans } = leadersOf(view, topics, isWanted);
    for (const { topic, partition } of orphans) faults.get(topic)!.set(partition, 'it has no leader');
    await Promise.all(
      [...led].map(async ([leader, targets]) => {
        const answers = await askLeader(cluster, leader, view.brokers.get(leader)!, targets, timestamps);
        for (const { topic, partition, found, fault } of answers) {
          if (found) offsets.get(topic)!.set(partition, found);
          if (fault) faults.get(topic)!.set(partition, fault);
          else faults.get(topic)!.delete(partition);
        }
      }),
    );
  };
  await ask(await cluster.view(topics, VIEW_MAX_AGE_MS), () => true);
  if ([...faults.values()].some(({ size }) => size > 0)) {
    const failed = new Map([...faults].map(([topic, ofTopic]) => [topic, new Set(ofTopic.keys())]));
    await ask(await cluster.view(topics, 0), ({ topic, partition }) => failed.get(topic)!.has(partition));
  }
  return { offsets, faults };
}

function leadersOf(
  view: ClusterView,
  topics: readonly string[],
  isWanted: (target: Target) => boolean,
): { led: Map<number, Target[]>; orphans: Target[] } {
  const led = new Map<number, Target[]>();
  const orphans: Target[] = [];
  for (const topic of topics) {
    const seen = view.topics.get(topic);
    if (!seen) throw new TopicRefused(topic, view.refused.get(topic) ?? 'it is not told of');
    for (const { partition, leader } of seen.partitions) {
      const target = { topic, partition };
      if (!isWanted(target)) continue;
      if (leader === undefined) orphans.push(target);
      else getOrCreate(led, leader, () => []).push(target);
    }
  }
  return { led, orphans };
}

/** Kafka tells nothing of a whole topic. */
export class TopicRefused extends Error {
  override readonly name = 'TopicRefused';
  /** Kafka's name of the reason. */
  readonly type: string;
  /** A topic that has just been made is not known to every broker yet. */
  readonly retriable: boolean;

  constructor(topic: string, type: string) {
    super(`Kafka tells nothing of the topic ${topic}: ${type}`);
    this.type = type;
    this.retriable = !type.endsWith('_AUTHORIZATION_FAILED') && type !== 'INVALID_TOPIC_EXCEPTION';
  }
}

interface Answer extends Target {
  readonly found?: readonly number[];
  readonly fault?: string;
}

async function askLeader(
  cluster: Cluster,
  leader: number,
  broker: Broker,
  targets: readonly Target[],
  timestamps: readonly number[],
): Promise<Answer[]> {
  const name = `its leader, broker ${leader} at ${broker.host}:${broker.port},`;
  const allFail = (fault: string): Answer[] => targets.map((target) => ({ ...target, fault }));
  const asking = (async () => {
    const connection = await cluster.connectionTo(broker);
    return await Promise.all(
      timestamps.map((timestamp) =>
        withFaults(
          listOffsetsV7.api.async(connection, ANY_REPLICA, READ_UNCOMMITTED, requestOf(targets, timestamp)),
        ),
      ),
    );
  })();
  const done = new AbortController();
  const late = sleep(PATIENCE_MS, undefined, { signal: done.signal, ref: false }).catch(() => undefined);
  try {
    const answers = await Promise.race([asking, late]);
    if (!answers) {
      // Nobody waits for it any more.
      asking.catch(() => undefined);
      return allFail(`${name} has not answered within ${PATIENCE_MS / 1_000} s`);
    }
    return gather(targets, answers);
  } catch (error) {
    return allFail(`${name} can't be asked: ${(error as Error).message}`);
  } finally {
    done.abort();
  }
}

function requestOf(targets: readonly Target[], timestamp: number) {
  return [...Map.groupBy(targets, ({ topic }) => topic)].map(([name, ofTopic]) => ({
    name,
    partitions: ofTopic.map(({ partition }) => ({
      partitionIndex: partition,
      currentLeaderEpoch: -1,
      timestamp: BigInt(timestamp),
    })),
  }));
}

function gather(
  targets: readonly Target[],
  answers: readonly ReturnType<typeof listOffsetsV7.parseResponse>[],
): Answer[] {
  const told = answers.map(
    ({ topics }) =>
      new Map(
        topics.flatMap(({ name, partitions }) =>
          partitions.map((partition) => [`${name}/${partition.partitionIndex}`, partition] as const),
        ),
      ),
  );
  return targets.map(({ topic, partition }): Answer => {
    const found = told.map((answer) => answer.get(`${topic}/${partition}`));
    const failed = found.find((each) => each === undefined || each.errorCode !== 0);
    if (found.includes(undefined)) return { topic, partition, fault: 'its leader does not tell of it' };
    if (failed) return { topic, partition, fault: `its leader answers ${nameOfError(failed.errorCode)}` };
    return { topic, partition, found: found.map((each) => Number(each!.offset)) };
  });
}
