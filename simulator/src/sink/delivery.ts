import { setTimeout } from 'node:timers/promises';
import { crc32c, findErrorBy } from '@platformatic/kafka';
import { partitionOf } from '@storepulse/contracts';
import { createRecordBatch, type RecordBatch } from '@storepulse/contracts/record-batch';
import type { OutgoingRecord } from './event-sink.ts';
import type { PartitionBatch } from './produce.ts';

/** By what a broker knows a producer again. */
export interface ProducerIdentity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

/** Where the partitions of topics are. */
export interface Layout {
  /** Partitions of a topic, by its full name. */
  partitions(topic: string): number;
  /** The broker that leads a partition; undefined while none does. */
  leader(topic: string, partition: number): number | undefined;
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
  /** How many records may be held back. @default 100,000 */
  readonly mostHeld?: number;
  /** Wait before the second attempt; each one after it waits that much longer. @default 200 */
  readonly firstWaitMs?: number;
}

/** Hands records over to the brokers. One call at a time. */
export interface Delivery {
  /**
   * Stores records, but for those of a partition that has no leader: these are held back, in their order, until it has
   * one again. After a rejection, the same records may be handed over again.
   */
  deliver(records: readonly OutgoingRecord[]): Promise<void>;
  /**
   * Stores what is held back.
   * @throws while one of these partitions has no leader, and while records that were rejected may be handed over again
   */
  settle(): Promise<void>;
  /** Records that are held back. */
  readonly held: number;
}

/** Whatever else is stored relies on these: what a shop is, and what the truth about its events is. */
const FIRST: ReadonlySet<OutgoingRecord['topic']> = new Set(['shops', 'sim-ledger']);
const MOST_HELD = 100_000;
/** Records that are sent at once to a partition that has a leader again. */
const HELD_AT_ONCE = 1_000;
/** How often it is asked whether partitions have leaders again, in ms. */
const LOOK_EVERY_MS = 500;
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
  /** Whether its records may be held back. */
  readonly isPatient: boolean;
  /** The full name. */
  readonly topic: string;
  readonly partition: number;
  readonly batch: RecordBatch;
  /** Undefined: it is sent under a new one. */
  identity: ProducerIdentity | undefined;
  /** Of the first record that is not stored yet. */
  sequence: number;
  /** What comes behind the batch, while it is held back. */
  behind: Required<OutgoingRecord>[];
}

/** Records that are on their way. */
interface Shipment {
  readonly records: readonly OutgoingRecord[];
  /** Partitions whose batch is not known to be stored. */
  readonly waiting: Set<Partition>;
}

/**
 * Makes what stores records, each once: what is sent again after a failure carries the same sequence numbers, and only
 * batches are sent again of which it is not known that they are stored. A partition on which the broker no longer knows
 * the producer goes on under a new identity; the others keep theirs, so that their batches are still recognised. A
 * partition that has no leader keeps none of the others waiting.
 */
