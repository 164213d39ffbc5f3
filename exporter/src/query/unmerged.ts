import { parseWindowId, windowEnd, type ZoneCalendar } from '@storepulse/contracts';
import { bucketAt, type TimeRange } from './buckets.ts';
import type { WindowHead } from './read-cells.ts';

/** A window of which something was counted that its stored document lacks. */
export interface UnmergedWindow {
  /** First instant, epoch ms. */
  readonly start: number;
  /** Whether it should have been merged by now: it has ended, or merging is behind. */
  readonly isOverdue: boolean;
}

/** What tells which windows are complete. */
export interface MergeContext {
  readonly calendar: ZoneCalendar;
  /** Everything before it has been counted, epoch ms. */
  readonly until: number;
  /** Whether merging is more than a moment behind. */
  readonly isBehind: boolean;
}

/**
 * The windows whose stored document says less than was counted. A final window was merged when all of it had been
 * counted: what is counted later is a late event's correction. A stored window that has not ended changes with every
 * commit, so it is among them only while merging is behind.
 * @param counted by window id, read before `windows`: a window that is merged between both reads is no gap
 */
export function unmergedWindows(
  counted: ReadonlyMap<string, number>,
  windows: readonly WindowHead[],
  { calendar, until, isBehind }: MergeContext,
): UnmergedWindow[] {
  const stored = new Map(windows.map((window) => [window.id, window]));
  return [...counted].flatMap(([id, version]) => {
    const window = stored.get(id);
    if (window && (window.final || window.version >= version)) return [];
    const { resolution, start } = parseWindowId(id);
    const end = windowEnd(resolution, start, calendar);
    const isOverdue = isBehind || (end !== null && end <= until);
    return window && !isOverdue ? [] : [{ start, isOverdue }];
  });
}

/** By bucket, whether it holds one of some windows. A single one holds all: windows at its edges may begin before it. */
export function bucketsWith(
  buckets: readonly TimeRange[],
  windows: readonly UnmergedWindow[],
): readonly boolean[] {
  const holds = buckets.map(() => false);
  for (const { start } of windows) {
    const bucket = buckets.length === 1 ? 0 : bucketAt(buckets, start);
    if (bucket >= 0) holds[bucket] = true;
  }
  return holds;
}
