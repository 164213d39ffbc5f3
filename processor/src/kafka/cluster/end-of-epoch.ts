import { type Broker, offsetForLeaderEpochV4 } from '@platformatic/kafka';
import { getOrCreate } from '../../get-or-create.ts';
import type { EndOfEpoch } from '../port.ts';
import { type Cluster, nameOfError, partitionAt } from './cluster.ts';
import { withFaults } from './with-faults.ts';

const ANY_REPLICA = -1;
const ANY_LEADER = -1;
/** The answer of a log that has no epoch as late as the one that was asked for. */
const UNKNOWN = -1;

/** A partition of a topic, by its full name, and the epoch whose end is asked for. */
export interface AskedEpoch {
  readonly topic: string;
  readonly partition: number;
  readonly epoch: number;
}

/** What a leader answers for a partition. */
interface Answer {
  readonly errorCode: number;
  readonly leaderEpoch: number;
  readonly endOffset: bigint;
}

/** Asks a broker for partitions that it leads, each once. @returns the answers by `topic/partition` */
type AskBroker = (broker: Broker, asked: readonly AskedEpoch[]) => Promise<ReadonlyMap<string, Answer>>;

interface Waiting extends AskedEpoch {
  readonly resolve: (end: EndOfEpoch) => void;
  readonly reject: (error: unknown) => void;
}

const nameOf = ({ topic, partition }: Pick<AskedEpoch, 'topic' | 'partition'>) => `${topic}/${partition}`;

/**
 * Where a partition's records of an epoch end, or those of the last epoch before it that the log has: what was read
 * behind that is not in the log any more. Of each leader it is asked once for all partitions that are asked for in one turn: tasks
 * are claimed together, by the hundred.
 * @param ask asks one broker. @default over the cluster's connections
 * @returns the question, which throws while the partition has no leader, or its leader does not answer
 */
export function createEndOfEpoch(
  cluster: Pick<Cluster, 'view' | 'connectionTo'>,
  ask: AskBroker = askThrough(cluster),
): (asked: AskedEpoch) => Promise<EndOfEpoch> {
  let waiting: Waiting[] = [];

  const askLeader = async (broker: Broker, ofLeader: readonly Waiting[]) => {
    try {
      const answers = await ask(broker, ofLeader);
      for (const each of ofLeader) settle(each, answers.get(nameOf(each)));
    } catch (error) {
      for (const { reject } of ofLeader) reject(error);
    }
  };
  const askAll = async (all: readonly Waiting[]): Promise<void> => {
    /** An answer has one end for each partition. */
    const firsts = new Map<string, Waiting>();
    const others = all.filter((each) => getOrCreate(firsts, nameOf(each), () => each) !== each);
    try {
      const view = await cluster.view([...new Set(all.map(({ topic }) => topic))], 0);
      const byBroker = new Map<Broker, Waiting[]>();
      for (const each of firsts.values()) {
        const { topic, partition } = each;
        const seen = view.topics.get(topic);
        const leader = seen && partitionAt(seen, partition)?.leader;
        const broker = leader === undefined ? undefined : view.brokers.get(leader);
        if (broker) getOrCreate(byBroker, broker, () => []).push(each);
        else each.reject(new Error(`partition ${partition} of ${topic} has no leader now`));
      }
      await Promise.all([...byBroker].map(([broker, ofLeader]) => askLeader(broker, ofLeader)));
    } catch (error) {
      for (const { reject } of firsts.values()) reject(error);
    }
    if (others.length > 0) await askAll(others);
  };
  const begin = () => {
    const all = waiting;
    waiting = [];
    void askAll(all);
  };

  return (asked) =>
    new Promise((resolve, reject) => {
      waiting.push({ ...asked, resolve, reject });
      if (waiting.length === 1) setImmediate(begin);
    });
}

function settle({ topic, partition, epoch, resolve, reject }: Waiting, answer: Answer | undefined): void {
  if (answer?.errorCode !== 0) {
    const reason = answer ? nameOfError(answer.errorCode) : 'its leader does not tell of it';
    const what = `where epoch ${epoch} of partition ${partition} of ${topic} ends`;
    reject(new Error(`Kafka does not tell ${what}: ${reason}`));
  } else {
    const { leaderEpoch, endOffset } = answer;
    // It never had this epoch: none of its records is known to be one that was read.
    resolve(leaderEpoch === UNKNOWN ? { epoch: 0, end: 0 } : { epoch: leaderEpoch, end: Number(endOffset) });
  }
}

function askThrough(cluster: Pick<Cluster, 'connectionTo'>): AskBroker {
  return async (broker, asked) => {
    const request = [...Map.groupBy(asked, ({ topic }) => topic)].map(([name, ofTopic]) => ({
      name,
      partitions: ofTopic.map(({ partition, epoch }) => ({
        partitionIndex: partition,
        currentLeaderEpoch: ANY_LEADER,
        leaderEpoch: epoch,
      })),
    }));
    const connection = await cluster.connectionTo(broker);
    const { topics } = await withFaults(offsetForLeaderEpochV4.api.async(connection, ANY_REPLICA, request));
    const answers = topics.flatMap(({ topic, partitions }) =>
      partitions.map((answer) => [nameOf({ topic, partition: answer.partition }), answer] as const),
    );
    return new Map(answers);
  };
}