export function createDelivery({
  brokers,
  nameOf,
  mostHeld = MOST_HELD,
  firstWaitMs = FIRST_WAIT_MS,
}: DeliveryOptions): Delivery {
  /** By topic and partition. */
  const known = new Map<string, Partition[]>();
  /** Partitions without a leader that have records. */
  const held = new Set<Partition>();
  let identity: ProducerIdentity | undefined;
  let leadersUnsure = false;
  let lookedAt = 0;
  let shipment: Shipment | undefined;

  const heldRecords = () => {
    let records = 0;
    for (const { batch, behind } of held) records += batch.count + behind.length;
    return records;
  };
  const partitionsOf = (topic: OutgoingRecord['topic'], count: number): readonly Partition[] => {
    const name = nameOf(topic);
    const partitions = known.get(name) ?? [];
    known.set(name, partitions);
    for (let partition = partitions.length; partition < count; partition++) {
      partitions.push({
        ...{ isPatient: !FIRST.has(topic), topic: name, partition, batch: createRecordBatch(crc32c) },
        ...{ identity: undefined, sequence: 0, behind: [] },
      });
    }
    return partitions;
  };
  /** Fills the partitions' batches; answers those that are not empty. */
  const distribute = (records: readonly OutgoingRecord[], layout: Layout): Set<Partition> => {
    const used = new Set<Partition>();
    const now = Date.now();
    for (const record of records) {
      const count = layout.partitions(nameOf(record.topic));
      const target = partitionsOf(record.topic, count)[partitionOf(record.key, count)]!;
      const timestamp = record.timestamp ?? now;
      if (held.has(target)) {
        target.behind.push({ ...record, timestamp });
        continue;
      }
      if (!used.has(target)) target.batch.clear();
      used.add(target);
      target.batch.add(record, timestamp);
    }
    return used;
  };
  const forget = (partition: Partition) => {
    if (partition.identity === identity) identity = undefined;
    partition.identity = undefined;
  };
  /** Fills the batch of a partition that was held back with what comes behind it. */
  const refill = (partition: Partition) => {
    partition.batch.clear();
    for (const record of partition.behind.splice(0, HELD_AT_ONCE))
      partition.batch.add(record, record.timestamp);
    if (partition.batch.count === 0) held.delete(partition);
  };
  /** Takes a broker's answer; the error is what keeps the batch from being stored. */
  const settleBatch = (partition: Partition, { error }: PartitionOutcome): PartitionOutcome['error'] => {
    if (error !== null && error.apiId !== STORED_ALREADY) {
      if (isForgotten(error)) forget(partition);
      return error;
    }
    partition.sequence = (partition.sequence + partition.batch.count) % SEQUENCES;
    if (held.has(partition)) refill(partition);
    else shipment!.waiting.delete(partition);
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
      return outcome ? settleBatch(partition, outcome) : new Error(`no answer for ${partition.topic}`);
    });
    const failed = errors.find((error) => error !== null);
    if (failed) throw failed;
  };
  const layoutFor = async (records: readonly OutgoingRecord[]): Promise<Layout> => {
    const topics = new Set(records.map(({ topic }) => nameOf(topic)));
    for (const { topic } of held) topics.add(topic);
    const refresh = leadersUnsure || (held.size > 0 && Date.now() - lookedAt > LOOK_EVERY_MS);
    const layout = await brokers.layout([...topics], refresh);
    if (refresh) lookedAt = Date.now();
    leadersUnsure = false;
    return layout;
  };
  /** Stores what is to be stored and has a leader. */
  const attempt = async (records: readonly OutgoingRecord[]): Promise<void> => {
    const layout = await layoutFor(records);
    shipment ??= { records, waiting: distribute(records, layout) };
    const leaderOf = ({ topic, partition }: Partition) => layout.leader(topic, partition);
    for (const partition of shipment.waiting) {
      if (leaderOf(partition) !== undefined || !partition.isPatient) continue;
      held.add(partition);
      shipment.waiting.delete(partition);
    }
    const all = [...shipment.waiting, ...held];
    const led = all.filter((partition) => leaderOf(partition) !== undefined);
    for (const partition of led) {
      if (partition.identity) continue;
      identity ??= await brokers.introduce();
      Object.assign(partition, { identity, sequence: 0 });
    }
    // The buffers are used again: not before all requests have ended.
    const ended = await Promise.allSettled(
      [...Map.groupBy(led, leaderOf)].map(([leader, ofLeader]) => storeOn(leader!, ofLeader)),
    );
    const failed = ended.find(({ status }) => status === 'rejected');
    if (failed) throw (failed as PromiseRejectedResult).reason;
    const [orphan] = shipment.waiting;
    if (orphan) throw new NoLeader(orphan);
  };
  /** Tries again while that may help. */
  const persist = async (store: () => Promise<void>): Promise<void> => {
    for (let count = 1; ; count++) {
      try {
        return await store();
      } catch (error) {
        if (isFinal(error as Error) || count === ATTEMPTS) throw error;
        leadersUnsure = true;
        await setTimeout(firstWaitMs * count);
      }
    }
  };
  /** Stores what is held back, in portions. */
  const settle = () =>
    persist(async () => {
      while (held.size > 0) {
        const before = heldRecords();
        await attempt([]).finally(() => {
          shipment = undefined;
        });
        if (heldRecords() === before) throw new NoLeader([...held][0]!);
      }
    });

  return {
    get held() {
      return heldRecords();
    },
    deliver: async (records) => {
      if (shipment !== undefined && shipment.records !== records) {
        // Other records must not pass for those that may be stored already.
        for (const partition of shipment.waiting) forget(partition);
        shipment = undefined;
      }
      if (shipment === undefined && heldRecords() + records.length > mostHeld) await settle();
      await persist(() => attempt(records));
      shipment = undefined;
    },
    settle: async () => {
      if (held.size === 0) return;
      if (shipment !== undefined) throw new Error('records are on their way: hand them over again first');
      await settle();
    },
  };
}

/** A partition that has no leader now. */
class NoLeader extends Error {
  override readonly name = 'NoLeader';

  constructor({ topic, partition }: Pick<Partition, 'topic' | 'partition'>) {
    super(`partition ${partition} of ${topic} has no leader`);
  }
}

const isForgotten = (error: Error) => FORGOTTEN.some((apiId) => findErrorBy(error, 'apiId', apiId));

/** Whether trying again can't help. */
const isFinal = (error: Error) => !isForgotten(error) && findErrorBy(error, 'canRetry', false) !== null;
