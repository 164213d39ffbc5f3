import { partitionOf, type TopicName } from '@storepulse/contracts';
import type { OutgoingRecord, Sender, SendOutcome } from './port.ts';

/** A record with its place. */
export interface PlacedRecord extends OutgoingRecord {
  readonly partition: number;
}

/** The requests that a sender makes. */
export interface Producer {
  /** How many partitions a topic has. @throws while the cluster does not tell */
  partitions(topic: TopicName): Promise<number>;
  /** Stores records, acknowledged by all replicas. @throws when it is not known of each of them that it is stored */
  produce(records: readonly PlacedRecord[]): Promise<void>;
  /** Whether an error says that a record or a batch is larger than its topic takes. */
  isTooLarge(error: unknown): boolean;
  close(): Promise<void>;
}

/** Bounds of one request: below the 1 MiB that a broker takes by default, headers included. */
const MOST_BYTES = 700_000;
/** About what key, headers and framing add to a value. */
const OVERHEAD_BYTES = 400;
/** So long a partition that has failed is sent to alone, ms. */
const SUSPECT_MS = 5_000;

interface Waiting {
  readonly record: OutgoingRecord;
  readonly settle: (outcome: SendOutcome) => void;
}
type Placed = Waiting & { readonly placed: PlacedRecord };

/**
 * Stores what requests hand over, gathered: while one request to Kafka is under way, the records of the next one gather.
 * When a request fails, its partitions are suspects: each is sent to alone, so that a partition that can't be written
 * fails its own records and no others.
 * @param now clock, ms
 * @param onFailure told of each failed request
 */
export function createSender(
  producer: Producer,
  { now, onFailure }: { now: () => number; onFailure: (error: unknown) => void },
): Sender {
  let waiting: Waiting[] = [];
  let running: Promise<void> | undefined;
  let trouble: { readonly message: string; readonly at: number } | undefined;
  /** Partitions that have failed, and until when they are sent to alone. */
  const suspects = new Map<string, number>();

  const failed = (error: unknown) => {
    trouble = { message: (error as Error).message, at: now() };
    onFailure(error);
  };
  const settleAll = (records: readonly Waiting[], outcome: SendOutcome) => {
    if (outcome === 'stored') trouble = undefined;
    for (const { settle } of records) settle(outcome);
  };
  const isSuspect = (partition: string) => (suspects.get(partition) ?? 0) > now();

  /** Sends records of one partition, and tells what became of each. */
  const sendAlone = async (partition: string, records: readonly Placed[]): Promise<void> => {
    try {
      await producer.produce(records.map(({ placed }) => placed));
      suspects.delete(partition);
      settleAll(records, 'stored');
    } catch (error) {
      if (producer.isTooLarge(error)) {
        if (records.length === 1) return settleAll(records, 'too-large');
        for (const record of records) await sendAlone(partition, [record]);
        return;
      }
      suspects.set(partition, now() + SUSPECT_MS);
      failed(error);
      settleAll(records, 'unavailable');
    }
  };
  const sendTogether = async (records: readonly Placed[]): Promise<void> => {
    if (records.length === 0) return;
    try {
      await producer.produce(records.map(({ placed }) => placed));
      settleAll(records, 'stored');
    } catch (error) {
      if (!producer.isTooLarge(error)) onFailure(error);
      const partitions = Map.groupBy(records, nameOf);
      await Promise.all([...partitions].map(([partition, own]) => sendAlone(partition, own)));
    }
  };
  /** Finds the places of records; those of a topic that the cluster does not tell of are not available. */
  const place = async (part: readonly Waiting[]): Promise<Placed[]> => {
    const byTopic = Map.groupBy(part, ({ record }) => record.topic);
    const placed = await Promise.all(
      [...byTopic].map(async ([topic, own]) => {
        try {
          const count = await producer.partitions(topic);
          return own.map((each) => ({
            ...each,
            // Kafka's own clients choose so; the library's default is another one.
            placed: { ...each.record, partition: partitionOf(each.record.key, count) },
          }));
        } catch (error) {
          failed(error);
          settleAll(own, 'unavailable');
          return [];
        }
      }),
    );
    return placed.flat();
  };
  const sendPart = async (part: readonly Waiting[]): Promise<void> => {
    const placed = await place(part);
    const apart = Map.groupBy(placed, (each) => (isSuspect(nameOf(each)) ? nameOf(each) : ''));
    for (const [partition, own] of apart) {
      // What becomes of it is not waited for: others go on.
      if (partition !== '') void sendAlone(partition, own);
    }
    await sendTogether(apart.get('') ?? []);
  };
  const run = async (): Promise<void> => {
    while (waiting.length > 0) await sendPart(takePart());
    running = undefined;
  };
  const takePart = (): Waiting[] => {
    let bytes = 0;
    let count = 0;
    for (const { record } of waiting) {
      bytes += record.value.length + OVERHEAD_BYTES;
      if (count > 0 && bytes > MOST_BYTES) break;
      count += 1;
    }
    return waiting.splice(0, count);
  };

  return {
    send: (records) => {
      const outcomes = records.map((record) => {
        const { promise, resolve } = Promise.withResolvers<SendOutcome>();
        waiting.push({ record, settle: resolve });
        return promise;
      });
      running ??= run();
      return Promise.all(outcomes);
    },
    // After a while without a request it is tried again: nobody would send to a part that is not ready.
    trouble: () => (trouble && trouble.at + SUSPECT_MS > now() ? trouble.message : undefined),
    close: async () => {
      await running;
      waiting = [];
      await producer.close();
    },
  };
}

function nameOf({ placed }: Placed): string {
  return `${placed.topic}/${placed.partition}`;
}
