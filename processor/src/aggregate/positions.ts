import type { CheckpointDocument, TopicName } from '@storepulse/contracts';
import type { Logger } from 'pino';
import type { PartitionBounds } from '../kafka/port.ts';
import type { Telemetry } from '../operate/telemetry.ts';

/**
 * Where to read on. What the log no longer holds is reported as lost, loudly, and reading goes on behind it. A log that
 * ends before what was counted has lost records after they were read, as when brokers that did not write them to disk
 * have died: what it takes from now on has offsets that were there before, and must not pass for counted.
 */
export function startingPositions(
  { _id: task, offsets }: Pick<CheckpointDocument, '_id' | 'offsets'>,
  bounds: ReadonlyMap<TopicName, PartitionBounds>,
  logger: Logger,
  telemetry: Pick<Telemetry, 'recordsLost'>,
): Map<TopicName, number> {
  const positions = new Map<TopicName, number>();
  for (const [topic, { low, high, partition }] of bounds) {
    const stored = offsets[topic] ?? low;
    const where = { task, topic, partition, from: stored };
    if (stored < low) {
      telemetry.recordsLost.inc(low - stored);
      logger.error(
        { ...where, to: low },
        'data loss: the log no longer holds records that were not read yet',
      );
    } else if (stored > high) {
      logger.error(
        { ...where, to: high },
        'the log has lost records that were counted: it ends before them; reading goes on at its end',
      );
    }
    positions.set(topic, Math.min(Math.max(stored, low), high));
  }
  return positions;
}
