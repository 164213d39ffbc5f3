import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { TopicName } from '@storepulse/contracts';
import { type Batch, type BatchControl, type LogMark, UNMARKED } from '../port.ts';
import type { FetchedPartition } from './fetch-request.ts';
import { endOfBatches, readRecords } from './record-batches.ts';

type OnBatch = (batch: Batch, control: BatchControl) => Promise<void>;

/** Where the reading of one partition is, and what was fetched of it and not handed over yet. */
export interface Reading {
  readonly topic: TopicName;
  readonly partition: number;
  /** The offset that is to be fetched next; undefined: nothing is wanted now. */
  wanted(): number | undefined;
  /** Whether nothing is wanted because enough waits to be worked on: soon there is room again. */
  isFull(): boolean;
  /** What is known of the log up to there. */
  mark(): LogMark;
  /**
   * Takes an answer to a fetch from `offset` on; one that is not wanted any more is dropped.
   * @returns whether there was a whole batch in it
   * @throws when it can't be told where its batches end
   */
  take(offset: number, fetched: FetchedPartition): boolean;
  /** Goes on at an offset of a log; what was fetched before is dropped. */
  seek(offset: number, mark?: LogMark): void;
  pause(): void;
  resume(): void;
  /** Wants nothing for `retryMs`: it could not be fetched. */
  rest(): void;
  /** Forgets the position: nothing is read until `seek` and `resume`. */
  unassign(): void;
  /** Returns once no batch is being worked on. */
  idle(): Promise<void>;
}

/**
 * Begins at no position, paused.
 * @param options.mostRecords records of a batch at most
 * @param options.mostParts answers that wait or are worked on at most: with two, what comes next is fetched meanwhile
 * @param options.onBatch takes one batch at a time, in order
 * @param options.onFailure told when `onBatch` has thrown; the records are fetched again after `retryMs`
 * @param options.onHungry told when there is room for more
 */
export function createReading(
  topic: TopicName,
  partition: number,
  options: {
    mostRecords: number;
    mostParts: number;
    onBatch: OnBatch;
    onFailure: (error: unknown) => void;
    onHungry: () => void;
    retryMs: number;
  },
): Reading {
  const { mostRecords, mostParts, onBatch, onFailure, onHungry, retryMs } = options;
  /** Of the next record to be handed over. */
  let position: number | undefined;
  let epochAtPosition: number | undefined;
  let fetchAt = 0;
  let epochAtFetch: number | undefined;
  let topicId: string | undefined;
  let parts: FetchedPartition[] = [];
  let paused = true;
  let resting = false;
  /** Raised whenever what was fetched, or is being handed over, is not wanted any more. */
  let epoch = 0;
  let working: Promise<void> | undefined;

  const goTo = (offset: number | undefined) => {
    epoch++;
    position = offset;
    fetchAt = offset ?? 0;
    epochAtFetch = epochAtPosition;
    parts = [];
  };
  const rest = () => {
    resting = true;
    setTimeout(() => {
      resting = false;
      onHungry();
    }, retryMs).unref();
  };
  /** Records that were not taken are fetched again, but not at once. */
  const goBack = () => {
    goTo(position);
    rest();
  };

  /** Hands a part over; false when it was interrupted. */
  const handOver = async ({ bytes, aborted, end, ...fetched }: FetchedPartition): Promise<boolean> => {
    const begun = epoch;
    const isCurrent = () => epoch === begun;
    const portions = readRecords(bytes, { from: position!, most: mostRecords, aborted });
    for (const { records, next, epoch: leaderEpoch } of portions) {
      const last = records.at(-1)?.offset ?? -1;
      const mark = { topicId: fetched.topicId, epoch: leaderEpoch };
      const resolve = (offset: number) => {
        if (!isCurrent()) return;
        position = Math.max(position!, offset < last ? offset + 1 : next);
        epochAtPosition = leaderEpoch;
      };
      await onBatch({ topic, partition, end, records, next, mark }, { resolve, isCurrent });
      if (!isCurrent()) return false;
      if (position! <= last) {
        goBack();
        return false;
      }
      position = next;
      epochAtPosition = leaderEpoch;
      await yieldToOthers();
      if (paused || !isCurrent()) return false;
    }
    return true;
  };
  const workOff = async () => {
    try {
      while (!paused && parts.length > 0) {
        const part = parts[0]!;
        if (!(await handOver(part))) continue;
        parts.shift();
        onHungry();
      }
    } catch (error) {
      onFailure(error);
      goBack();
    }
  };
  const work = () => {
    working ??= workOff().finally(() => {
      working = undefined;
      if (!paused && parts.length > 0) work();
    });
  };

  return {
    topic,
    partition,
    wanted: () =>
      position === undefined || paused || resting || parts.length >= mostParts ? undefined : fetchAt,
    isFull: () => position !== undefined && !paused && parts.length >= mostParts,
    take: (offset, fetched) => {
      if (position === undefined || offset !== fetchAt) return false;
      if (topicId !== undefined && topicId !== fetched.topicId) return false;
      const end = endOfBatches(fetched.bytes);
      if (end === undefined) return false;
      fetchAt = Math.max(fetchAt, end.offset);
      epochAtFetch = end.epoch;
      topicId = fetched.topicId;
      parts.push(fetched);
      if (!paused) work();
      return true;
    },
    rest,
    mark: () => ({ topicId, epoch: epochAtFetch }),
    seek: (offset, mark = UNMARKED) => {
      topicId = mark.topicId;
      epochAtPosition = mark.epoch;
      goTo(offset);
    },
    pause: () => {
      paused = true;
    },
    resume: () => {
      paused = false;
      work();
    },
    unassign: () => {
      paused = true;
      goTo(undefined);
    },
    idle: async () => {
      await working;
    },
  };
}
