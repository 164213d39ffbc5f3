import type { LakeType } from '@storepulse/lake';
import type { LakeTask } from '@storepulse/lake/manifest';
import { storedLog } from '@storepulse/processor/aggregate/positions';
import type { DecodedRecord } from '@storepulse/processor/aggregate/tally';
import type { Batch, LogMark } from '@storepulse/processor/kafka/port';
import type { Telemetry } from '../operate/telemetry.ts';
import { type ArriveBuffer, createArriveBuffer, type ShopOf } from './buffer.ts';
import type { TaskClaim } from './claim.ts';
import { commitArrived } from './commit.ts';
import { type FlushDependencies, storeArrived } from './flush.ts';

/** Decodes the records of a batch from an offset on. */
export type DecodeBatch = (batch: Batch, from: number) => Promise<DecodedRecord[]>;

/** What an archiving task is built from. */
export interface TaskDependencies extends FlushDependencies {
  readonly lakeTypes: ReadonlyMap<string, LakeType>;
  readonly shopOf: ShopOf;
  readonly decodeBatch: DecodeBatch;
  readonly telemetry: Telemetry;
  readonly now: () => number;
}

/** One partition of one topic, archived by one owner at a time. */
export interface ArchiveTask {
  readonly id: string;
  /** Next offset to read. */
  readonly position: number;
  /** Bytes of rows that wait. */
  readonly bytes: number;
  readonly seamAt: number | null;
  /** Records between the position and the end that was seen last. */
  readonly lag: number;
  /** Takes a batch. @returns offset up to which it is taken */
  take(batch: Batch): Promise<number>;
  /** Notes the log's end, as it was at `askedAt`, epoch ms. */
  noteEnd(end: number, askedAt: number): void;
  /**
   * Brings what was taken into the lake; calls come one after the other.
   * @throws {LakeError} `FENCED`; after any error the task is of no use
   */
  flush(): Promise<void>;
  /** Gives the claim up, with what is not committed. */
  close(): Promise<void>;
}

/** Goes on from where a claim says. */
export function createArchiveTask(
  claim: TaskClaim,
  start: {
    readonly position: number;
    readonly mark: LogMark;
    readonly end: number;
    readonly askedAt: number;
  },
  dependencies: TaskDependencies,
): ArchiveTask {
  const { collections, telemetry, onStep } = dependencies;
  const { task } = claim;
  const buffer: ArriveBuffer = createArriveBuffer(task.topic, dependencies.lakeTypes, dependencies.shopOf);
  let position = start.position;
  let mark = start.mark;
  let committed = start.position;
  let seq = task.seq;
  let seamAt = task.seamAt;
  let end = start.end;
  /** An end that was told, and when it was asked for: once it is reached, all that was there then is read. */
  let asked = { end: start.end, at: start.askedAt };
  let writing = 0;
  let closed = false;

  return {
    id: task._id,
    get position() {
      return position;
    },
    get bytes() {
      return buffer.bytes + writing;
    },
    get seamAt() {
      return seamAt;
    },
    get lag() {
      return Math.max(0, end - position);
    },
    take: async (batch) => {
      const entries = await dependencies.decodeBatch(batch, position);
      for (const { record, decoded } of entries) buffer.add(record, decoded);
      position = Math.max(position, batch.next);
      end = Math.max(end, batch.end);
      if (batch.mark) mark = batch.mark;
      return batch.next - 1;
    },
    noteEnd: (seen, askedAt) => {
      end = seen;
      asked = { end: seen, at: askedAt };
    },
    flush: async () => {
      if (closed) return;
      writing = buffer.bytes;
      const arrived = buffer.take();
      const next = position;
      const range = { from: committed, next };
      const seam = seamOf(next, asked, arrived.lastRecordTime, seamAt);
      const log = storedLog(mark, end);
      const files = await storeArrived(dependencies, task, arrived, range);
      const commit = { next, log, seamAt: seam, files, fates: arrived.fates, people: arrived.people };
      await commitArrived(collections, claim, seq, commit, onStep);
      if (files.length > 0) onStep('committed');
      seq++;
      committed = next;
      seamAt = seam;
      writing = 0;
      telemetry.noteFlush(arrived.fates, files);
    },
    close: async () => {
      closed = true;
      await claim.session.endSession();
    },
  };
}

/**
 * What was appended before it (epoch ms) is read: when the end was asked for that is reached; else what the last record says,
 * since records are appended in about the order of their timestamps; never less than was said before.
 */
function seamOf(
  next: number,
  asked: { readonly end: number; readonly at: number },
  lastRecordTime: number | undefined,
  before: LakeTask['seamAt'],
): number | null {
  const reached = next >= asked.end ? asked.at : lastRecordTime;
  if (reached === undefined) return before;
  return Math.max(reached, before ?? reached);
}
