import { setTimeout as sleep } from 'node:timers/promises';
import type { Base, Broker, Connection } from '@platformatic/kafka';
import type { TopicName } from '@storepulse/contracts';
import type { Logger } from 'pino';
import { getOrCreate } from '../../get-or-create.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { GroupConsumer, TopicPartitions } from '../port.ts';
import { createAnswers, type Request } from './answers.ts';
import type { FetchBounds, FetchedPartition, FetchTarget } from './fetch-request.ts';
import { createLeaders } from './leaders.ts';
import { createReading, type Reading } from './reading.ts';
import { createTroubles } from './troubles.ts';

/** How long a broker may wait for something new; it bounds how soon a resumed partition is read. */
const MAX_WAIT_MS = 250;
const MAX_BYTES_PER_PARTITION = 1024 * 1024;
const LIMITS = {
  maxWaitMs: MAX_WAIT_MS,
  maxBytes: 16 * MAX_BYTES_PER_PARTITION,
  maxBytesPerPartition: MAX_BYTES_PER_PARTITION,
};
/**
 * How long it may wait while partitions that it leads have no room: they are asked for with the next request, and must not wait
 * for those that have nothing new.
 */
const WAIT_BESIDE_FULL_MS = 20;
/** After so many answers without a record nothing is expected: the broker may wait longer, and answers the first record. */
const QUIET_ANSWERS = 8;
const QUIET = { maxWaitMs: 1_000, minBytes: 1 };
/** After a failure, until it is tried again. */
const RETRY_MS = 250;

/** Reads the assigned partitions: what is wanted is fetched while what came before is worked on. */
export interface Fetcher extends Pick<GroupConsumer, 'pause' | 'resume' | 'seek'> {
  /** Reads these, and no others; each once it was sought and resumed. */
  assign(partitions: readonly TopicPartitions[]): void;
  /** Reads no more, and waits for the batches that are worked on. */
  close(): Promise<void>;
}

type Handlers = Pick<Parameters<GroupConsumer['start']>[0], 'onBatch' | 'onPositionLost' | 'onTrouble'>;

type Fetch = (
  connection: Connection,
  targets: readonly FetchTarget[],
  bounds: FetchBounds,
) => Promise<FetchedPartition[]>;

/**
 * Builds a fetcher. Of each broker one request is under way at a time, for all partitions that it leads and that have
 * room; the one that was served longest ago comes first, since an answer is bounded.
 * @param client whose connections it uses, and closes in the end
 * @param cluster tells who leads what
 * @param fetch asks one broker
 * @param named the full name of a topic
 * @param minBytes a broker gathers so much before it answers, or what it has after 250 ms; the first record after a quiet
 * time it answers at once
 * @param mostRecords records of a batch at most
 * @param mostParts answers of one partition that wait or are worked on at most
 * @param onRefused told when the broker does not let us read
 */
