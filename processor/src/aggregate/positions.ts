import type { CheckpointDocument, TopicName } from '@storepulse/contracts';
import type { Logger } from 'pino';
import type { PartitionBounds } from '../kafka/port.ts';
import type { Telemetry } from '../operate/telemetry.ts';

/** Where to read on; what the log no longer holds is reported as lost, loudly, and reading goes on behind it. */
export function startingPositions(
  { _id: task, offsets }: CheckpointDocument,
  bounds: ReadonlyMap<TopicName, PartitionBounds>,
  logger: Logger,
  telemetry: Telemetry,
): Map<TopicName, number> {
  const positions = new Map<TopicName, number>();
  for (const [topic, { low, partition }] of bounds) {
    const stored = offsets[topic];
    if (stored !== undefined && stored < low) {
      telemetry.recordsLost.inc(low - stored);
      logger.error(
        { task, topic, partition, from: stored, to: low },
        'data loss: the log no longer holds records that were not read yet',
      );
    }
    positions.set(topic, Math.max(stored ?? low, low));
  }
  return positions;
}
