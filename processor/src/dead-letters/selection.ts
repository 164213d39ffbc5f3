import type { DeadLetterReason, TopicName } from '@storepulse/contracts';
import { type DeadLetter, type Origin, positionOf } from './letter.ts';

/** Which letters are meant; what is not given does not restrict. */
export interface Selection {
  readonly reason?: DeadLetterReason;
  /** The topic that they come from. */
  readonly topic?: TopicName;
  /** Dead letters from this instant on, epoch ms. */
  readonly since?: number;
  /** Single letters, as `partition:offset`. */
  readonly positions?: ReadonlySet<string>;
}

/** Whether a letter is meant. */
export function isSelected(letter: DeadLetter, { reason, topic, since, positions }: Selection): boolean {
  return (
    (reason === undefined || letter.reason === reason) &&
    (topic === undefined || letter.origin?.topic === topic) &&
    (since === undefined || letter.time >= since) &&
    (positions === undefined || positions.has(positionOf(letter)))
  );
}

/** Topics whose last record of a key is the state: an older one put back would replace a newer one. */
const STATE_TOPICS: ReadonlySet<TopicName> = new Set(['shops', 'customers', 'products']);

/** A letter that can be put back. */
export type Replayable = DeadLetter & { readonly origin: Origin };

/** What becomes of a letter that is meant by a replay: it is put back, or left out and why. */
export type Replayability = 'replayable' | 'state' | 'foreign' | 'cut';

/**
 * Whether a letter can be put back: `foreign` letters do not say where they were; `state` is put back only when its
 * topic or the very letter was named, since it may be outdated; of a `cut` one the topic holds the beginning alone.
 */
export function replayability(
  { origin, cutFrom }: DeadLetter,
  { topic, positions }: Selection,
): Replayability {
  if (!origin) return 'foreign';
  if (cutFrom !== undefined) return 'cut';
  return STATE_TOPICS.has(origin.topic) && !topic && !positions ? 'state' : 'replayable';
}
