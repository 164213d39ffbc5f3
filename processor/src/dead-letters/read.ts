import { randomUUID } from 'node:crypto';
import { ProcessorError } from '../errors.ts';
import type { Kafka } from '../kafka/port.ts';
import { type DeadLetter, letterOf, positionOf } from './letter.ts';

/** Consecutive offsets of one partition, `to` not included. */
export interface Range {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

/** Takes letters in batches, in the order of their partition; the next batch waits for it. */
export type Take = (letters: readonly DeadLetter[]) => void | Promise<void>;

/** Without a batch for this long the topic counts as unreadable. */
const STALLED_MS = 30_000;

/** Everything that is on the topic now. */
export async function wholeTopic(kafka: Kafka): Promise<Range[]> {
  const bounds = await kafka.bounds('dead-letter');
  return bounds.map(({ partition, low, high }) => ({ partition, from: low, to: high }));
}

/**
 * Reads ranges of the topic `dead-letter` once, without committing anything.
 * @throws what `take` throws, at once; {ProcessorError} `DEAD_LETTERS_UNREADABLE` when nothing comes for 30 s
 */
export async function readLetters(kafka: Kafka, ranges: readonly Range[], take: Take): Promise<void> {
  const left = new Map(
    ranges.filter(({ from, to }) => from < to).map((range) => [range.partition, range] as const),
  );
  if (left.size === 0) return;
  const consumer = kafka.consumer({
    group: `storepulse-dead-letters-${randomUUID()}`,
    topics: ['dead-letter'],
    taskGroupOf: () => 'dead-letter',
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let failed = false;
  const fail = (error: unknown) => {
    failed = true;
    reject(error);
  };
  const stalled = setTimeout(() => {
    const partitions = [...left.keys()].join(', ');
    const message = `Partition ${partitions} of dead-letter gave nothing for ${STALLED_MS / 1_000} s: is a broker away, or were its records just deleted? Try again.`;
    fail(new ProcessorError('DEAD_LETTERS_UNREADABLE', message));
  }, STALLED_MS);

  const started = consumer.start({
    onAssigned: (assignment) => {
      for (const { partition, from } of left.values()) consumer.seek('dead-letter', partition, from);
      // Assigned partitions begin paused; those that nothing is wanted of stay so.
      const wanted = assignment.flatMap(({ partitions }) => partitions).filter((p) => left.has(p));
      consumer.resume([{ topic: 'dead-letter', partitions: wanted }]);
    },
    onBatch: async ({ partition, records, next }, control) => {
      stalled.refresh();
      const range = left.get(partition);
      if (!range || failed) return;
      const wanted = records.filter(({ offset }) => offset >= range.from && offset < range.to);
      // Told outside: the same batch would be handed over again, and a replay must not happen twice.
      await (async () => take(wanted.map((record) => letterOf(partition, record))))().catch(fail);
      control.resolve(next - 1);
      if (next >= range.to) left.delete(partition);
      else left.set(partition, { ...range, from: next });
      if (left.size === 0) resolve();
    },
    onPositionLost: (_topic, partition) =>
      fail(
        new ProcessorError(
          'DEAD_LETTERS_UNREADABLE',
          `Records of partition ${partition} of dead-letter were deleted just now. Try again.`,
        ),
      ),
    onCrash: fail,
  });
  try {
    await Promise.all([started, promise]);
  } finally {
    clearTimeout(stalled);
    await consumer.stop();
  }
}

/** The least ranges that hold these letters. @throws {ProcessorError} `NO_SUCH_DEAD_LETTER` for one that is not on the topic */
export async function rangesOf(
  kafka: Kafka,
  positions: readonly Pick<DeadLetter, 'partition' | 'offset'>[],
): Promise<Range[]> {
  const topic = new Map((await wholeTopic(kafka)).map((range) => [range.partition, range]));
  const ranges = new Map<number, Range>();
  for (const { partition, offset } of positions) {
    const all = topic.get(partition);
    if (!all || offset < all.from || offset >= all.to) throw noSuchLetter({ partition, offset });
    const { from, to } = ranges.get(partition) ?? { from: offset, to: offset };
    ranges.set(partition, { partition, from: Math.min(from, offset), to: Math.max(to, offset + 1) });
  }
  return [...ranges.values()];
}

/** One letter. @throws {ProcessorError} `NO_SUCH_DEAD_LETTER` when it is not on the topic */
export async function readLetter(
  kafka: Kafka,
  position: Pick<DeadLetter, 'partition' | 'offset'>,
): Promise<DeadLetter> {
  let found: DeadLetter | undefined;
  await readLetters(kafka, await rangesOf(kafka, [position]), (letters) => {
    found = letters.find(({ offset }) => offset === position.offset);
  });
  if (!found) throw noSuchLetter(position);
  return found;
}

function noSuchLetter(position: Pick<DeadLetter, 'partition' | 'offset'>): ProcessorError {
  return new ProcessorError(
    'NO_SUCH_DEAD_LETTER',
    `There is no dead letter ${positionOf(position)}: dead letters are kept for 14 days. The list names those that there are.`,
  );
}
