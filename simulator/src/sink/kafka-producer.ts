import { Producer, ProtocolError, type produceV9, ResponseError } from '@platformatic/kafka';
import { type KafkaSettings, platformaticConnection, topicName } from '@storepulse/contracts';
import { type Brokers, createDelivery, type PartitionOutcome } from './delivery.ts';
import type { EventSink } from './event-sink.ts';
import { produce } from './produce.ts';

/** A producer with connections to end. */
export interface KafkaProducer extends EventSink {
  close(): Promise<void>;
}

/** A broker may wait 10 s for its followers; one that has not answered by now counts as gone. */
const REQUEST_TIMEOUT_MS = 12_000;
/** How often it is tried to store what is held back, in ms. */
const HELD_WAIT_MS = 1_000;
const METADATA_MAX_AGE_MS = 5 * 60_000;

/**
 * Makes a producer that writes records straight into batches of Kafka's format: acknowledged by all replicas, not
 * compressed, partitioned as all of Kafka's clients do by default. What is sent again after a failure is stored once.
 */
export function createKafkaProducer(settings: KafkaSettings, clientId: string): KafkaProducer {
  const client = new Producer({
    ...platformaticConnection(settings),
    clientId,
    connectTimeout: 3_000,
    requestTimeout: REQUEST_TIMEOUT_MS,
    metadataMaxAge: METADATA_MAX_AGE_MS,
    retries: 0,
  });
  const delivery = createDelivery({
    brokers: brokersOf(client),
    nameOf: (topic) => topicName(topic, settings),
  });
  let last: Promise<void> = Promise.resolve();
  let later: NodeJS.Timeout | undefined;
  /** One after the other, whatever became of the one before: the numbers go up in order. */
  const inTurn = (act: () => Promise<void>): Promise<void> => {
    last = last.then(act, act);
    return last;
  };
  /** What is held back is not to wait for further records. */
  const storeLater = () => {
    if (delivery.held === 0 || later) return;
    later = setTimeout(() => {
      later = undefined;
      void inTurn(delivery.settle)
        .catch(() => undefined)
        .then(storeLater);
    }, HELD_WAIT_MS).unref();
  };
  return {
    send: (records) =>
      records.length === 0 ? last : inTurn(() => delivery.deliver(records).finally(storeLater)),
    settle: () => inTurn(delivery.settle),
    close: async () => {
      clearTimeout(later);
      await client.close();
    },
  };
}

function brokersOf(client: Producer<Buffer, Buffer, Buffer, Buffer>): Brokers {
  let addresses: Awaited<ReturnType<typeof client.metadata>>['brokers'] = new Map();
  return {
    introduce: async () => {
      const { producerId, producerEpoch } = await client.initIdempotentProducer({});
      return { producerId, producerEpoch };
    },
    layout: async (topics, refresh) => {
      const found = await client.metadata({ topics: [...topics], forceUpdate: refresh });
      addresses = found.brokers;
      return {
        partitions: (topic) => found.topics.get(topic)!.partitionsCount,
        leader: (topic, partition) => {
          const { leader } = found.topics.get(topic)!.partitions[partition]!;
          return found.brokers.has(leader) ? leader : undefined;
        },
      };
    },
    store: async (leader, batches) => {
      const connection = await client.connections.get(addresses.get(leader)!);
      try {
        await produce.async(connection, batches);
        return batches.map(({ topic, partition }) => ({ topic, partition, error: null }));
      } catch (error) {
        if (!(error instanceof ResponseError)) throw error;
        return outcomesOf(error);
      }
    },
  };
}

/** A broker's answer when it has not stored all batches of a request: each has an outcome of its own. */
function outcomesOf(failure: ResponseError): PartitionOutcome[] {
  const { responses } = (failure as unknown as { readonly response: produceV9.ProduceResponse }).response;
  return responses.flatMap(({ name, partitionResponses }) =>
    partitionResponses.map(({ index, errorCode, errorMessage }) => ({
      topic: name,
      partition: index,
      error: errorCode === 0 ? null : new ProtocolError(errorCode, errorMessage),
    })),
  );
}
