import { createAPI, ProduceAcks, produceV9, Writer } from '@platformatic/kafka';

/** A batch of one partition, in Kafka's format. */
export interface PartitionBatch {
  /** The topic's full name. */
  readonly topic: string;
  readonly partition: number;
  readonly bytes: Buffer;
}

const PRODUCE = 0;
/** Brokers from 2.4 on know it, 4.x included. */
const VERSION = 9;
/** How long the broker waits for its followers, in ms. */
const TIMEOUT_MS = 10_000;

/**
 * The request that stores batches on the broker that leads their partitions, acknowledged by all replicas. The
 * client's own one takes a list of messages and encodes them one object at a time; this one takes encoded batches.
 */
export const produce = createAPI<[readonly PartitionBatch[]], produceV9.ProduceResponse>(
  PRODUCE,
  VERSION,
  createRequest,
  produceV9.parseResponse,
);

function createRequest(batches: readonly PartitionBatch[]): Writer {
  const byTopic = [...Map.groupBy(batches, ({ topic }) => topic)];
  return Writer.create()
    .appendString(null)
    .appendInt16(ProduceAcks.ALL)
    .appendInt32(TIMEOUT_MS)
    .appendArray(byTopic, (topics, [topic, ofTopic]) => {
      topics.appendString(topic).appendArray(ofTopic, (partitions, { partition, bytes }) => {
        partitions
          .appendInt32(partition)
          .appendUnsignedVarInt(bytes.length + 1)
          .append(bytes);
      });
    })
    .appendTaggedFields();
}
