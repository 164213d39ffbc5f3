import { type KafkaSettings, kafkaConnection, topicName } from '@storepulse/contracts';
import { Kafka, logLevel } from 'kafkajs';
import { SimulatorError } from '../errors.ts';
import type { PlainCells } from '../ledger/cells.ts';

/** What the topic `sim-ledger` tells of one shop in runs other than the present one. */
export interface EarlierRuns {
  readonly sums: readonly PlainCells[];
  /** Names of the runs that had the shop. */
  readonly runs: readonly string[];
  /** Those of them that were ended by force, before all of their ledger was written. */
  readonly unfinished: readonly string[];
}

/** A record of the topic `sim-ledger`, as far as it is read here. */
interface LedgerEntry {
  readonly kind: 'run' | 'command' | 'window' | 'fates';
  readonly run: string;
  readonly shop?: string;
  readonly shops?: readonly { shop: string }[];
  readonly sums?: PlainCells;
}

/** Adds up what the entries of a ledger tell. */
export function collectRuns(entries: readonly LedgerEntry[], shop: string, presentRun: string): EarlierRuns {
  const runs = new Set<string>();
  const finished = new Set<string>();
  const sums: PlainCells[] = [];
  for (const entry of entries) {
    if (entry.run === presentRun) continue;
    if (entry.kind === 'run' && entry.shops?.some((known) => known.shop === shop)) runs.add(entry.run);
    if (entry.shop !== shop) continue;
    if (entry.kind === 'fates') finished.add(entry.run);
    if (entry.kind === 'window' && entry.sums) sums.push(entry.sums);
  }
  return { sums, runs: [...runs], unfinished: [...runs].filter((run) => !finished.has(run)) };
}

/**
 * Reads the topic `sim-ledger` to its end.
 * @throws {SimulatorError} `broker-unreachable`
 */
export async function readLedgerTopic(settings: KafkaSettings): Promise<LedgerEntry[]> {
  const retry = { retries: 4 };
  const kafka = new Kafka({
    ...kafkaConnection(settings),
    clientId: 'storepulse-verify',
    logLevel: logLevel.NOTHING,
    retry,
  });
  const topic = topicName('sim-ledger', settings);
  const admin = kafka.admin();
  const groupId = `${settings.topicPrefix}verify-${process.pid}-${Date.now()}`;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 200 });
  try {
    await admin.connect();
    const ends = new Map(
      (await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [partition, Number(high)]),
    );
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const entries: LedgerEntry[] = [];
    const left = new Map([...ends].filter(([, end]) => end > 0));
    if (left.size === 0) return entries;
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      void consumer.run({
        autoCommit: false,
        eachBatch: async ({ batch }) => {
          for (const { value } of batch.messages)
            if (value) entries.push(JSON.parse(value.toString()) as LedgerEntry);
          if (Number(batch.lastOffset()) + 1 >= (ends.get(batch.partition) ?? 0))
            left.delete(batch.partition);
          if (left.size === 0) resolve();
        },
      });
    });
    return entries;
  } catch (error) {
    throw new SimulatorError(
      'broker-unreachable',
      `Kafka at ${settings.brokers} can't be read: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  } finally {
    await Promise.allSettled([consumer.disconnect(), admin.disconnect()]);
  }
}
