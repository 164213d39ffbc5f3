import type { CheckpointDocument, TopicName } from '@storepulse/contracts';
import type { PartitionBounds } from '../kafka/port.ts';
import type { Watermarks } from './watermarks.ts';

/** An end that is older is not known: leaders are asked every two seconds, and waited for a little longer. */
const END_KNOWN_MS = 10_000;

/** What a checkpoint says of how far a task has got. */
type StoredProgress = Pick<
  CheckpointDocument,
  'watermarks' | 'latest' | 'latestByTopic' | 'since' | 'levelAt' | 'caughtUp' | 'readAt'
>;

/** How far a task has read its logs, and event time with it. */
export interface ReadProgress {
  /** The offset after the last record of each topic's log, as seen last. */
  readonly ends: ReadonlyMap<TopicName, number>;
  /** Records between the positions and the ends. */
  lag(): number;
  /** Those of one topic. */
  lagOf(topic: TopicName): number;
  /** By shop, epoch ms. */
  watermarks(): Readonly<Record<string, number>>;
  /** For the checkpoint. */
  read(): StoredProgress;
  /** Notes the end that a batch tells of. */
  noteEnd(topic: TopicName, end: number): void;
  /**
   * Notes ends that were asked for.
   * @param askedAt epoch ms
   * @returns topics whose log has become shorter since it was asked for last
   */
  noteAskedEnds(ends: ReadonlyMap<TopicName, number>, askedAt: number): TopicName[];
}

/**
 * Begins where a task was claimed.
 * @param options.bounds of its partitions, asked for at `askedAt` (epoch ms)
 * @param options.positions the next offset of each topic; the task moves them
 * @param options.levelAt until when it had read everything, epoch ms
 */
export function createReadProgress(options: {
  bounds: ReadonlyMap<TopicName, PartitionBounds>;
  askedAt: number;
  positions: ReadonlyMap<TopicName, number>;
  watermarks: Watermarks;
  levelAt: number;
  now: () => number;
}): ReadProgress {
  const { bounds, positions, watermarks, now } = options;
  const ends = new Map([...bounds].map(([topic, { high }]) => [topic, high]));
  /** When each end was asked for. */
  const endsAskedAt = new Map([...ends.keys()].map((topic) => [topic, options.askedAt]));
  /** As asked for, one after the other: batches tell of later ends, so that only these tell of a log that shrinks. */
  const askedEnds = new Map<TopicName, number>();
  let { levelAt } = options;

  const lagOf = (topic: TopicName) => Math.max(0, (ends.get(topic) ?? 0) - (positions.get(topic) ?? 0));
  const readAt = (topic: TopicName) => (lagOf(topic) === 0 ? endsAskedAt.get(topic) : undefined);
  const noteEnd = (topic: TopicName, end: number) => {
    ends.set(topic, Math.max(end, ends.get(topic) ?? 0));
  };

  return {
    ends,
    lag: () => {
      let records = 0;
      for (const topic of ends.keys()) records += lagOf(topic);
      return records;
    },
    lagOf,
    watermarks: () => watermarks.read(readAt),
    read: () => {
      const oldest = Math.min(...[...ends.keys()].map((topic) => readAt(topic) ?? 0));
      levelAt = Math.max(levelAt, oldest);
      return {
        watermarks: watermarks.read(readAt),
        latest: watermarks.latest(),
        latestByTopic: watermarks.latestByTopic(),
        since: watermarks.since(),
        levelAt,
        caughtUp: now() - oldest <= END_KNOWN_MS,
        readAt: new Date(oldest),
      };
    },
    noteEnd,
    noteAskedEnds: (seen, askedAt) => {
      const shorter: TopicName[] = [];
      for (const [topic, end] of seen) {
        if (end < (askedEnds.get(topic) ?? 0)) shorter.push(topic);
        askedEnds.set(topic, end);
        noteEnd(topic, end);
        endsAskedAt.set(topic, askedAt);
      }
      return shorter;
    },
  };
}
