import type { Broker } from '@platformatic/kafka';
import type { TopicName } from '@storepulse/contracts';
import { type Cluster, partitionAt } from '../cluster/cluster.ts';

/** Whom to ask for a partition, and under which id of its topic. */
export interface Place {
  readonly topicId: string;
  readonly leader: number;
  readonly broker: Broker;
}

/** A partition by its topic and number. */
export interface PartitionRef {
  readonly topic: TopicName;
  readonly partition: number;
}

/** Knows who leads the partitions that are read. */
export interface Leaders {
  /**
   * Looks at the cluster, anew when the leaders were forgotten.
   * @returns the place of a partition of these topics; undefined: nobody serves it now
   * @throws Kafka's error while nobody tells
   */
  look(topics: ReadonlySet<TopicName>): Promise<(partition: PartitionRef) => Place | undefined>;
  /** They may have changed. */
  forget(): void;
}

/**
 * Builds it, with nothing known.
 * @param named the full name of a topic
 * @param maxAgeMs how old a look may be that is taken for a new one
 */
export function createLeaders(
  cluster: Pick<Cluster, 'view'>,
  named: (topic: TopicName) => string,
  maxAgeMs: number,
): Leaders {
  let isKnown = false;
  return {
    look: async (topics) => {
      const view = await cluster.view([...topics].map(named), isKnown ? undefined : maxAgeMs);
      isKnown = true;
      const seenOf = new Map([...topics].map((topic) => [topic, view.topics.get(named(topic))]));
      return ({ topic, partition }) => {
        const seen = seenOf.get(topic);
        const leader = seen && partitionAt(seen, partition)?.leader;
        const broker = leader === undefined ? undefined : view.brokers.get(leader);
        return seen && broker && { topicId: seen.id, leader: leader!, broker };
      };
    },
    forget: () => {
      isKnown = false;
    },
  };
}
