import {
  Base,
  type Broker,
  type Connection,
  createTopicsV7,
  listOffsetsV7,
  metadataV12,
  protocolErrorsCodesById,
  ResponseError,
} from '@platformatic/kafka';
import { type KafkaSettings, platformaticConnection, type TopicAdmin } from '@storepulse/contracts';

/** What a program that writes events needs to know of topics, and to do to them. */
export interface TopicClient extends TopicAdmin {
  /**
   * Whether a topic has never held a record.
   * @throws when a partition of it can't be asked now; the error says whether it is `retriable`
   */
  isEmpty(topic: string): Promise<boolean>;
  /**
   * Next offsets to write of a topic, by partition.
   * @throws when a partition of it can't be asked now; the error says whether it is `retriable`
   */
  ends(topic: string): Promise<ReadonlyMap<number, number>>;
  close(): Promise<void>;
}

const TIMES = { connectTimeout: 3_000, requestTimeout: 10_000 };
const NO_ERROR = 0;
const THERE_ALREADY = 'TOPIC_ALREADY_EXISTS';
const LATEST = -1n;
const ANY_REPLICA = -1;
const READ_UNCOMMITTED = 0;

/** Connects at the first question. Each is one request after another: none overtakes what another has learned. */
export function createTopicClient(settings: KafkaSettings, clientId: string): TopicClient {
  const connection = platformaticConnection(settings);
  const client = new Base({ ...connection, clientId, ...TIMES, retries: 0 });
  const seeds = connection.bootstrapBrokers.map((address): Broker => {
    const colon = address.lastIndexOf(':');
    return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
  });
  const anyone = () => client.connections.getFirstAvailable(seeds);
  const look = async (topics: readonly string[]) => {
    const answer = await whole(
      metadataV12.api.async(await anyone(), [...topics], false, false) as Promise<Metadata>,
    );
    const brokers = new Map(answer.brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]));
    return { ...answer, brokers };
  };

  /** The end of each partition; undefined where nobody serves it. By topic, of those that the cluster knows. */
  const endsOf = async (topics: readonly string[]) => {
    const { topics: found, brokers } = await look(topics);
    const known = found.filter(({ errorCode }) => errorCode === NO_ERROR);
    const ends = new Map(
      known.map(({ name, partitions }) => [
        name!,
        new Array<bigint | undefined>(partitions.length).fill(undefined),
      ]),
    );
    const all = known.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, leaderId }) => ({ name: name!, partitionIndex, leaderId })),
    );
    for (const [leader, led] of Map.groupBy(all, ({ leaderId }) => leaderId)) {
      const broker = brokers.get(leader);
      if (!broker) continue;
      const request = [...Map.groupBy(led, ({ name }) => name)].map(([name, partitions]) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => ({
          partitionIndex,
          currentLeaderEpoch: -1,
          timestamp: LATEST,
        })),
      }));
      const connection = await client.connections.get(broker);
      const answer = await whole(listOffsetsV7.api.async(connection, ANY_REPLICA, READ_UNCOMMITTED, request));
      for (const { name, partitions } of answer.topics) {
        for (const { partitionIndex, offset, errorCode } of partitions)
          if (errorCode === NO_ERROR) ends.get(name)![partitionIndex] = offset;
      }
    }
    return ends;
  };

  return {
    describe: async (topics) =>
      new Map(
        [...(await endsOf(topics))].map(([topic, ends]) => [topic, ends.map((end) => end !== undefined)]),
      ),
    create: async (topics) => {
      const { brokers, controllerId } = await look([]);
      const controller = brokers.get(controllerId);
      const to: Connection = controller ? await client.connections.get(controller) : await anyone();
      const requests = topics.map(({ topic, configEntries, ...layout }) => ({
        name: topic,
        ...layout,
        assignments: [],
        configs: [...configEntries],
      }));
      const { topics: made } = await whole(
        createTopicsV7.api.async(to, requests, TIMES.requestTimeout, false),
      );
      for (const { name, errorCode, errorMessage } of made) {
        const type = nameOf(errorCode);
        if (errorCode !== NO_ERROR && type !== THERE_ALREADY)
          throw new TopicRefused(name, type, errorMessage);
      }
    },
    isEmpty: async (topic) => {
      const ends = (await endsOf([topic])).get(topic) ?? [undefined];
      if (ends.some((end) => end !== undefined && end > 0n)) return false;
      if (ends.includes(undefined)) throw new NotServed(topic);
      return true;
    },
    ends: async (topic) => {
      const ends = (await endsOf([topic])).get(topic) ?? [undefined];
      if (ends.includes(undefined)) throw new NotServed(topic);
      return new Map(ends.map((end, partition) => [partition, Number(end)]));
    },
    close: async () => {
      await client.close();
    },
  };
}

type Metadata = ReturnType<typeof metadataV12.parseResponse>;

/** The whole answer, also where a part of it holds a fault: the client throws it away then. */
async function whole<R>(answer: Promise<R>): Promise<R> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof ResponseError) || error.response === undefined) throw error;
    return error.response as R;
  }
}

const nameOf = (code: number): string =>
  (protocolErrorsCodesById as Readonly<Record<string, string>>)[code] ?? `error ${code}`;

/** Kafka refuses to create a topic. */
class TopicRefused extends Error {
  override readonly name = 'TopicRefused';
  /** Kafka's name of the reason. */
  readonly type: string;

  constructor(topic: string, type: string, message: string | null | undefined) {
    super(`Kafka does not create the topic ${topic}: ${message ?? type} (${type})`);
    this.type = type;
  }
}

/** Partitions of a topic have no leader that serves them, now. */
class NotServed extends Error {
  override readonly name = 'NotServed';
  readonly retriable = true;

  constructor(topic: string) {
    super(`not all partitions of the topic ${topic} have a leader`);
  }
}
