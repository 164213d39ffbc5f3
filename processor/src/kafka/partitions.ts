import { INPUT_TOPICS } from '@storepulse/contracts';
import { ProcessorError } from '../errors.ts';
import type { Kafka } from './port.ts';

/**
 * How many partitions the input topics have: as many each, since tasks are counted by it, and since visitors are found
 * on the same partition of several topics.
 * @throws {ProcessorError} `PARTITIONS_DIFFER`, naming the topics
 */
export async function countPartitions(kafka: Pick<Kafka, 'partitionCounts'>): Promise<number> {
  const found = [...(await kafka.partitionCounts(INPUT_TOPICS))];
  const counts = new Set(found.map(([, partitions]) => partitions));
  if (counts.size > 1) {
    const listed = found.map(([topic, partitions]) => `${topic} ${partitions}`).join(', ');
    throw new ProcessorError(
      'PARTITIONS_DIFFER',
      `The input topics must have as many partitions each, and have: ${listed}. Make them anew with one number, or give the processor topics of its own by TOPIC_PREFIX.`,
    );
  }
  return found[0]![1];
}
