import type { LogMark, PartitionBounds } from './port.ts';

/** Where a log was read up to, as it was noted. */
export interface StoredPosition {
  /** The next offset to be read. */
  readonly offset: number;
  readonly mark: LogMark;
  /** Offset after the log's last record, as seen last. */
  readonly end: number;
}

/**
 * How a log has changed since it was read: records were deleted before they were read; its end was cut off, as when
 * brokers die that had not written it to disk; the topic was deleted and made anew.
 */
export type LogChange = 'deleted' | 'cut-off' | 'made-anew';

/** What a change of a log has cost, in offsets: where transactions or a log cleaner left gaps, there are fewer records. */
export interface LogLoss {
  readonly change: LogChange;
  /** Where reading would have gone on, and where it does. */
  readonly from: number;
  readonly to: number;
  /** Records that were seen to be in the log, and can't be read any more. What was written unseen is not in it. */
  readonly unread: number;
  /** Records that were read, and that the log does not hold any more. */
  readonly read: number;
}

/** Where to read on, and what was lost. */
export interface CheckedPosition {
  readonly offset: number;
  readonly mark: LogMark;
  readonly loss: LogLoss | undefined;
}

/**
 * Compares a position with the log as it is now.
 * @param endOfEpoch where the log's records of the position's epoch end, or of the last epoch before it that the log
 * has; undefined when that was not asked, since the epoch is not known
 */
export function checkPosition(
  stored: StoredPosition,
  bounds: PartitionBounds,
  endOfEpoch: { readonly epoch: number; readonly end: number } | undefined,
): CheckedPosition {
  const { offset, mark, end } = stored;
  const { low, high, topicId } = bounds;
  const unseen = Math.max(0, end - offset);
  const here = (epoch: number | undefined): LogMark => ({ topicId: topicId ?? mark.topicId, epoch });
  const lost = (change: LogChange, to: number, unread: number, read: number, epoch?: number) => ({
    offset: to,
    mark: here(epoch),
    loss: { change, from: offset, to, unread, read },
  });

  if (mark.topicId !== undefined && topicId !== undefined && mark.topicId !== topicId) {
    // What the new log has already deleted is lost too.
    return lost('made-anew', low, unseen + low, offset);
  }
  // Without an epoch, a log that is shorter than what was read is all that can be seen.
  const common = endOfEpoch ? endOfEpoch.end : Math.min(offset, high);
  if (common < offset) {
    const to = Math.max(common, low);
    return lost('cut-off', to, unseen + (to - common), offset - common, endOfEpoch?.epoch);
  }
  if (offset < low) return lost('deleted', low, low - offset, 0);
  const epoch = endOfEpoch?.epoch ?? mark.epoch;
  const cutOff = end - Math.max(high, offset);
  if (mark.topicId === undefined || cutOff <= 0) return { offset, mark: here(epoch), loss: undefined };
  return lost('cut-off', offset, cutOff, 0, epoch);
}
