import { setTimeout as sleep } from 'node:timers/promises';
import { FACT_TOPICS, KafkaSettingsSchema, readSettings, TOPIC_CONFIG } from '@storepulse/contracts';
import { openKafkaSink } from '@storepulse/simulator/sink/kafka-sink';
import type { TestCluster } from '../../support/cluster.ts';
import { untilDrained } from '../../support/pipeline/drained.ts';
import { until } from '../../support/until.ts';
import { LEVEL_MS } from './level.ts';
import type { Difference } from './oracle.ts';
import { type Order, openOrderBook } from './order-book.ts';
import { createPlacedTopics } from './partitions.ts';

/** A pipeline of which one partition of the fact topics lies on one node alone. */
export interface Outage {
  /** Takes the node away for a while. @returns ms until everything of the other partitions was shown */
  happen(): Promise<number>;
  /** What the pipeline shows at its end that it must not. */
  judge(): Promise<Difference[]>;
}

const PARTITIONS = 3;
/** The node that goes, and the partition that has no leader then. */
const NODE = 3;
const ORPHAN = 0;
const OTHERS = [1, 2];
/** Windows are closed so soon after their end that an outage is long enough for several of them. */
const TIMES = { PROCESSOR_DISORDER_MS: '1000', PROCESSOR_LATENESS_MS: '5000' };
const OUTAGE_MS = 40_000;
const BETWEEN_MS = 500;

/** Makes the topics and starts a processor. */
export async function openOutage(cluster: TestCluster, name: string): Promise<Outage> {
  const pipeline = cluster.pipeline(name);
  const nodes = [[NODE], [1], [2]];
  await createPlacedTopics(
    pipeline,
    FACT_TOPICS.map((topic) => ({
      topic,
      nodes,
      config: { ...TOPIC_CONFIG[topic], 'min.insync.replicas': '1' },
    })),
  );
  const partitions = { TOPIC_PARTITIONS: String(PARTITIONS) };
  const settings = readSettings(KafkaSettingsSchema, { ...pipeline.settings, ...partitions });
  const sink = await openKafkaSink({ settings, clientId: name });
  await sink.close();
  const book = await openOrderBook(pipeline, PARTITIONS);
  await book.open();
  const processor = await pipeline.start('processor', { ...partitions, ...TIMES });

  const closedSince = (since: number) =>
    pipeline.metrics.countDocuments({
      shop: book.shop,
      final: true,
      resolution: '10s',
      end: { $gt: new Date(since) },
    });
  const readiness = async () => (await fetch(`${processor.url}/-/ready`)).status;

  return {
    happen: async () => {
      await book.send([0, 1, 2].flatMap((partition) => book.make(partition, 5)));
      await book.untilShown(LEVEL_MS);
      const node = cluster.kafka.node(NODE);
      const began = Date.now();
      await node.kill();
      const toOthers = () => book.send(OTHERS.flatMap((partition) => book.make(partition, 1)));
      await toOthers();
      const shown = book.untilShown(LEVEL_MS).then(() => Date.now() - began);
      /** What the partition without a leader is told once it has one again. */
      const held: Order[] = [];
      const sending: Promise<void>[] = [];
      while (Date.now() - began < OUTAGE_MS) {
        sending.push(toOthers());
        held.push(...book.make(ORPHAN, 1));
        await sleep(BETWEEN_MS);
      }
      const [elapsed] = await Promise.all([shown, ...sending]);
      if ((await readiness()) === 200)
        throw new Error('it says that it is ready while a partition is not read');
      const closed = await closedSince(began);
      await node.start();
      await book.send(held);
      await book.untilShown(LEVEL_MS);
      if (closed > 0) throw new Error(`${closed} windows were closed over events that had not been read`);
      const revised = await pipeline.metrics.countDocuments({ shop: book.shop, revision: { $gt: 0 } });
      if (revised > 0) throw new Error(`${revised} windows were corrected after they had been final`);
      await until('it says that it is ready again', readiness, (status) => status === 200, LEVEL_MS);
      return elapsed;
    },
    judge: async () => {
      await untilDrained(pipeline);
      return book.differences();
    },
  };
}
