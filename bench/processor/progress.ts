import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CheckpointDocument,
  FACT_TOPICS,
  type KafkaSettings,
  kafkaConnection,
  topicName,
} from '@storepulse/contracts';
import { Kafka, logLevel } from 'kafkajs';
import { MongoClient } from 'mongodb';

/** Looks from outside how far a processor is. */
export interface ProgressView {
  /** Whether all events of the fact topics are counted, and what that changed is merged and published. */
  isDone(): Promise<boolean>;
  /** Returns when all tasks of the events' partitions have an owner. */
  untilClaimed(): Promise<void>;
  close(): Promise<void>;
}

/** Looks at the checkpoints of a database, and at the merge group's offsets. */
export async function viewProgress(options: {
  kafka: KafkaSettings;
  mongoUri: string;
  database: string;
  events: number;
}): Promise<ProgressView> {
  const { kafka, mongoUri, database, events } = options;
  const mongo = await new MongoClient(mongoUri, { readConcern: { level: 'majority' } }).connect();
  const admin = new Kafka({ ...kafkaConnection(kafka), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const checkpoints = mongo.db(database).collection<CheckpointDocument>('checkpoints');
  const changes = topicName('metric-changes', kafka);

  const isMerged = async () => {
    const ends = await admin.fetchTopicOffsets(changes);
    const [merged] = await admin.fetchOffsets({
      groupId: `${kafka.topicPrefix}storepulse-merge`,
      topics: [changes],
    });
    const offsets = new Map(merged!.partitions.map(({ partition, offset }) => [partition, offset]));
    return ends.every(({ partition, high }) => high === '0' || offsets.get(partition) === high);
  };
  return {
    isDone: async () => {
      const tasks = await checkpoints.find().toArray();
      const counted = tasks.reduce(
        (sum, { offsets }) => sum + FACT_TOPICS.reduce((of, topic) => of + (offsets[topic] ?? 0), 0),
        0,
      );
      // Announced at the latest when the next commit or heartbeat says so.
      return (
        counted === events &&
        tasks.every(({ seq, publishedSeq }) => seq === publishedSeq) &&
        (await isMerged())
      );
    },
    untilClaimed: async () => {
      while ((await checkpoints.countDocuments({ _id: /^facts\// })) < kafka.partitions) await sleep(100);
    },
    close: async () => {
      await Promise.all([mongo.close(), admin.disconnect()]);
    },
  };
}
