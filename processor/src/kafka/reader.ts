import { Base } from '@platformatic/kafka';
import { type KafkaSettings, platformaticConnection, type TopicName, topicName } from '@storepulse/contracts';
import type { Logger } from 'pino';
import type { Cluster } from './cluster/cluster.ts';
import { fetchRecords } from './fetch/fetch-request.ts';
import { createFetcher, type Fetcher } from './fetch/fetcher.ts';
import type { GroupConsumer, ReaderOptions, TopicPartitions } from './port.ts';

const MOST_RECORDS = 500;
/** A broker that does not answer a request for so long counts as gone. */
const REQUEST_TIMEOUT_MS = 10_000;

/** What reads records from Kafka. */
export interface ReadingDependencies {
  readonly cluster: Cluster;
  readonly clientId: string;
  readonly settings: KafkaSettings;
  readonly logger: Logger;
}

/** Builds a fetcher with connections of its own. @param onRefused told when the broker does not let us read */
export function openFetcher(
  { cluster, clientId, settings, logger }: ReadingDependencies,
  options: Omit<ReaderOptions, 'topics'>,
  handlers: Parameters<typeof createFetcher>[0]['handlers'],
  onRefused: (error: Error) => void,
): Fetcher {
  const client = new Base({
    ...platformaticConnection(settings),
    clientId,
    retries: 0,
    connectTimeout: 3_000,
    requestTimeout: REQUEST_TIMEOUT_MS,
  });
  return createFetcher({
    ...{ client, cluster, fetch: fetchRecords.async, handlers, onRefused, logger },
    named: (topic: TopicName) => topicName(topic, settings),
    minBytes: options.minBytes ?? 1,
    mostRecords: options.mostRecords ?? MOST_RECORDS,
    mostParts: (options.fetchAhead ?? true) ? 2 : 1,
  });
}

/**
 * Reads all partitions of some topics without a group: no other reader is concerned, and Kafka notes no position. The
 * assignment comes once, at the start.
 * @param partitionsOf tells how many partitions topics have
 */
export function createReader(
  dependencies: ReadingDependencies,
  { topics, ...options }: ReaderOptions,
  partitionsOf: (topics: readonly TopicName[]) => Promise<ReadonlyMap<TopicName, number>>,
): GroupConsumer {
  let fetcher: Fetcher | undefined;
  return {
    start: async ({ onAssigned, onCrash, ...handlers }) => {
      const counts = await partitionsOf(topics);
      const assignment = [...counts].map(
        ([topic, count]): TopicPartitions => ({ topic, partitions: [...Array(count).keys()] }),
      );
      fetcher = openFetcher(dependencies, options, handlers, (error) => {
        void fetcher?.close();
        onCrash(error);
      });
      fetcher.assign(assignment);
      onAssigned(assignment);
    },
    pause: (partitions) => fetcher?.pause(partitions),
    resume: (partitions) => fetcher?.resume(partitions),
    seek: (topic, partition, offset, mark) => fetcher?.seek(topic, partition, offset, mark),
    commit: async () => undefined,
    stop: async () => fetcher?.close(),
  };
}
