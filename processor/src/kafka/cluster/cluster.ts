import {
  Base,
  type Broker,
  type Connection,
  metadataV12,
  protocolErrorsCodesById,
} from '@platformatic/kafka';
import { type KafkaSettings, platformaticConnection } from '@storepulse/contracts';
import { withFaults } from './with-faults.ts';

/** Who leads a partition. */
export interface PartitionView {
  readonly partition: number;
  /** The `node.id`; undefined while none of its replicas can lead. */
  readonly leader: number | undefined;
  /** Raised by Kafka with every new leader. */
  readonly leaderEpoch: number;
}

/** A topic as the cluster knows it. */
export interface TopicView {
  /** Of this creation of the topic, as a UUID: made anew, a topic has another. */
  readonly id: string;
  /** By number. */
  readonly partitions: readonly PartitionView[];
}

/** A partition of a topic by its number; undefined: it is not told of. It looks at its place first: topics may have thousands. */
export function partitionAt({ partitions }: TopicView, partition: number): PartitionView | undefined {
  const found = partitions[partition];
  return found?.partition === partition ? found : partitions.find((each) => each.partition === partition);
}

/** What a broker has told of the cluster. */
export interface ClusterView {
  /** When it was asked, epoch ms. */
  readonly at: number;
  /** By `node.id`, those that serve. */
  readonly brokers: ReadonlyMap<number, Broker>;
  /** A broker that takes what only a controller may do. */
  readonly controller: Broker | undefined;
  /** By full name. */
  readonly topics: ReadonlyMap<string, TopicView>;
  /** Topics that can't be told of, with Kafka's name of the reason, such as `UNKNOWN_TOPIC_OR_PARTITION`. */
  readonly refused: ReadonlyMap<string, string>;
}

/** The one way on which this process learns who leads what. */
export interface Cluster {
  /**
   * The cluster with these topics. Many that ask at the same time cause one request.
   * @param maxAgeMs a view that is older is not good enough; 0 asks anew. @default five minutes
   * @throws the client's error when no broker answers
   */
  view(topics: readonly string[], maxAgeMs?: number): Promise<ClusterView>;
  /** A connection to a broker, kept for the next time. */
  connectionTo(broker: Broker): Promise<Connection>;
  /** Asks one broker after the other until one answers. @throws the last one's error */
  askAnyone<R>(ask: (connection: Connection) => Promise<R>): Promise<R>;
  close(): Promise<void>;
}

const MAX_AGE_MS = 5 * 60_000;
/** These requests take a healthy broker milliseconds. */
const TIMES = { connectTimeout: 3_000, requestTimeout: 5_000 };

/** Connects at the first question. */
export function createCluster(settings: KafkaSettings, clientId: string): Cluster {
  const connection = platformaticConnection(settings);
  const client = new Base({ ...connection, clientId, ...TIMES, retries: 0 });
  const seeds = connection.bootstrapBrokers.map((address): Broker => {
    const colon = address.lastIndexOf(':');
    return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
  });
  /** All that were ever asked for: one request tells of all. */
  const wanted = new Set<string>();
  let known: ClusterView | undefined;
  let running: Promise<ClusterView> | undefined;
  /** The place in the list of brokers at which asking begins: behind one that failed. */
  let first = 0;

  const askAnyone: Cluster['askAnyone'] = async (ask) => {
    const brokers = [...seeds, ...(known?.brokers.values() ?? [])];
    for (let tried = 1; ; tried++) {
      try {
        return await ask(await client.connections.get(brokers[first % brokers.length]!));
      } catch (error) {
        first++;
        if (tried >= brokers.length) throw error;
      }
    }
  };
  const look = async (): Promise<ClusterView> => {
    const at = Date.now();
    const topics = [...wanted];
    const answer = await askAnyone((from) =>
      withFaults(metadataV12.api.async(from, topics, false, false) as Promise<Metadata>),
    );
    known = viewOf(answer, at);
    return known;
  };
  const isGood = (topics: readonly string[], maxAgeMs: number): boolean =>
    known !== undefined &&
    Date.now() - known.at <= maxAgeMs &&
    topics.every((topic) => known!.topics.has(topic) || known!.refused.has(topic));

  return {
    view: async (topics, maxAgeMs = MAX_AGE_MS) => {
      for (const topic of topics) wanted.add(topic);
      if (isGood(topics, maxAgeMs)) return known!;
      // What is under way may have begun without these topics.
      await running?.catch(() => undefined);
      if (isGood(topics, maxAgeMs)) return known!;
      running ??= look().finally(() => {
        running = undefined;
      });
      return await running;
    },
    connectionTo: (broker) => client.connections.get(broker),
    askAnyone,
    close: async () => {
      await client.close();
    },
  };
}

type Metadata = ReturnType<typeof metadataV12.parseResponse>;

function viewOf({ brokers, controllerId, topics }: Metadata, at: number): ClusterView {
  const serving = new Map(brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]));
  const told = topics.filter(({ errorCode }) => errorCode === 0);
  return {
    at,
    brokers: serving,
    controller: serving.get(controllerId),
    topics: new Map(
      told.map(({ name, topicId, partitions }) => [
        name!,
        {
          id: topicId,
          partitions: partitions
            .map(({ partitionIndex, leaderId, leaderEpoch }) => ({
              partition: partitionIndex,
              leader: serving.has(leaderId) ? leaderId : undefined,
              leaderEpoch,
            }))
            .sort((a, b) => a.partition - b.partition),
        },
      ]),
    ),
    refused: new Map(
      topics.flatMap(({ name, errorCode }) => (errorCode === 0 ? [] : [[name!, nameOfError(errorCode)]])),
    ),
  };
}

/** Kafka's name of an error code. */
export const nameOfError = (code: number): string =>
  (protocolErrorsCodesById as Readonly<Record<string, string>>)[code] ?? `error ${code}`;
