import { setTimeout } from 'node:timers/promises';
import { type Connection, findErrorBy, Producer } from '@platformatic/kafka';
import { type KafkaSettings, platformaticConnection, topicName } from '@storepulse/contracts';
import type { EventSink, OutgoingRecord } from './event-sink.ts';
import { partitionOf } from './partition-of.ts';
import { type PartitionBatch, produce } from './produce.ts';
import { createRecordBatch, type RecordBatch } from './record-batch.ts';

/** A producer with connections to end. */
export interface KafkaProducer extends EventSink {
  close(): Promise<void>;
}

const ATTEMPTS = 5;
const FIRST_WAIT_MS = 200;
const METADATA_MAX_AGE_MS = 5 * 60_000;
/** Sequence numbers go round within 31 bits. */
const SEQUENCES = 2 ** 31;
/** The broker has this batch already: it was stored, and only the answer was lost. */
const STORED_ALREADY = 'DUPLICATE_SEQUENCE_NUMBER';
/** The broker no longer knows where this producer's numbers were. */
const FORGOTTEN = [
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
  'PRODUCER_FENCED',
] as const;

interface Partition {
  readonly topic: string;
  readonly partition: number;
  readonly batch: RecordBatch;
  /** Of the first record that is not stored yet. */
  sequence: number;
}

/**
 * Makes a producer that writes records straight into batches of Kafka's format: acknowledged by all replicas, not
 * compressed, partitioned as all of Kafka's clients do by default. What is sent again after a failure carries the
 * same sequence numbers, so that the broker stores it once.
 */
export function createKafkaProducer(settings: KafkaSettings, clientId: string): KafkaProducer {
  const client = new Producer({
    ...platformaticConnection(settings),
    clientId,
    connectTimeout: 3_000,
    metadataMaxAge: METADATA_MAX_AGE_MS,
    retries: 0,
  });
  let identity: { producerId: bigint; producerEpoch: number } | undefined;
  /** By topic and partition. */
  const known = new Map<string, Partition[]>();
  let leadersUnsure = false;
  /** What was sent and may be stored or not. */
  let unsure: readonly OutgoingRecord[] | undefined;

  const introduce = async () => {
    const { producerId, producerEpoch } = await client.initIdempotentProducer({});
    for (const partitions of known.values()) for (const partition of partitions) partition.sequence = 0;
    return { producerId, producerEpoch };
  };
  const partitionsOf = (topic: string, count: number): readonly Partition[] => {
    const partitions = known.get(topic) ?? [];
    known.set(topic, partitions);
    for (let partition = partitions.length; partition < count; partition++) {
      partitions.push({ topic, partition, batch: createRecordBatch(), sequence: 0 });
    }
    return partitions;
  };
  /** Fills the partitions' batches; answers those that are not empty. */
  const distribute = (
    records: readonly OutgoingRecord[],
    names: ReadonlyMap<string, string>,
    counts: ReadonlyMap<string, number>,
  ): Partition[] => {
    const used = new Set<Partition>();
    const now = Date.now();
    for (const record of records) {
      const topic = names.get(record.topic)!;
      const count = counts.get(topic)!;
      const target = partitionsOf(topic, count)[partitionOf(record.key, count)]!;
      if (!used.has(target)) target.batch.clear();
      used.add(target);
      target.batch.add(record, record.timestamp ?? now);
    }
    return [...used];
  };
  const attempt = async (records: readonly OutgoingRecord[]): Promise<void> => {
    identity ??= await introduce();
    const names = new Map(records.map(({ topic }) => [topic as string, topicName(topic, settings)]));
    const topics = [...names.values()];
    const { topics: found, brokers } = await client.metadata({ topics, forceUpdate: leadersUnsure });
    leadersUnsure = false;
    const counts = new Map([...found].map(([topic, { partitionsCount }]) => [topic, partitionsCount]));
    const filled = distribute(records, names, counts);
    const leaderOf = ({ topic, partition }: Partition) => found.get(topic)!.partitions[partition]!.leader;
    const requests = [...Map.groupBy(filled, leaderOf)].map(async ([leader, led]) => {
      const connection = await client.connections.get(brokers.get(leader)!);
      const encoded = led.map(({ topic, partition, batch, sequence }) => ({
        topic,
        partition,
        bytes: batch.encode({ ...identity!, sequence }),
      }));
      await store(connection, encoded);
    });
    // The buffers are used again: not before all requests have ended.
    const failed = (await Promise.allSettled(requests)).find(({ status }) => status === 'rejected');
    if (failed) throw (failed as PromiseRejectedResult).reason;
    for (const partition of filled) {
      partition.sequence = (partition.sequence + partition.batch.count) % SEQUENCES;
    }
  };
  const sendNow = async (records: readonly OutgoingRecord[]): Promise<void> => {
    // Other records must not pass for those that may be stored already.
    if (unsure !== undefined && unsure !== records) identity = undefined;
    unsure = records;
    for (let count = 1; ; count++) {
      try {
        await attempt(records);
        unsure = undefined;
        return;
      } catch (error) {
        const { forgotten, final } = judge(error as Error);
        if (final || count === ATTEMPTS) throw error;
        leadersUnsure = true;
        if (forgotten) identity = undefined;
        await setTimeout(FIRST_WAIT_MS * count);
      }
    }
  };

  let last: Promise<void> = Promise.resolve();
  return {
    send: (records) => {
      if (records.length === 0) return last;
      // One after the other, whatever became of the one before: the numbers go up in order.
      last = last.then(
        () => sendNow(records),
        () => sendNow(records),
      );
      return last;
    },
    close: async () => {
      await client.close();
    },
  };
}

/** What a failure means for the next attempt. */
function judge(error: Error): { readonly forgotten: boolean; readonly final: boolean } {
  const forgotten = FORGOTTEN.some((apiId) => findErrorBy(error, 'apiId', apiId));
  return { forgotten, final: !forgotten && findErrorBy(error, 'canRetry', false) !== null };
}

async function store(connection: Connection, batches: readonly PartitionBatch[]): Promise<void> {
  try {
    await produce.async(connection, batches);
  } catch (error) {
    const errors = (error as { errors?: readonly { apiId?: string }[] }).errors ?? [];
    const stored = errors.length > 0 && errors.every(({ apiId }) => apiId === STORED_ALREADY);
    if (!stored) throw error;
  }
}
