import { FACT_TOPICS, KafkaSettingsSchema, readSettings, TOPIC_CONFIG } from '@storepulse/contracts';
import type { ClusterNode, RunningPart } from '@storepulse/local';
import { openKafkaSink } from '@storepulse/simulator/sink/kafka-sink';
import type { TestCluster } from '../../support/cluster.ts';
import type { Pipeline } from '../../support/pipeline/pipeline.ts';
import { until } from '../../support/until.ts';
import { type OrderBook, openOrderBook } from './order-book.ts';
import { createPlacedTopics, partitionPlaces } from './partitions.ts';

/** A pipeline of one partition whose log may lose what was acknowledged: one replica is enough to acknowledge it. */
export interface FragileLog {
  readonly pipeline: Pipeline;
  readonly book: OrderBook;
  readonly processor: RunningPart;
  /** The offset that the next order takes. */
  end(): Promise<number>;
  /** Removes what lies before an offset, as retention does. */
  removeBefore(offset: number): Promise<void>;
  /** Removes the topic, and makes it anew. */
  makeAnew(): Promise<void>;
  /** From now on one node alone has what is sent. @returns takes the log back to where it is now, the rest is lost */
  divide(): Promise<() => Promise<void>>;
  /** Brings back all nodes. */
  restore(): Promise<void>;
}

const ORDERS = 'transactions';
const NODES = [1, 2];
/** A node that is told to end hands its partitions over first; it is given the time. */
const CLEAN_STOP_MS = 30_000;
const MOVE_MS = 60_000;

/** Makes the topics and starts a processor. */
export async function openFragileLog(cluster: TestCluster, name: string): Promise<FragileLog> {
  const pipeline = cluster.pipeline(name);
  const topic = `${pipeline.prefix}${ORDERS}`;
  const create = (topics: readonly (typeof FACT_TOPICS)[number][]) =>
    createPlacedTopics(
      pipeline,
      topics.map((topic) => ({
        topic,
        nodes: [NODES],
        config: {
          ...TOPIC_CONFIG[topic],
          'min.insync.replicas': '1',
          'unclean.leader.election.enable': 'true',
        },
      })),
    );
  await create(FACT_TOPICS);
  const partitions = { TOPIC_PARTITIONS: '1' };
  const settings = readSettings(KafkaSettingsSchema, { ...pipeline.settings, ...partitions });
  const sink = await openKafkaSink({ settings, clientId: name });
  await sink.close();
  const book = await openOrderBook(pipeline, 1);
  await book.open();
  const processor = await pipeline.start('processor', partitions);
  const place = async () => (await partitionPlaces(await pipeline.admin(), [topic]))[0]!;
  const nodeOf = (nodeId: number): ClusterNode => cluster.kafka.node(nodeId);

  return {
    pipeline,
    book,
    processor,
    end: async () => {
      const [bounds] = await (await pipeline.admin()).fetchTopicOffsets(topic);
      return Number(bounds!.high);
    },
    removeBefore: async (offset) => {
      const admin = await pipeline.admin();
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(offset) }] });
    },
    makeAnew: async () => {
      const admin = await pipeline.admin();
      await admin.deleteTopics({ topics: [topic] });
      await until(
        'the topic is gone',
        () => admin.listTopics(),
        (topics) => !topics.includes(topic),
        MOVE_MS,
      );
      await create([ORDERS]);
    },
    divide: async () => {
      const { leader, replicas } = await place();
      const other = replicas.find((node) => node !== leader)!;
      await nodeOf(other).stop(CLEAN_STOP_MS);
      await until('one node alone has the log', place, ({ inSync }) => inSync.length === 1, MOVE_MS);
      return async () => {
        await nodeOf(leader).kill();
        await nodeOf(other).start();
        await until(
          'the node that has not got everything leads',
          place,
          ({ leader }) => leader === other,
          MOVE_MS,
        );
      };
    },
    restore: async () => {
      await Promise.all(cluster.kafka.nodes.map((node) => node.start()));
      await cluster.kafka.untilComplete();
      await until(
        'all replicas are in sync',
        place,
        ({ replicas, inSync }) => inSync.length === replicas.length,
        MOVE_MS,
      );
    },
  };
}
