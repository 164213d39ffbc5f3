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
  const deliver = createDelivery({
    brokers: brokersOf(client),
    nameOf: (topic) => topicName(topic, settings),
  });
  let last: Promise<void> = Promise.resolve();
  return {
    send: (records) => {
      if (records.length === 0) return last;
      // One after the other, whatever became of the one before: the numbers go up in order.
      last = last.then(
        () => deliver(records),
        () => deliver(records),
      );
      return last;
    },
    close: async () => {
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
        leader: (topic, partition) => found.topics.get(topic)!.partitions[partition]!.leader,
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
