import { randomUUID } from 'node:crypto';
import { Consumer, FetchIsolationLevels } from '@platformatic/kafka';
import { type KafkaSettings, platformaticConnection, topicName } from '@storepulse/contracts';

/** Records of a partition. */
export interface LogPart {
  readonly partition: number;
  /** The offset after all of them. */
  readonly next: bigint;
  readonly values: readonly (Buffer | null)[];
}

/** A topic that is read from its beginning, without a group: nothing is committed, nothing is shared out. */
export interface TopicLog {
  /** Where the partitions begin, or end now, by partition. */
  offsets(which: 'begin' | 'end'): Promise<readonly bigint[]>;
  /** Hands over what follows `from`, by partition, as it comes; returns when all brokers have answered. */
  fetch(from: readonly bigint[], take: (part: LogPart) => void): Promise<void>;
  close(): Promise<void>;
}

const TIMES = { timeout: 5_000, requestTimeout: 5_000, connectTimeout: 2_000 } as const;
/** How long a broker waits for further records, ms. */
const MAX_WAIT_MS = 1_000;
const MAX_BYTES = 4 * 1_024 * 1_024;
const TIMESTAMPS = { begin: -2n, end: -1n } as const;
const IS_CONTROL = 0x20;
const ANY_EPOCH = -1;

/** Opens the topic `shops`; nothing is asked yet. */
export function openShopsLog(settings: KafkaSettings, clientId: string): TopicLog {
  const topic = topicName('shops', settings);
  const consumer = new Consumer({
    ...platformaticConnection(settings),
    ...TIMES,
    clientId,
    // It never joins it.
    groupId: `${settings.topicPrefix}collector-${randomUUID()}`,
    retries: 0,
    isolationLevel: FetchIsolationLevels.READ_COMMITTED,
    autocreateTopics: false,
  });
  consumer.topics.track(topic);

  return {
    offsets: async (which) => {
      const found = await consumer.listOffsets({ topics: [topic], timestamp: TIMESTAMPS[which] });
      return found.get(topic)!;
    },
    fetch: async (from, take) => {
      const { topics } = await consumer.metadata({ topics: [topic] });
      const { id, partitions } = topics.get(topic)!;
      const byLeader = Map.groupBy(from.keys(), (partition) => partitions[partition]!.leader);
      const fetchOf = async ([node, own]: [number, number[]]) => {
        const { responses } = await consumer.fetch({
          node,
          maxWaitTime: MAX_WAIT_MS,
          minBytes: 1,
          maxBytes: MAX_BYTES,
          topics: [
            {
              topicId: id,
              partitions: own.map((partition) => ({
                partition,
                currentLeaderEpoch: ANY_EPOCH,
                lastFetchedEpoch: ANY_EPOCH,
                fetchOffset: from[partition]!,
                partitionMaxBytes: MAX_BYTES,
              })),
            },
          ],
        });
        for (const { partitionIndex, records } of responses.flatMap((response) => response.partitions)) {
          const batches = records ?? [];
          const last = batches.at(-1);
          if (last === undefined) continue;
          take({
            partition: partitionIndex,
            next: last.firstOffset + BigInt(last.lastOffsetDelta) + 1n,
            // A batch may begin before what was asked for; taking a shop twice does no harm.
            values: batches.flatMap((batch) =>
              batch.attributes & IS_CONTROL ? [] : batch.records.map(({ value }) => value),
            ),
          });
        }
      };
      await Promise.all([...byLeader].map(fetchOf));
    },
    close: () => consumer.close(true),
  };
}
