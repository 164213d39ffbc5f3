import {
  DEAD_LETTER_HEADERS,
  KafkaSettingsSchema,
  partitionOf,
  readSettings,
  TOPIC_CONFIG,
  type TopicName,
} from '@storepulse/contracts';
import { sendWhole } from '@storepulse/processor/kafka/send-whole';
import { openKafkaSink } from '@storepulse/simulator/sink/kafka-sink';
import type { TestCluster } from '../../support/cluster.ts';
import { readDeadLetters } from '../../support/pipeline/dead-letters.ts';
import { untilDrained } from '../../support/pipeline/drained.ts';
import { until } from '../../support/until.ts';
import { LEVEL_MS } from './level.ts';
import type { Difference } from './oracle.ts';
import { openOrderBook } from './order-book.ts';
import { createPlacedTopics } from './partitions.ts';

/** A pipeline of which one partition of the topics beside the facts lies on one node alone. */
export interface Orphans {
  /** Takes the node away for a while, and the processor once. @returns ms until everything else was shown */
  happen(): Promise<number>;
  /** What the pipeline shows at its end that it must not. */
  judge(): Promise<Difference[]>;
}

const PARTITIONS = 3;
/** The node that goes, and the partition that has no leader then. */
const NODE = 3;
const ORPHAN = 0;
const TOPICS: readonly TopicName[] = ['metric-changes', 'dead-letter', 'shops'];
const POISON = 6;

/** Makes the topics and starts a processor. */
export async function openOrphans(cluster: TestCluster, name: string): Promise<Orphans> {
  const pipeline = cluster.pipeline(name);
  await createPlacedTopics(
    pipeline,
    TOPICS.map((topic) => ({
      topic,
      nodes: [[NODE], [1], [2]],
      config: { ...TOPIC_CONFIG[topic], 'min.insync.replicas': '1' },
    })),
  );
  const partitions = { TOPIC_PARTITIONS: String(PARTITIONS) };
  const settings = readSettings(KafkaSettingsSchema, { ...pipeline.settings, ...partitions });
  const sink = await openKafkaSink({ settings, clientId: name });
  await sink.close();
  /** One whose record lies on the orphan, and one whose record does not; both are merged elsewhere over their lifetime. */
  const books = await Promise.all(
    [true, false].map((isOrphan) => openOrderBook(pipeline, PARTITIONS, shopOn(isOrphan))),
  );
  for (const book of books) await book.open();
  const processor = await pipeline.start('processor', partitions);
  const letters = await readDeadLetters(pipeline);
  const producer = pipeline.kafka.producer();
  pipeline.onStop(() => producer.disconnect());
  await producer.connect();
  let poisoned = 0;

  const sendOrders = (count: number) =>
    Promise.all(
      books.map((book) => book.send([0, 1, 2].flatMap((partition) => book.make(partition, count)))),
    );
  const untilShown = () => Promise.all(books.map((book) => book.untilShown(LEVEL_MS)));
  /** Records whose letters belong on every partition of `dead-letter`. */
  const sendPoison = async () => {
    const messages = Array.from({ length: POISON }, () => {
      const key = `poison-${poisoned++}`;
      return { key, value: 'no JSON', partition: partitionOf(key, PARTITIONS) };
    });
    const topic = `${pipeline.prefix}transactions`;
    await sendWhole((part) => producer.send(part), { topic, acks: -1, messages });
  };

  return {
    happen: async () => {
      await sendOrders(2);
      await untilShown();
      const node = cluster.kafka.node(NODE);
      await node.kill();
      const began = Date.now();
      await sendPoison();
      await sendOrders(3);
      await untilShown();
      const elapsed = Date.now() - began;
      // Who claims now finds shops and notices as they are; the task of the orphan itself can't be claimed.
      await processor.service.kill();
      const started = processor.service.start();
      try {
        await sendPoison();
        await sendOrders(3);
        await untilShown();
      } finally {
        await Promise.all([node.start(), started]);
      }
      await until(
        'it says that it is ready again',
        async () => (await fetch(`${processor.url}/-/ready`)).status,
        (status) => status === 200,
        2 * LEVEL_MS,
      );
      return elapsed;
    },
    judge: async () => {
      await untilDrained(pipeline);
      await until(
        'all dead letters are read',
        () => letters.length,
        (read) => read >= poisoned,
        LEVEL_MS,
      );
      // A crash may repeat a letter, and never loses one.
      const told = new Set(
        letters.map(({ headers }) =>
          [headers[DEAD_LETTER_HEADERS.partition], headers[DEAD_LETTER_HEADERS.offset]].join(),
        ),
      );
      const lost = { cell: 'dead letters', expected: poisoned, shown: told.size };
      const differences = await Promise.all(books.map((book) => book.differences()));
      return [...differences.flat(), ...(told.size === poisoned ? [] : [lost])];
    },
  };
}

/** A shop whose lifetime window is announced elsewhere than on the orphan. */
function shopOn(isOrphan: boolean): string {
  for (let n = 0; ; n++) {
    const shop = `book-${n}`;
    const lifetime = partitionOf(`${shop}|sales|narrow|all|0|0`, PARTITIONS);
    const isThere = partitionOf(shop, PARTITIONS) === ORPHAN;
    if (isThere === isOrphan && lifetime !== ORPHAN) return shop;
  }
}
