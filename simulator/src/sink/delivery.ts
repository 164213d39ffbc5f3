import { setTimeout } from 'node:timers/promises';
import { findErrorBy } from '@platformatic/kafka';
import { partitionOf } from '@storepulse/contracts';
import type { OutgoingRecord } from './event-sink.ts';
import type { PartitionBatch } from './produce.ts';
import { createRecordBatch, type RecordBatch } from './record-batch.ts';

/** By what a broker knows a producer again. */
export interface ProducerIdentity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

/** Where the partitions of topics are. */
export interface Layout {
  /** Partitions of a topic, by its full name. */
  partitions(topic: string): number;
  /** The broker that leads a partition. */
  leader(topic: string, partition: number): number;
}

/** What a broker answered for one partition. */
export interface PartitionOutcome {
  readonly topic: string;
  readonly partition: number;
  /** Null: stored. */
  readonly error: (Error & { readonly apiId?: string }) | null;
}

/** The brokers, as sending needs them. */
export interface Brokers {
  /** Asks for an identity that no producer has had. */
  introduce(): Promise<ProducerIdentity>;
  /** @param refresh ask the brokers, although the last answer may be recent */
  layout(topics: readonly string[], refresh: boolean): Promise<Layout>;
  /** Stores batches on the broker that leads them. Rejects when it is not known what became of them. */
  store(leader: number, batches: readonly PartitionBatch[]): Promise<readonly PartitionOutcome[]>;
}

/** What delivering needs besides. */
export interface DeliveryOptions {
  readonly brokers: Brokers;
  /** The full name of a record's topic. */
  readonly nameOf: (topic: OutgoingRecord['topic']) => string;
  /** Wait before the second attempt; each one after it waits that much longer. @default 200 */
  readonly firstWaitMs?: number;
}

const ATTEMPTS = 5;
const FIRST_WAIT_MS = 200;
/** Sequence numbers go round within 31 bits. */
const SEQUENCES = 2 ** 31;
/** The broker has this batch already: it was stored, and only the answer was lost. */
const STORED_ALREADY = 'DUPLICATE_SEQUENCE_NUMBER';
/** The broker no longer knows where this producer's numbers were on this partition. */
const FORGOTTEN: readonly string[] = [
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
  'PRODUCER_FENCED',
];

interface Partition {
  readonly topic: string;
  readonly partition: number;
  readonly batch: RecordBatch;
  /** Undefined: it is sent under a new one. */
  identity: ProducerIdentity | undefined;
  /** Of the first record that is not stored yet. */
  sequence: number;
}

/** Records that are on their way. */
interface Delivery {
  readonly records: readonly OutgoingRecord[];
  /** Partitions whose batch is not known to be stored. */
  readonly waiting: Set<Partition>;
}

/**
 * Makes a function that stores records, each once: what is sent again after a failure carries the same sequence
 * numbers, and only batches are sent again of which it is not known that they are stored. A partition on which the
 * broker no longer knows the producer goes on under a new identity; the others keep theirs, so that their batches are
 * still recognised. One call at a time. After a rejection, the same records may be handed over again.
 */
export function createDelivery({ brokers, nameOf, firstWaitMs = FIRST_WAIT_MS }: DeliveryOptions) {
  /** By topic and partition. */
  const known = new Map<string, Partition[]>();
  let identity: ProducerIdentity | undefined;
  let leadersUnsure = false;
  let delivery: Delivery | undefined;

  const partitionsOf = (topic: string, count: number): readonly Partition[] => {
    const partitions = known.get(topic) ?? [];
    known.set(topic, partitions);
    for (let partition = partitions.length; partition < count; partition++) {
      partitions.push({ topic, partition, batch: createRecordBatch(), identity: undefined, sequence: 0 });
    }
    return partitions;
  };
  /** Fills the partitions' batches; answers those that are not empty. */
  const distribute = (records: readonly OutgoingRecord[], layout: Layout): Set<Partition> => {
    const used = new Set<Partition>();
    const now = Date.now();
    for (const record of records) {
      const topic = nameOf(record.topic);
      const count = layout.partitions(topic);
      const target = partitionsOf(topic, count)[partitionOf(record.key, count)]!;
      if (!used.has(target)) target.batch.clear();
      used.add(target);
      target.batch.add(record, record.timestamp ?? now);
    }
    return used;
  };
  const forget = (partition: Partition) => {
    if (partition.identity === identity) identity = undefined;
    partition.identity = undefined;
  };
  /** Takes a broker's answer; the error is what keeps the batch from being stored. */
  const settle = (partition: Partition, { error }: PartitionOutcome): PartitionOutcome['error'] => {
    if (error !== null && error.apiId !== STORED_ALREADY) {
      if (isForgotten(error)) forget(partition);
      return error;
    }
    partition.sequence = (partition.sequence + partition.batch.count) % SEQUENCES;
    delivery!.waiting.delete(partition);
    return null;
  };
  const storeOn = async (leader: number, led: readonly Partition[]): Promise<void> => {
    const encoded = led.map(({ topic, partition, batch, identity, sequence }) => ({
      ...{ topic, partition },
      bytes: batch.encode({ ...identity!, sequence }),
    }));
    const outcomes = await brokers.store(leader, encoded);
    const errors = led.map((partition) => {
      const outcome = outcomes.find(
        (candidate) => candidate.topic === partition.topic && candidate.partition === partition.partition,
      );
      return outcome ? settle(partition, outcome) : new Error(`no answer for ${partition.topic}`);
    });
    const failed = errors.find((error) => error !== null);
    if (failed) throw failed;
  };
  const attempt = async (records: readonly OutgoingRecord[]): Promise<void> => {
    const topics = [...new Set(records.map(({ topic }) => nameOf(topic)))];
    const layout = await brokers.layout(topics, leadersUnsure);
    leadersUnsure = false;
    delivery ??= { records, waiting: distribute(records, layout) };
    for (const partition of delivery.waiting) {
      if (partition.identity) continue;
      identity ??= await brokers.introduce();
      Object.assign(partition, { identity, sequence: 0 });
    }
    const byLeader = Map.groupBy(delivery.waiting, ({ topic, partition }) => layout.leader(topic, partition));
    // The buffers are used again: not before all requests have ended.
    const ended = await Promise.allSettled([...byLeader].map(([leader, led]) => storeOn(leader, led)));
    const failed = ended.find(({ status }) => status === 'rejected');
    if (failed) throw (failed as PromiseRejectedResult).reason;
  };

  return async (records: readonly OutgoingRecord[]): Promise<void> => {
    if (delivery !== undefined && delivery.records !== records) {
      // Other records must not pass for those that may be stored already.
      for (const partition of delivery.waiting) forget(partition);
      delivery = undefined;
    }
    for (let count = 1; ; count++) {
      try {
        await attempt(records);
        delivery = undefined;
        return;
      } catch (error) {
        if (isFinal(error as Error) || count === ATTEMPTS) throw error;
        leadersUnsure = true;
        await setTimeout(firstWaitMs * count);
      }
    }
  };
}

const isForgotten = (error: Error) => FORGOTTEN.some((apiId) => findErrorBy(error, 'apiId', apiId));

/** Whether trying again can't help. */
const isFinal = (error: Error) => !isForgotten(error) && findErrorBy(error, 'canRetry', false) !== null;