export function createFetcher(options: {
  client: Base;
  cluster: Pick<Cluster, 'view'>;
  fetch: Fetch;
  named: (topic: TopicName) => string;
  handlers: Handlers;
  minBytes: number;
  mostRecords: number;
  mostParts: number;
  onRefused: (error: Error) => void;
  logger: Logger;
}): Fetcher {
  const { client, cluster, fetch, named, handlers, mostRecords, mostParts, onRefused, logger } = options;
  const bounds = { ...LIMITS, minBytes: options.minBytes };
  /** By full name and partition, served longest ago first. */
  const readings = new Map<string, Reading>();
  const busy = new Set<number>();
  /** By leader: its answers without a record, one after the other. */
  const quiet = new Map<number, number>();
  /** Of all that may be read. */
  const topics = new Set<TopicName>();
  /** Those that were asked, or being asked, when it was looked last. */
  let leadersSeen: readonly number[] = [];
  let looking = false;
  let willLook = false;
  let closed = false;
  let later: NodeJS.Timeout | undefined;

  const keyOf = (topic: string, partition: number) => `${topic}/${partition}`;
  const readingOf = (topic: TopicName, partition: number) => readings.get(keyOf(named(topic), partition));
  const each = (partitions: readonly TopicPartitions[], act: (reading: Reading) => void) => {
    for (const { topic, partitions: numbers } of partitions) {
      for (const partition of numbers) {
        const reading = readingOf(topic, partition);
        if (reading) act(reading);
      }
    }
  };

  const troubles = createTroubles(handlers.onTrouble, logger);
  const begin = (topic: TopicName, partition: number): Reading =>
    createReading(topic, partition, {
      mostRecords,
      mostParts,
      onBatch: async (batch, control) => {
        await handlers.onBatch(batch, control);
        troubles.over(topic, partition);
      },
      onFailure: (error) => troubles.note(topic, partition, error as Error),
      onHungry: lookWhenFree,
      retryMs: RETRY_MS,
    });
  const lose = (reading: Reading): void => {
    reading.unassign();
    handlers.onPositionLost(reading.topic, reading.partition);
  };
  /** What is wanted of a partition of the topic that has this id now. */
  const requestOf = (reading: Reading, topicId: string): Request | undefined => {
    const offset = reading.wanted();
    if (offset === undefined) return undefined;
    const mark = reading.mark();
    if (mark.topicId !== undefined && mark.topicId !== topicId) return void lose(reading);
    return { reading, topicId, partition: reading.partition, offset, epoch: mark.epoch };
  };
  const leaders = createLeaders(cluster, named, RETRY_MS);
  const answers = createAnswers({
    troubles,
    onServed: (reading) => {
      const key = keyOf(named(reading.topic), reading.partition);
      readings.delete(key);
      readings.set(key, reading);
    },
    onLost: lose,
    onMoved: leaders.forget,
    onRefused,
  });
  const boundsOf = (leader: number, isBesideFull: boolean): FetchBounds => {
    if (isBesideFull) return { ...bounds, maxWaitMs: WAIT_BESIDE_FULL_MS };
    return (quiet.get(leader) ?? 0) >= QUIET_ANSWERS ? { ...bounds, ...QUIET } : bounds;
  };
  const fetchFrom = async (
    leader: number,
    broker: Broker,
    requests: readonly Request[],
    isBesideFull: boolean,
  ) => {
    busy.add(leader);
    try {
      const connection = await client.connections.get(broker);
      const fetchedPartitions = await fetch(connection, requests, boundsOf(leader, isBesideFull));
      const isEmpty = fetchedPartitions.every(({ bytes }) => bytes.length === 0);
      // A short wait tells nothing of how quiet it is.
      if (!isEmpty || !isBesideFull) quiet.set(leader, isEmpty ? (quiet.get(leader) ?? 0) + 1 : 0);
      const asked = new Map(requests.map((request) => [keyOf(request.topicId, request.partition), request]));
      for (const fetched of fetchedPartitions) {
        const request = asked.get(keyOf(fetched.topicId, fetched.partition));
        if (request) answers.take(request, fetched);
      }
    } catch (error) {
      leaders.forget();
      if (!closed) logger.debug({ err: error, leader }, 'a fetch failed; trying again');
      await sleep(RETRY_MS);
    }
    busy.delete(leader);
    void look();
  };
  const lookLater = () => {
    leaders.forget();
    if (later) return;
    later = setTimeout(() => {
      later = undefined;
      void look();
    }, RETRY_MS).unref();
  };
  /** A partition without a leader waits alone. */
  const wait = ({ topic, partition }: Reading): undefined => {
    troubles.note(topic, partition, new Error('it has no leader now'));
    lookLater();
  };
  /** Looks once for all that asks for it in one turn: each look goes over all partitions, of which there may be thousands. */
  const lookSoon = () => {
    if (willLook || closed) return;
    willLook = true;
    setImmediate(() => {
      willLook = false;
      void look();
    });
  };
  /** While all brokers are being asked there is nothing to be done: it is looked again as they answer. */
  function lookWhenFree(): void {
    if (leadersSeen.length === 0 || leadersSeen.some((leader) => !busy.has(leader))) lookSoon();
  }
  /** Asks each broker that is not being asked already for what is wanted of the partitions it leads. */
  const look = async (): Promise<void> => {
    if (looking || closed) return;
    looking = true;
    try {
      const placeOf = await leaders.look(topics);
      const requests = new Map<Broker, { leader: number; ofLeader: Request[] }>();
      const full = new Set<number | undefined>();
      for (const reading of readings.values()) {
        if (reading.isFull()) full.add(placeOf(reading)?.leader);
        if (reading.wanted() === undefined) continue;
        const place = placeOf(reading);
        const request = place ? requestOf(reading, place.topicId) : wait(reading);
        if (!place || !request) continue;
        const { leader } = place;
        getOrCreate(requests, place.broker, () => ({ leader, ofLeader: [] })).ofLeader.push(request);
      }
      leadersSeen = [...busy, ...[...requests.values()].map(({ leader }) => leader)];
      for (const [broker, { leader, ofLeader }] of requests) {
        if (!busy.has(leader)) void fetchFrom(leader, broker, ofLeader, full.has(leader));
      }
    } catch (error) {
      if (!closed) logger.debug({ err: error }, 'leaders are not known; asking again');
      lookLater();
    }
    looking = false;
  };

  return {
    assign: (partitions) => {
      troubles.clear();
      // None is removed, so that no two batches of one partition are ever worked on at once.
      for (const reading of readings.values()) reading.unassign();
      for (const { topic, partitions: numbers } of partitions) {
        for (const partition of numbers) {
          const key = keyOf(named(topic), partition);
          if (!readings.has(key)) readings.set(key, begin(topic, partition));
        }
        topics.add(topic);
      }
    },
    seek: (topic, partition, offset, mark) => {
      readingOf(topic, partition)?.seek(offset, mark);
      quiet.clear();
      lookSoon();
    },
    pause: (partitions) => each(partitions, (reading) => reading.pause()),
    resume: (partitions) => {
      each(partitions, (reading) => reading.resume());
      quiet.clear();
      lookSoon();
    },
    close: async () => {
      if (closed) return;
      closed = true;
      for (const reading of readings.values()) reading.pause();
      await Promise.all([...readings.values()].map((reading) => reading.idle()));
      await client.close();
    },
  };
}
