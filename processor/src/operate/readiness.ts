import type { WorkerStatus } from '@storepulse/http';
import type { AggregateStage, TaskLoss } from '../aggregate/stage.ts';
import type { MergeStage } from '../merge/stage.ts';

/** What a processor says of itself at `/-/started` and `/-/ready`. */
export interface ProcessorStatus extends WorkerStatus {
  /** Every task that it was assigned is claimed: it counts. */
  readonly started: boolean;
  /** It owns tasks, has caught up with the log, and goes on. */
  readonly ready: boolean;
  readonly tasks: number;
  readonly lag: { readonly records: number; readonly seconds: number };
  /** Notices of changed windows that are not merged yet. */
  readonly merge: { readonly lag: number };
  /** What the logs of its tasks have lost so far, the latest of each task last. It stays told, ready or not. */
  readonly losses: readonly TaskLoss[];
}

/** A processor that has not come to its stages yet. */
export const STARTING: ProcessorStatus = {
  ...{ started: false, ready: false, reasons: ['it is starting'] },
  ...{ tasks: 0, lag: { records: 0, seconds: 0 }, merge: { lag: 0 }, losses: [] },
};

/** Judges the stages that run in this process. */
export function judge(
  counting: ReturnType<AggregateStage['status']> | undefined,
  merging: ReturnType<MergeStage['status']> | undefined,
): ProcessorStatus {
  const unclaimed = counting ? reasonsNotClaimed(counting) : [];
  const unassigned = merging && !merging.assigned ? ['merging waits for its partitions'] : [];
  const behind: string[] = [];
  if (counting && counting.behind.length > 0)
    behind.push(`counting is ${counting.lag} records behind: ${counting.behind.join(', ')}`);
  if (merging?.isBehind) behind.push(`merging is ${merging.lag} changed windows behind`);
  const standby =
    counting?.assigned && counting.wanted === 0 ? ['it owns no task: others own all of them'] : [];
  const reasons = [
    ...unclaimed,
    ...unassigned,
    ...standby,
    ...behind,
    ...(counting?.complaints ?? []),
    ...(merging?.complaints ?? []),
  ];
  return {
    started: unclaimed.length === 0 && unassigned.length === 0,
    ready: reasons.length === 0,
    reasons,
    tasks: counting?.tasks ?? 0,
    lag: { records: counting?.lag ?? 0, seconds: (counting?.lagMs ?? 0) / 1_000 },
    merge: { lag: merging?.lag ?? 0 },
    losses: counting?.losses ?? [],
  };
}

function reasonsNotClaimed({ assigned, tasks, wanted }: ReturnType<AggregateStage['status']>): string[] {
  if (!assigned) return ['counting waits for its tasks'];
  return tasks < wanted ? [`${tasks} of ${wanted} tasks are claimed`] : [];
}
