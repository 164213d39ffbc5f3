import { type Connection, createTopicsV7 } from '@platformatic/kafka';
import type { TopicAdmin } from '@storepulse/contracts';
import { type Cluster, nameOfError } from './cluster.ts';
import { LATEST, listOffsets } from './list-offsets.ts';
import { withFaults } from './with-faults.ts';

const TIMEOUT_MS = 10_000;
const THERE_ALREADY = 'TOPIC_ALREADY_EXISTS';

/** Kafka did not make a topic. */
class TopicNotCreated extends Error {
  override readonly name = 'TopicNotCreated';
  /** Kafka's name of the reason. */
  readonly type: string;

  constructor(topic: string, type: string, message: string | null | undefined) {
    super(`Kafka does not create the topic ${topic}: ${message ?? type} (${type})`);
    this.type = type;
  }
}

/** What creating our topics needs, over the one view of the cluster. */
export function createTopicAdmin(cluster: Cluster): TopicAdmin {
  return {
    describe: async (topics) => {
      const view = await cluster.view(topics, 0);
      const known = topics.filter((topic) => view.topics.has(topic));
      const { offsets } = await listOffsets(cluster, known, [LATEST]);
      return new Map(
        known.map((topic) => {
          const served = offsets.get(topic)!;
          return [topic, view.topics.get(topic)!.partitions.map(({ partition }) => served.has(partition))];
        }),
      );
    },
    create: async (topics) => {
      const { controller } = await cluster.view([]);
      const requests = topics.map(({ topic, numPartitions, replicationFactor, configEntries }) => ({
        name: topic,
        numPartitions,
        replicationFactor,
        assignments: [],
        configs: [...configEntries],
      }));
      const ask = (connection: Connection) =>
        withFaults(createTopicsV7.api.async(connection, requests, TIMEOUT_MS, false));
      const { topics: made } = await (controller
        ? cluster.connectionTo(controller).then(ask)
        : cluster.askAnyone(ask));
      for (const { name, errorCode, errorMessage } of made) {
        const type = nameOfError(errorCode);
        if (errorCode !== 0 && type !== THERE_ALREADY) throw new TopicNotCreated(name, type, errorMessage);
      }
    },
  };
}
